DROP INDEX lot_link_child_lot_id_idx;
DROP INDEX lot_link_parent_lot_id_idx;
CREATE INDEX lot_link_parent_lot_id_idx ON lot_link (org_id, parent_lot_id) INCLUDE (child_lot_id, strength);
CREATE INDEX lot_link_child_lot_id_idx ON lot_link (org_id, child_lot_id) INCLUDE (parent_lot_id, strength);
COMMENT ON COLUMN document_counter.last_number IS 'Last number given out 末号';
COMMENT ON TABLE document_counter IS 'Gapless document numbers: one locked row per kind and year 单据编号';
-- Counting goes on behind all numbers that were laid out, since some of them are a document's.
DROP TABLE free_document_number;
