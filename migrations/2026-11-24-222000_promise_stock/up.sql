-- What must stay on the shelf whatever is promised, and promises that people make and that lapse by themselves.
ALTER TABLE item ADD COLUMN safety_stock numeric(20,6) NOT NULL DEFAULT 0 CHECK (safety_stock >= 0);
COMMENT ON COLUMN item.safety_stock IS 'What is never promised 安全库存';

ALTER TABLE reservation
    ADD COLUMN soft boolean NOT NULL DEFAULT false,
    ADD COLUMN priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('normal', 'urgent')),
    ADD COLUMN reason text NOT NULL DEFAULT '',
    ADD COLUMN created_by uuid REFERENCES person (id),
    ADD COLUMN settled_by uuid REFERENCES person (id),
    ADD COLUMN settled_reason text NOT NULL DEFAULT '',
    ADD COLUMN taken_over_by_id uuid,
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD CONSTRAINT reservation_taken_over_by_fkey FOREIGN KEY (org_id, taken_over_by_id) REFERENCES reservation (org_id, id),
    ADD CONSTRAINT reservation_soft_check CHECK (soft = (expires_at IS NOT NULL) AND soft = (created_by IS NOT NULL)),
    ADD CONSTRAINT reservation_taken_over_check CHECK (taken_over_by_id IS NULL OR state = 'voided');
CREATE INDEX reservation_created_by_idx ON reservation (org_id, created_by);
CREATE INDEX reservation_settled_by_idx ON reservation (org_id, settled_by);
CREATE INDEX reservation_taken_over_by_id_idx ON reservation (org_id, taken_over_by_id);
CREATE INDEX reservation_soft_open_idx ON reservation (org_id, balance_id) WHERE soft AND state = 'reserved';
COMMENT ON COLUMN reservation.soft IS 'Made by a person ahead of picking, lapses by itself 软预留';
COMMENT ON COLUMN reservation.priority IS 'An urgent one may take over a normal one 优先级';
COMMENT ON COLUMN reservation.reason IS 'What for 预留原因';
COMMENT ON COLUMN reservation.created_by IS 'Who reserved it 预留人';
COMMENT ON COLUMN reservation.settled_by IS 'Who ended it 了结人';
COMMENT ON COLUMN reservation.settled_reason IS 'Why it ended 了结原因';
COMMENT ON COLUMN reservation.taken_over_by_id IS 'The reservation that took it over 占用方预留';
COMMENT ON COLUMN reservation.version IS 'Optimistic concurrency counter 版本号';

INSERT INTO role_permission (org_id, role_id, permission)
SELECT org_id, id, 'stock.reserve' FROM role WHERE code IN ('clerk', 'warehouse', 'manager')
ON CONFLICT DO NOTHING;
