-- Tools and moulds wear: how often one piece may be used is settled for each piece, and counted with the goods it made.
ALTER TABLE lot ADD COLUMN life_uses integer CHECK (life_uses > 0), ADD COLUMN uses_reset_at timestamptz;
COMMENT ON COLUMN lot.life_uses IS 'Tooling: how often this piece may be used 此件寿命次数';
COMMENT ON COLUMN lot.uses_reset_at IS 'Tooling: when its count began anew 次数清零时间';

CREATE TABLE tool_use (
    org_id uuid NOT NULL REFERENCES organisation (id),
    receipt_id uuid NOT NULL,
    lot_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    item_id uuid NOT NULL,
    uses integer NOT NULL CHECK (uses > 0),
    certainty text NOT NULL CHECK (certainty IN ('declared', 'inferred')),
    PRIMARY KEY (org_id, receipt_id, lot_id),
    FOREIGN KEY (org_id, receipt_id, partner_id) REFERENCES subcontract_receipt (org_id, id, partner_id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id)
);
CREATE INDEX tool_use_receipt_id_partner_id_idx ON tool_use (org_id, receipt_id, partner_id);
CREATE INDEX tool_use_lot_id_idx ON tool_use (org_id, lot_id);
CREATE INDEX tool_use_partner_id_idx ON tool_use (org_id, partner_id);
CREATE INDEX tool_use_item_id_idx ON tool_use (org_id, item_id);
COMMENT ON TABLE tool_use IS 'Which tool was used for the goods of a receipt, and how often 工装使用';
COMMENT ON COLUMN tool_use.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN tool_use.receipt_id IS 'Receipt 委外收货单';
COMMENT ON COLUMN tool_use.lot_id IS 'Tool by serial number 工装序列号';
COMMENT ON COLUMN tool_use.partner_id IS 'Copied from the receipt, for the wall 受托方';
COMMENT ON COLUMN tool_use.item_id IS 'Tool 工装';
COMMENT ON COLUMN tool_use.uses IS 'How often 次数';
COMMENT ON COLUMN tool_use.certainty IS 'Declared, or the only one that was there 置信度';

-- Who releases lots also looks after tools.
ALTER TABLE role_permission NO FORCE ROW LEVEL SECURITY;
INSERT INTO role_permission (org_id, role_id, permission)
SELECT org_id, role_id, 'tooling.maintain' FROM role_permission WHERE permission = 'lot.release' ON CONFLICT DO NOTHING;
