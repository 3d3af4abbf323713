-- Bought by us and delivered by its supplier straight to the subcontractor, who confirms it.
ALTER TABLE material_document DROP CONSTRAINT material_document_kind_check;
ALTER TABLE material_document ADD CONSTRAINT material_document_kind_check CHECK (kind IN ('return',
    'subcontractor_scrap', 'transfer', 'direct_delivery', 'rework_out', 'rework_in', 'over_consumption', 'count', 'move',
    'line_issue', 'line_return', 'scrap', 'production', 'repack', 'dispatch'));
ALTER TABLE material_document ADD COLUMN supplier_id uuid,
    ADD FOREIGN KEY (org_id, supplier_id) REFERENCES partner (org_id, id),
    ADD CONSTRAINT material_document_supplier_check CHECK ((kind = 'direct_delivery') = (supplier_id IS NOT NULL));
CREATE INDEX material_document_supplier_id_idx ON material_document (org_id, supplier_id);
COMMENT ON COLUMN material_document.supplier_id IS 'Who delivers straight to the subcontractor 直送供应商';
