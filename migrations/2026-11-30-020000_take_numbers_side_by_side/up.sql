-- Document numbers are laid out in blocks, and each document takes the lowest that is free: it does not wait for the number of
-- one that is still being written, and one that is not written leaves its number to the next.
CREATE TABLE free_document_number (
    org_id uuid NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    PRIMARY KEY (org_id, kind, year, number),
    FOREIGN KEY (org_id, kind, year) REFERENCES document_counter (org_id, kind, year)
);
COMMENT ON TABLE free_document_number IS 'Numbers laid out that no document has yet 未用单据号';
COMMENT ON COLUMN free_document_number.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN free_document_number.kind IS 'Document kind 单据类型';
COMMENT ON COLUMN free_document_number.year IS 'Calendar year in the organisation''s zone 年度';
COMMENT ON COLUMN free_document_number.number IS 'The number 序号';
COMMENT ON TABLE document_counter IS 'Gapless document numbers: how far they are laid out, by kind and year 单据编号';
COMMENT ON COLUMN document_counter.last_number IS 'Last number laid out 末号';

-- The lowest entries are always those that were just taken: cleared away often, they are not gone past again and again.
ALTER TABLE free_document_number SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- A lot is one organisation's alone. With the lot first in the index a walk through the genealogy compares one identifier for
-- each step down it, and not two.
DROP INDEX lot_link_parent_lot_id_idx;
DROP INDEX lot_link_child_lot_id_idx;
CREATE INDEX lot_link_parent_lot_id_idx ON lot_link (parent_lot_id) INCLUDE (org_id, child_lot_id, strength);
CREATE INDEX lot_link_child_lot_id_idx ON lot_link (child_lot_id) INCLUDE (org_id, parent_lot_id, strength);
