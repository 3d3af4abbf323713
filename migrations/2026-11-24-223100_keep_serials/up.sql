-- Finished goods by serial number: the lot they were made in. What one piece of many took can be less than a step of the
-- component's unit; its link stands all the same.
ALTER TABLE subcontract_receipt_line ADD COLUMN batch_code text NOT NULL DEFAULT '';
COMMENT ON COLUMN subcontract_receipt_line.batch_code IS 'For a serial number: the lot it was made in 所属批号';
ALTER TABLE consumption_line DROP CONSTRAINT consumption_line_quantity_check;
ALTER TABLE consumption_line ADD CONSTRAINT consumption_line_quantity_check CHECK (quantity >= 0);
CREATE INDEX lot_batch_code_idx ON lot (org_id, batch_code) WHERE batch_code <> '';
