-- Rework leaves and comes back on documents of its own; what is left over may go on to another order of the
-- same subcontractor.
ALTER TABLE material_document DROP CONSTRAINT material_document_kind_check;
ALTER TABLE material_document ADD CONSTRAINT material_document_kind_check CHECK (kind IN ('return',
    'subcontractor_scrap', 'transfer', 'rework_out', 'rework_in', 'over_consumption', 'count', 'move', 'line_issue',
    'line_return', 'scrap', 'production', 'repack', 'dispatch'));
ALTER TABLE material_document DROP CONSTRAINT material_document_check2;
ALTER TABLE material_document ADD CONSTRAINT material_document_to_order_check CHECK (order_id <> to_order_id);

ALTER TABLE material_document ADD COLUMN borne_by text CHECK (borne_by IN ('own', 'subcontractor')),
    ADD CONSTRAINT material_document_borne_by_check1 CHECK ((kind = 'over_consumption') = (borne_by IS NOT NULL)),
    ADD CONSTRAINT material_document_customer_check CHECK ((kind = 'dispatch') = (customer_id IS NOT NULL));
COMMENT ON COLUMN material_document.borne_by IS 'Who bears over-consumption 超耗承担方';

ALTER TABLE material_document_line ADD COLUMN already_declared boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN material_document_line.already_declared IS 'Over-consumption that a receipt declared: ruled on, nothing moves 已申报';

ALTER TABLE material_document DROP CONSTRAINT material_document_approval_state_check;
ALTER TABLE material_document ADD CONSTRAINT material_document_approval_state_check
    CHECK (approval_state IN ('not_required', 'pending', 'approved', 'rejected', 'withdrawn'));
ALTER TABLE material_document ALTER COLUMN approval_state SET DEFAULT 'not_required';

-- Rejected pieces are not a lot's hold: no decision about the lot makes them usable.
ALTER TABLE stock_movement DROP CONSTRAINT stock_movement_from_status_check,
    DROP CONSTRAINT stock_movement_to_status_check;
ALTER TABLE stock_movement ADD CONSTRAINT stock_movement_from_status_check
        CHECK (from_status IN ('quarantine', 'available', 'blocked', 'rejected')),
    ADD CONSTRAINT stock_movement_to_status_check
        CHECK (to_status IN ('quarantine', 'available', 'blocked', 'rejected'));
ALTER TABLE stock_balance DROP CONSTRAINT stock_balance_status_check;
ALTER TABLE stock_balance ADD CONSTRAINT stock_balance_status_check
    CHECK (status IN ('quarantine', 'available', 'blocked', 'rejected'));
ALTER TABLE material_document_line DROP CONSTRAINT material_document_line_from_status_check,
    DROP CONSTRAINT material_document_line_to_status_check;
ALTER TABLE material_document_line ADD CONSTRAINT material_document_line_from_status_check
        CHECK (from_status IN ('quarantine', 'available', 'blocked', 'rejected')),
    ADD CONSTRAINT material_document_line_to_status_check
        CHECK (to_status IN ('quarantine', 'available', 'blocked', 'rejected'));
