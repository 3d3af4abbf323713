-- What witnesses signed under checkpoints; it goes out with every proof, so that whoever holds one sees it.
CREATE TABLE audit_log_cosignature (
    org_id uuid NOT NULL REFERENCES organisation (id),
    witness text NOT NULL,
    size bigint NOT NULL,
    line text NOT NULL CHECK (line LIKE E'— % %\n'),
    cosigned_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, witness, size),
    FOREIGN KEY (org_id, size) REFERENCES audit_log_checkpoint (org_id, size)
);
CREATE INDEX audit_log_cosignature_size_idx ON audit_log_cosignature (org_id, size);
COMMENT ON TABLE audit_log_cosignature IS 'Cosignatures of witnesses under checkpoints 见证签名';
COMMENT ON COLUMN audit_log_cosignature.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN audit_log_cosignature.witness IS 'Name of the witness 见证方';
COMMENT ON COLUMN audit_log_cosignature.size IS 'Checkpoint 检查点';
COMMENT ON COLUMN audit_log_cosignature.line IS 'Its line, as it stands under the checkpoint''s note 签名行';
COMMENT ON COLUMN audit_log_cosignature.cosigned_at IS 'When it came 时间';
COMMENT ON COLUMN audit_log_anchor.place IS 'Where: folder, or tsa, a time-stamping authority 锚定处';
COMMENT ON COLUMN audit_log_anchor.evidence IS 'A file''s name, or the authority''s answer (RFC 3161) in base64 凭证';
