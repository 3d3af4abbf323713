-- What a reversed document made known is gone: the number printed on the goods can be received again.
ALTER TABLE lot DROP CONSTRAINT lot_code_key;
CREATE UNIQUE INDEX lot_code_key ON lot (org_id, item_id, code) WHERE status <> 'scrapped';
-- A label tells the number, not the item.
CREATE INDEX lot_code_idx ON lot (org_id, code);
