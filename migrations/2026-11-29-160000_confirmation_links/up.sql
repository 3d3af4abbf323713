-- Links by which somebody without an account confirms a delivery once.

CREATE TABLE confirmation_link (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    issue_note_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    token_digest bytea NOT NULL CHECK (octet_length(token_digest) = 32),
    created_by uuid NOT NULL REFERENCES person (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (org_id, id),
    CONSTRAINT confirmation_link_token_key UNIQUE (token_digest),
    FOREIGN KEY (org_id, issue_note_id) REFERENCES issue_note (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id)
);
CREATE INDEX confirmation_link_issue_note_id_idx ON confirmation_link (org_id, issue_note_id);
CREATE INDEX confirmation_link_partner_id_idx ON confirmation_link (org_id, partner_id);
CREATE INDEX confirmation_link_created_by_idx ON confirmation_link (org_id, created_by);
COMMENT ON TABLE confirmation_link IS 'Links by which somebody without an account confirms a delivery once 签收链接';
COMMENT ON COLUMN confirmation_link.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN confirmation_link.id IS 'Identifier 标识';
COMMENT ON COLUMN confirmation_link.issue_note_id IS 'Issue note 发料单';
COMMENT ON COLUMN confirmation_link.partner_id IS 'Subcontractor 受托方';
COMMENT ON COLUMN confirmation_link.token_digest IS 'SHA-256 of its token, which is told once 凭证摘要';
COMMENT ON COLUMN confirmation_link.created_by IS 'Who made it, and answers for it 建立人';
COMMENT ON COLUMN confirmation_link.created_at IS 'When 建立时间';
COMMENT ON COLUMN confirmation_link.expires_at IS 'When it can no longer be used 失效时间';
COMMENT ON COLUMN confirmation_link.used_at IS 'When it was used 使用时间';

ALTER TABLE issue_note ADD COLUMN confirmed_name text;
COMMENT ON COLUMN issue_note.confirmed_name IS 'Who confirmed by a link, without an account; null: whoever confirmed has one 凭链接签收人';
