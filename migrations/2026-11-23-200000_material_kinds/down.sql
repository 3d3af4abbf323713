ALTER TABLE material_document_line DROP CONSTRAINT material_document_line_from_status_check,
    DROP CONSTRAINT material_document_line_to_status_check;
ALTER TABLE material_document_line ADD CONSTRAINT material_document_line_from_status_check
        CHECK (from_status IN ('quarantine', 'available', 'blocked')),
    ADD CONSTRAINT material_document_line_to_status_check CHECK (to_status IN ('quarantine', 'available', 'blocked'));
ALTER TABLE stock_balance DROP CONSTRAINT stock_balance_status_check;
ALTER TABLE stock_balance ADD CONSTRAINT stock_balance_status_check
    CHECK (status IN ('quarantine', 'available', 'blocked'));
ALTER TABLE stock_movement DROP CONSTRAINT stock_movement_from_status_check,
    DROP CONSTRAINT stock_movement_to_status_check;
ALTER TABLE stock_movement ADD CONSTRAINT stock_movement_from_status_check
        CHECK (from_status IN ('quarantine', 'available', 'blocked')),
    ADD CONSTRAINT stock_movement_to_status_check CHECK (to_status IN ('quarantine', 'available', 'blocked'));
ALTER TABLE material_document ALTER COLUMN approval_state SET DEFAULT 'draft';
ALTER TABLE material_document DROP CONSTRAINT material_document_approval_state_check;
ALTER TABLE material_document ADD CONSTRAINT material_document_approval_state_check
    CHECK (approval_state IN ('not_required', 'draft', 'pending', 'approved', 'rejected', 'withdrawn'));
ALTER TABLE material_document_line DROP COLUMN already_declared;
ALTER TABLE material_document DROP CONSTRAINT material_document_customer_check, DROP COLUMN borne_by,
    DROP CONSTRAINT material_document_to_order_check;
ALTER TABLE material_document ADD CONSTRAINT material_document_check2 CHECK (partner_id <> to_partner_id);
ALTER TABLE material_document DROP CONSTRAINT material_document_kind_check;
ALTER TABLE material_document ADD CONSTRAINT material_document_kind_check CHECK (kind IN ('return',
    'subcontractor_scrap', 'transfer', 'rework', 'over_consumption', 'count', 'move', 'line_issue', 'line_return',
    'scrap', 'production', 'repack', 'dispatch'));
