DROP TABLE audit_log_cosignature;
COMMENT ON COLUMN audit_log_anchor.place IS 'Where: the folder, a witness, a time-stamping authority 锚定处';
COMMENT ON COLUMN audit_log_anchor.evidence IS 'A file''s name, a cosignature, or a time-stamp token in base64 凭证';
