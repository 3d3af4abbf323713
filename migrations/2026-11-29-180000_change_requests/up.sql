-- Acts that wait for an approval before they are done.

CREATE TABLE change_request (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('lot_release', 'masterdata_change', 'access_change')),
    act text NOT NULL,
    target_id uuid,
    subject text NOT NULL,
    about jsonb NOT NULL,
    command jsonb,
    signed jsonb NOT NULL,
    changes jsonb NOT NULL,
    reason text NOT NULL DEFAULT '',
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'rejected', 'withdrawn')),
    requested_by uuid NOT NULL REFERENCES person (id),
    requested_at timestamptz NOT NULL,
    ended_at timestamptz,
    result_id uuid,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id),
    CONSTRAINT change_request_number_key UNIQUE (org_id, number),
    CHECK ((state = 'pending') = (command IS NOT NULL)),
    CHECK ((state = 'pending') = (ended_at IS NULL))
);
CREATE INDEX change_request_requested_by_idx ON change_request (org_id, requested_by);
CREATE INDEX change_request_target_id_idx ON change_request (org_id, target_id);
COMMENT ON TABLE change_request IS 'Acts that wait for an approval before they are done 变更申请';
COMMENT ON COLUMN change_request.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN change_request.id IS 'Identifier 标识';
COMMENT ON COLUMN change_request.number IS 'Number 单号';
COMMENT ON COLUMN change_request.kind IS 'Kind of document, for which flows are drawn 单据类型';
COMMENT ON COLUMN change_request.act IS 'What it asks for 变更类别';
COMMENT ON COLUMN change_request.target_id IS 'What it changes; null: it makes something, or changes the settings 变更对象';
COMMENT ON COLUMN change_request.subject IS 'What people call that; empty for a member, who is named by their account 变更对象名称';
COMMENT ON COLUMN change_request.about IS 'What a signer has to know of it besides 相关信息';
COMMENT ON COLUMN change_request.command IS 'The act with all that it needs; null once it has ended 变更内容';
COMMENT ON COLUMN change_request.signed IS 'The act as it is signed: without what tells of human beings 签名内容';
COMMENT ON COLUMN change_request.changes IS 'What would be different, found by trying it out 变更前后';
COMMENT ON COLUMN change_request.reason IS 'Why 原因';
COMMENT ON COLUMN change_request.state IS 'State 状态';
COMMENT ON COLUMN change_request.requested_by IS 'Who asked for it 申请人';
COMMENT ON COLUMN change_request.requested_at IS 'When 申请时间';
COMMENT ON COLUMN change_request.ended_at IS 'When it was done, refused or taken back 结束时间';
COMMENT ON COLUMN change_request.result_id IS 'What it made 新建对象';
COMMENT ON COLUMN change_request.version IS 'Version for If-Match 版本';

ALTER TABLE role_permission NO FORCE ROW LEVEL SECURITY;
ALTER TABLE role NO FORCE ROW LEVEL SECURITY;
INSERT INTO role_permission (org_id, role_id, permission)
SELECT r.org_id, r.id, given.permission FROM role r JOIN (VALUES
    ('quality', 'masterdata.approve'), ('manager', 'masterdata.approve'),
    ('admin', 'access.approve'), ('manager', 'access.approve')
) AS given (code, permission) ON given.code = r.code
ON CONFLICT DO NOTHING;
