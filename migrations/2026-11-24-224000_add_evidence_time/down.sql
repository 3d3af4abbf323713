ALTER TABLE subcontract_receipt DROP COLUMN evidence_at;
ALTER TABLE receipt DROP COLUMN evidence_at;
