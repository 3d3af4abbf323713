DROP INDEX lot_batch_code_idx;
ALTER TABLE consumption_line DROP CONSTRAINT consumption_line_quantity_check;
ALTER TABLE consumption_line ADD CONSTRAINT consumption_line_quantity_check CHECK (quantity > 0);
ALTER TABLE subcontract_receipt_line DROP COLUMN batch_code;
