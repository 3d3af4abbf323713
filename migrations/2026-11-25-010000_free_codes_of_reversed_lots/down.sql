DROP INDEX lot_code_idx;
DROP INDEX lot_code_key;
ALTER TABLE lot ADD CONSTRAINT lot_code_key UNIQUE (org_id, item_id, code);
