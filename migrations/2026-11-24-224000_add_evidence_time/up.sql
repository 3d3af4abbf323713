ALTER TABLE receipt ADD COLUMN evidence_at timestamptz;
ALTER TABLE subcontract_receipt ADD COLUMN evidence_at timestamptz;
COMMENT ON COLUMN receipt.evidence_at IS 'Time on the evidence: photo, weighing slip, paper of the other side 凭证时间';
COMMENT ON COLUMN subcontract_receipt.evidence_at IS 'Time on the evidence: photo, weighing slip, paper of the other side 凭证时间';
