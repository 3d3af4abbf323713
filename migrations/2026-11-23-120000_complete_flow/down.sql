DROP TABLE settlement_line;
DROP TABLE cost_entry;
DROP TABLE period_close;
DROP TABLE lot_link;
DROP TABLE consumption_line;
DROP TABLE subcontract_receipt_line;
DROP TABLE subcontract_receipt;
DROP TABLE material_document_line;
DROP TABLE material_document;
DROP TABLE clause_override;
DROP TABLE order_agreement;
DROP TABLE clause;
DROP TABLE agreement_version;
DROP TABLE agreement;

ALTER TABLE stock_movement NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stock_balance NO FORCE ROW LEVEL SECURITY;
ALTER TABLE location NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stock_movement DISABLE TRIGGER USER;

ALTER TABLE claim DROP CONSTRAINT claim_settled_check, DROP COLUMN version, DROP COLUMN settled_at,
    DROP COLUMN settled_by, DROP COLUMN settlement_reason, DROP COLUMN outcome;
ALTER TABLE reservation DROP COLUMN expires_at;
ALTER TABLE receipt_line DROP COLUMN unit_price;
ALTER TABLE requisition DROP COLUMN reason_code, DROP COLUMN kind;
ALTER TABLE subcontract_order DROP CONSTRAINT subcontract_order_custody_state_check;
UPDATE subcontract_order SET custody_state = 'confirmed' WHERE custody_state = 'reconciled';
ALTER TABLE subcontract_order ADD CONSTRAINT subcontract_order_custody_state_check
    CHECK (custody_state IN ('none', 'in_transit', 'confirmed', 'with_discrepancy'));
ALTER TABLE subcontract_order DROP CONSTRAINT subcontract_order_closed_check, DROP COLUMN closed_at, DROP COLUMN closed_by,
    DROP COLUMN unit_price, DROP COLUMN rejected_quantity, DROP COLUMN good_quantity, DROP COLUMN settlement_state,
    DROP COLUMN quality_state, DROP COLUMN receipt_state;
ALTER TABLE order_component DROP COLUMN supply;
ALTER TABLE bom_line DROP COLUMN supply;
ALTER TABLE lot DROP COLUMN uses, DROP COLUMN unit_cost, DROP COLUMN batch_code;
ALTER TABLE item DROP COLUMN life_uses;
ALTER TABLE partner DROP CONSTRAINT partner_role_check;
UPDATE partner SET supplier = true WHERE NOT supplier AND NOT subcontractor;
ALTER TABLE partner ADD CONSTRAINT partner_role_check CHECK (supplier OR subcontractor);
ALTER TABLE partner DROP COLUMN customer;

-- The ledger keeps what it has: movements of lots that were made stay, as if they had come by adjustment.
UPDATE stock_movement m SET from_location_id = a.id FROM location p, location a
WHERE (p.org_id, p.id) = (m.org_id, m.from_location_id) AND p.kind = 'production'
    AND a.org_id = m.org_id AND a.kind = 'adjustment';
UPDATE stock_movement m SET to_location_id = a.id FROM location p, location a
WHERE (p.org_id, p.id) = (m.org_id, m.to_location_id) AND p.kind = 'production'
    AND a.org_id = m.org_id AND a.kind = 'adjustment';
DELETE FROM location WHERE kind = 'production';
ALTER TABLE location DROP CONSTRAINT location_kind_check;
ALTER TABLE location ADD CONSTRAINT location_kind_check CHECK (kind IN ('supplier', 'quarantine', 'own_stock', 'wip',
    'in_transit_out', 'subcontractor_custody', 'in_transit_in', 'claim', 'consumed', 'scrap', 'customer', 'adjustment'));

ALTER TABLE stock_balance DROP CONSTRAINT stock_balance_position_key;
CREATE TEMPORARY TABLE merged ON COMMIT DROP AS
SELECT org_id, location_id, item_id, lot_id, status, owner_id, sum(on_hand) AS on_hand
FROM stock_balance WHERE order_id IS NOT NULL GROUP BY org_id, location_id, item_id, lot_id, status, owner_id;
DELETE FROM stock_balance WHERE order_id IS NOT NULL;
ALTER TABLE stock_balance DROP COLUMN order_id;
INSERT INTO stock_balance (org_id, location_id, item_id, lot_id, status, owner_id, on_hand)
SELECT org_id, location_id, item_id, lot_id, status, owner_id, on_hand FROM merged;
ALTER TABLE stock_balance ADD CONSTRAINT stock_balance_position_key
    UNIQUE NULLS NOT DISTINCT (org_id, location_id, item_id, lot_id, status, owner_id);

DELETE FROM stock_movement WHERE from_location_id = to_location_id AND from_status = to_status;
ALTER TABLE stock_movement DROP CONSTRAINT stock_movement_place_check;
ALTER TABLE stock_movement ADD CONSTRAINT stock_movement_place_check
    CHECK (from_location_id <> to_location_id OR from_status <> to_status);
ALTER TABLE stock_movement DROP COLUMN to_order_id, DROP COLUMN from_order_id;
ALTER TABLE stock_movement ENABLE TRIGGER USER;
