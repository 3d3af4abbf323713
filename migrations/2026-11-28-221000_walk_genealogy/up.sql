-- A walk through the genealogy reads what it needs of a link from the index of the end that it comes from.
ALTER TABLE lot_link ADD COLUMN strength smallint GENERATED ALWAYS AS (CASE
    WHEN voided_at IS NOT NULL THEN NULL WHEN quantity = 0 THEN 0
    ELSE CASE certainty WHEN 'scanned' THEN 3 WHEN 'declared' THEN 2 WHEN 'inferred' THEN 1 ELSE 0 END END) STORED;
COMMENT ON COLUMN lot_link.strength IS 'How much the link carries: 3 scanned, 2 declared, 1 inferred, 0 only possible; null when void 置信强度';
DROP INDEX lot_link_parent_lot_id_idx;
DROP INDEX lot_link_child_lot_id_idx;
CREATE INDEX lot_link_parent_lot_id_idx ON lot_link (org_id, parent_lot_id) INCLUDE (child_lot_id, strength);
CREATE INDEX lot_link_child_lot_id_idx ON lot_link (org_id, child_lot_id) INCLUDE (parent_lot_id, strength);
