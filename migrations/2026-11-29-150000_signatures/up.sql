-- Signatures, and what people sign with.

ALTER TABLE organisation ADD COLUMN second_factor_to_sign boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN organisation.second_factor_to_sign IS 'Whoever signs with a password also gives a code 签名双因素';

ALTER TABLE person ADD COLUMN password_reset_at timestamptz;
COMMENT ON COLUMN person.password_reset_at IS 'When an administrator set the password last 管理员重置口令时间';

CREATE TABLE passkey (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person (id),
    credential_id text NOT NULL CONSTRAINT passkey_credential_key UNIQUE,
    public_key text NOT NULL,
    sign_count bigint NOT NULL CHECK (sign_count >= 0),
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    removed_at timestamptz
);
CREATE INDEX passkey_person_id_idx ON passkey (person_id);
COMMENT ON TABLE passkey IS 'Passkeys with which people sign 通行密钥';
COMMENT ON COLUMN passkey.id IS 'Identifier 标识';
COMMENT ON COLUMN passkey.person_id IS 'Owner 持有人';
COMMENT ON COLUMN passkey.credential_id IS 'What the authenticator calls it, base64url 凭据标识';
COMMENT ON COLUMN passkey.public_key IS 'Public key on P-256, base64url 公钥';
COMMENT ON COLUMN passkey.sign_count IS 'Counter of the authenticator when it signed last 签名计数';
COMMENT ON COLUMN passkey.name IS 'What its owner calls it 名称';
COMMENT ON COLUMN passkey.created_at IS 'When it was made 建立时间';
COMMENT ON COLUMN passkey.last_used_at IS 'When it signed last 最近使用';
COMMENT ON COLUMN passkey.removed_at IS 'When it was given up 移除时间';

CREATE TABLE authenticator (
    person_id uuid PRIMARY KEY REFERENCES person (id),
    salt bytea NOT NULL CHECK (octet_length(salt) = 32),
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE authenticator IS 'Authenticator apps whose codes go with a password; the secret is made of the salt and a key of the server 身份验证器';
COMMENT ON COLUMN authenticator.person_id IS 'Owner 持有人';
COMMENT ON COLUMN authenticator.salt IS 'What its secret is made of, with a key of the server 盐值';
COMMENT ON COLUMN authenticator.confirmed_at IS 'When it was shown to work; null: not yet 启用时间';
COMMENT ON COLUMN authenticator.last_step IS 'Step of time of the last code; none is taken twice 最近时间步';

CREATE TABLE signing_request (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    purpose text NOT NULL CHECK (purpose IN ('sign', 'create')),
    nonce text NOT NULL,
    challenge text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX signing_request_person_id_idx ON signing_request (org_id, person_id);
COMMENT ON TABLE signing_request IS 'What a passkey is asked for; each is used once 签名请求';
COMMENT ON COLUMN signing_request.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN signing_request.id IS 'Identifier 标识';
COMMENT ON COLUMN signing_request.person_id IS 'Who asked 请求人';
COMMENT ON COLUMN signing_request.purpose IS 'To sign, or to make a passkey 用途';
COMMENT ON COLUMN signing_request.nonce IS 'Random, hexadecimal 随机数';
COMMENT ON COLUMN signing_request.challenge IS 'What has to be signed, base64url 挑战值';
COMMENT ON COLUMN signing_request.expires_at IS 'When it can no longer be used 失效时间';

CREATE TABLE signing_key (
    org_id uuid NOT NULL REFERENCES organisation (id),
    passkey_id uuid NOT NULL REFERENCES passkey (id),
    person_id uuid NOT NULL REFERENCES person (id),
    credential_id text NOT NULL,
    public_key text NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (org_id, passkey_id)
);
CREATE INDEX signing_key_person_id_idx ON signing_key (org_id, person_id);
COMMENT ON TABLE signing_key IS 'Public keys of passkeys that sign in an organisation, as its record tells of them 签名公钥';
COMMENT ON COLUMN signing_key.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN signing_key.passkey_id IS 'Passkey 通行密钥';
COMMENT ON COLUMN signing_key.person_id IS 'Owner 持有人';
COMMENT ON COLUMN signing_key.credential_id IS 'What the authenticator calls it, base64url 凭据标识';
COMMENT ON COLUMN signing_key.public_key IS 'Public key on P-256, base64url 公钥';
COMMENT ON COLUMN signing_key.since IS 'When it was recorded here 登记时间';

CREATE TABLE signature (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    approval_id uuid NOT NULL,
    document_kind text NOT NULL,
    document_id uuid NOT NULL,
    document_number text NOT NULL,
    record_version integer NOT NULL CHECK (record_version > 0),
    record_digest text NOT NULL CHECK (record_digest ~ '^[0-9a-f]{64}$'),
    step text NOT NULL,
    decision text NOT NULL CHECK (decision IN ('approve', 'refuse', 'return')),
    meaning text NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    printed_name text NOT NULL,
    in_place_of uuid REFERENCES person (id),
    partner_id uuid,
    signed_at timestamptz NOT NULL,
    zone text NOT NULL,
    method text NOT NULL CHECK (method IN ('password', 'password_and_code', 'passkey')),
    passkey_id uuid,
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    PRIMARY KEY (org_id, id),
    CHECK ((method = 'passkey') = (passkey_id IS NOT NULL)),
    FOREIGN KEY (org_id, approval_id) REFERENCES approval (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, passkey_id) REFERENCES signing_key (org_id, passkey_id)
);
CREATE INDEX signature_approval_id_idx ON signature (org_id, approval_id);
CREATE INDEX signature_document_id_idx ON signature (org_id, document_id);
CREATE INDEX signature_person_id_idx ON signature (org_id, person_id);
CREATE INDEX signature_in_place_of_idx ON signature (org_id, in_place_of);
CREATE INDEX signature_partner_id_idx ON signature (org_id, partner_id);
CREATE INDEX signature_passkey_id_idx ON signature (org_id, passkey_id);
COMMENT ON TABLE signature IS 'Signatures; what they are on stands in the record 电子签名';
COMMENT ON COLUMN signature.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN signature.id IS 'Identifier 标识';
COMMENT ON COLUMN signature.approval_id IS 'Approval in which it was given 审批';
COMMENT ON COLUMN signature.document_kind IS 'Kind of document 单据类型';
COMMENT ON COLUMN signature.document_id IS 'Document 单据';
COMMENT ON COLUMN signature.document_number IS 'Its number 单号';
COMMENT ON COLUMN signature.record_version IS 'Version of the document, where it has versions; else 1 版次';
COMMENT ON COLUMN signature.record_digest IS 'SHA-256 of the record as it was signed, hexadecimal 内容摘要';
COMMENT ON COLUMN signature.step IS 'Step of the flow 节点';
COMMENT ON COLUMN signature.decision IS 'What was decided 结论';
COMMENT ON COLUMN signature.meaning IS 'What it means 签名含义';
COMMENT ON COLUMN signature.person_id IS 'Who signed 签名人';
COMMENT ON COLUMN signature.printed_name IS 'Their name as it was printed 打印姓名';
COMMENT ON COLUMN signature.in_place_of IS 'For whom, as a stand-in 被代理人';
COMMENT ON COLUMN signature.partner_id IS 'Subcontractor for whom they signed; null: the maker 受托方';
COMMENT ON COLUMN signature.signed_at IS 'When, by the server''s clock 签名时间';
COMMENT ON COLUMN signature.zone IS 'Time zone of the organisation 时区';
COMMENT ON COLUMN signature.method IS 'How the signer proved that it is them 签名方式';
COMMENT ON COLUMN signature.passkey_id IS 'Passkey that signed 通行密钥';
COMMENT ON COLUMN signature.digest IS 'SHA-256 of the signature, hexadecimal 签名摘要';

CREATE TABLE signing_failure (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    at timestamptz NOT NULL,
    method text NOT NULL CHECK (method IN ('password', 'password_and_code', 'passkey')),
    cause text NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX signing_failure_person_id_idx ON signing_failure (org_id, person_id, at);
COMMENT ON TABLE signing_failure IS 'Signings that failed 签名失败';
COMMENT ON COLUMN signing_failure.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN signing_failure.id IS 'Identifier 标识';
COMMENT ON COLUMN signing_failure.person_id IS 'In whose session 会话人员';
COMMENT ON COLUMN signing_failure.at IS 'When 时间';
COMMENT ON COLUMN signing_failure.method IS 'How it was tried 签名方式';
COMMENT ON COLUMN signing_failure.cause IS 'What was wrong 原因';
