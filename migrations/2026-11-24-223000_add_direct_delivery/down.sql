ALTER TABLE material_document DROP COLUMN supplier_id;
ALTER TABLE material_document DROP CONSTRAINT material_document_kind_check;
ALTER TABLE material_document ADD CONSTRAINT material_document_kind_check CHECK (kind IN ('return',
    'subcontractor_scrap', 'transfer', 'rework_out', 'rework_in', 'over_consumption', 'count', 'move', 'line_issue',
    'line_return', 'scrap', 'production', 'repack', 'dispatch'));
