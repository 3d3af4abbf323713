CREATE TABLE organisation (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT organisation_code_key UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,31}$'),
    name_zh text NOT NULL,
    name_en text NOT NULL,
    time_zone text NOT NULL DEFAULT 'Asia/Shanghai',
    blind_count boolean NOT NULL DEFAULT true,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE organisation IS 'A maker whose data this is; every other table but the few global ones hangs on it 组织（制造商）';
COMMENT ON COLUMN organisation.id IS 'Identifier (UUIDv7) 标识';
COMMENT ON COLUMN organisation.code IS 'Short name used at sign-in and in addresses 组织代码';
COMMENT ON COLUMN organisation.name_zh IS 'Chinese name 中文名称';
COMMENT ON COLUMN organisation.name_en IS 'English name 英文名称';
COMMENT ON COLUMN organisation.time_zone IS 'IANA time zone of its calendar days 时区';
COMMENT ON COLUMN organisation.blind_count IS 'Subcontractors count deliveries without seeing the issued quantity 盲收';
COMMENT ON COLUMN organisation.demo IS 'Holds demonstration data with public passwords 演示组织';
COMMENT ON COLUMN organisation.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN organisation.created_at IS 'When the row was written 建立时间';

CREATE TABLE person (
    id uuid PRIMARY KEY,
    login text NOT NULL CONSTRAINT person_login_key UNIQUE CHECK (login = lower(login) AND login ~ '^[a-z0-9][a-z0-9._@-]{1,63}$'),
    display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 100),
    password_hash text NOT NULL,
    must_change_password boolean NOT NULL DEFAULT false,
    active boolean NOT NULL DEFAULT true,
    locale text NOT NULL DEFAULT 'zh-CN' CHECK (locale IN ('zh-CN', 'en')),
    home_organisation_id uuid NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (home_organisation_id) REFERENCES organisation (id)
);
CREATE INDEX person_home_organisation_id_idx ON person (home_organisation_id);
COMMENT ON TABLE person IS 'One human being; never deleted, never reused (21 CFR 11.100) 人员';
COMMENT ON COLUMN person.id IS 'Identifier, never given to anybody else 标识';
COMMENT ON COLUMN person.login IS 'Sign-in name in lower case 登录名';
COMMENT ON COLUMN person.display_name IS 'Printed name 姓名';
COMMENT ON COLUMN person.password_hash IS 'Argon2id PHC string 口令散列';
COMMENT ON COLUMN person.must_change_password IS 'Set by an administrator''s reset; signing waits until the owner changes it 须修改口令';
COMMENT ON COLUMN person.active IS 'May sign in 启用';
COMMENT ON COLUMN person.locale IS 'Preferred language 语言';
COMMENT ON COLUMN person.home_organisation_id IS 'The organisation that made the account; only its administrators may reset the password 所属组织';
COMMENT ON COLUMN person.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN person.created_at IS 'When the row was written 建立时间';

CREATE TABLE session (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    user_agent text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    FOREIGN KEY (person_id) REFERENCES person (id),
    FOREIGN KEY (organisation_id) REFERENCES organisation (id)
);
CREATE INDEX session_person_id_idx ON session (person_id);
CREATE INDEX session_organisation_id_idx ON session (organisation_id);
COMMENT ON TABLE session IS 'A signed-in session; a token is worth as much as this row 会话';
COMMENT ON COLUMN session.id IS 'Identifier, the token''s jti 标识';
COMMENT ON COLUMN session.person_id IS 'Who signed in 人员';
COMMENT ON COLUMN session.organisation_id IS 'The organisation this session works in 组织';
COMMENT ON COLUMN session.created_at IS 'When it began 开始时间';
COMMENT ON COLUMN session.last_seen_at IS 'Last request, to the minute 最近使用';
COMMENT ON COLUMN session.expires_at IS 'Absolute end 到期时间';
COMMENT ON COLUMN session.revoked_at IS 'Signed out, or ended by a change of password or rights 撤销时间';
COMMENT ON COLUMN session.user_agent IS 'What the client called itself 客户端';
COMMENT ON COLUMN session.address IS 'Network address at sign-in 网络地址';

CREATE TABLE login_attempt (
    id uuid PRIMARY KEY,
    login text NOT NULL,
    address text NOT NULL,
    succeeded boolean NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX login_attempt_login_at_idx ON login_attempt (login, at);
CREATE INDEX login_attempt_address_at_idx ON login_attempt (address, at);
COMMENT ON TABLE login_attempt IS 'Sign-in attempts, the memory of the throttle (21 CFR 11.300(d)) 登录尝试';
COMMENT ON COLUMN login_attempt.id IS 'Identifier 标识';
COMMENT ON COLUMN login_attempt.login IS 'Sign-in name as tried, in lower case 登录名';
COMMENT ON COLUMN login_attempt.address IS 'Network address 网络地址';
COMMENT ON COLUMN login_attempt.succeeded IS 'Whether the password was right 是否成功';
COMMENT ON COLUMN login_attempt.at IS 'When 时间';

CREATE TABLE membership (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    partner_id uuid,
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    CONSTRAINT membership_person_key UNIQUE (org_id, person_id),
    FOREIGN KEY (person_id) REFERENCES person (id)
);
CREATE INDEX membership_person_id_idx ON membership (org_id, person_id);
CREATE INDEX membership_partner_id_idx ON membership (org_id, partner_id);
COMMENT ON TABLE membership IS 'A person''s place in an organisation; with a partner it is a portal membership 成员';
COMMENT ON COLUMN membership.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN membership.id IS 'Identifier 标识';
COMMENT ON COLUMN membership.person_id IS 'Who 人员';
COMMENT ON COLUMN membership.partner_id IS 'The subcontractor this person works for; null for the maker''s own people 受托方';
COMMENT ON COLUMN membership.active IS 'May work here 启用';
COMMENT ON COLUMN membership.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN membership.created_at IS 'When the row was written 建立时间';

CREATE TABLE role (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9-]{1,31}$'),
    name_zh text NOT NULL,
    name_en text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id),
    CONSTRAINT role_code_key UNIQUE (org_id, code)
);
COMMENT ON TABLE role IS 'A named set of permissions 角色';
COMMENT ON COLUMN role.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN role.id IS 'Identifier 标识';
COMMENT ON COLUMN role.code IS 'Code 代码';
COMMENT ON COLUMN role.name_zh IS 'Chinese name 中文名称';
COMMENT ON COLUMN role.name_en IS 'English name 英文名称';
COMMENT ON COLUMN role.version IS 'Optimistic concurrency counter 版本号';

CREATE TABLE role_permission (
    org_id uuid NOT NULL REFERENCES organisation (id),
    role_id uuid NOT NULL,
    permission text NOT NULL,
    PRIMARY KEY (org_id, role_id, permission),
    FOREIGN KEY (org_id, role_id) REFERENCES role (org_id, id)
);
CREATE INDEX role_permission_role_id_idx ON role_permission (org_id, role_id);
COMMENT ON TABLE role_permission IS 'Which permissions a role gives 角色权限';
COMMENT ON COLUMN role_permission.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN role_permission.role_id IS 'Role 角色';
COMMENT ON COLUMN role_permission.permission IS 'Permission name from the closed list 权限';

CREATE TABLE membership_role (
    org_id uuid NOT NULL REFERENCES organisation (id),
    membership_id uuid NOT NULL,
    role_id uuid NOT NULL,
    PRIMARY KEY (org_id, membership_id, role_id),
    FOREIGN KEY (org_id, membership_id) REFERENCES membership (org_id, id),
    FOREIGN KEY (org_id, role_id) REFERENCES role (org_id, id)
);
CREATE INDEX membership_role_membership_id_idx ON membership_role (org_id, membership_id);
CREATE INDEX membership_role_role_id_idx ON membership_role (org_id, role_id);
COMMENT ON TABLE membership_role IS 'Which roles a member holds 成员角色';
COMMENT ON COLUMN membership_role.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN membership_role.membership_id IS 'Member 成员';
COMMENT ON COLUMN membership_role.role_id IS 'Role 角色';

CREATE TABLE document_counter (
    org_id uuid NOT NULL REFERENCES organisation (id),
    kind text NOT NULL,
    year integer NOT NULL,
    last_number bigint NOT NULL DEFAULT 0 CHECK (last_number >= 0),
    PRIMARY KEY (org_id, kind, year)
);
COMMENT ON TABLE document_counter IS 'Gapless document numbers: one locked row per kind and year 单据编号';
COMMENT ON COLUMN document_counter.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN document_counter.kind IS 'Document kind 单据类型';
COMMENT ON COLUMN document_counter.year IS 'Calendar year in the organisation''s zone 年度';
COMMENT ON COLUMN document_counter.last_number IS 'Last number given out 末号';

CREATE TABLE idempotency_key (
    org_id uuid NOT NULL REFERENCES organisation (id),
    person_id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    operation text NOT NULL,
    body_digest bytea NOT NULL,
    status integer NOT NULL,
    answer jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, person_id, key),
    FOREIGN KEY (person_id) REFERENCES person (id)
);
CREATE INDEX idempotency_key_person_id_idx ON idempotency_key (org_id, person_id);
COMMENT ON TABLE idempotency_key IS 'Answers kept so that a repeated request is answered, not repeated (invariant I8) 幂等键';
COMMENT ON COLUMN idempotency_key.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN idempotency_key.person_id IS 'Who sent it 人员';
COMMENT ON COLUMN idempotency_key.key IS 'The client''s key 键';
COMMENT ON COLUMN idempotency_key.operation IS 'Method and path 操作';
COMMENT ON COLUMN idempotency_key.body_digest IS 'SHA-256 of the request body 请求摘要';
COMMENT ON COLUMN idempotency_key.status IS 'Stored answer''s status 状态码';
COMMENT ON COLUMN idempotency_key.answer IS 'Stored answer''s body 应答';
COMMENT ON COLUMN idempotency_key.created_at IS 'When 时间';

CREATE TABLE audit_event (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    aggregate_kind text NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_seq bigint NOT NULL CHECK (aggregate_seq > 0),
    action text NOT NULL,
    actor_id uuid NOT NULL,
    partner_id uuid,
    reason text,
    at timestamptz NOT NULL,
    request_id uuid NOT NULL,
    details jsonb NOT NULL,
    canonical_bytes bytea NOT NULL,
    leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32),
    previous_hash bytea CHECK (length(previous_hash) = 32),
    PRIMARY KEY (org_id, id),
    CONSTRAINT audit_event_chain_key UNIQUE (org_id, aggregate_kind, aggregate_id, aggregate_seq),
    CHECK ((aggregate_seq = 1) = (previous_hash IS NULL)),
    FOREIGN KEY (actor_id) REFERENCES person (id)
);
CREATE INDEX audit_event_actor_id_idx ON audit_event (org_id, actor_id);
COMMENT ON TABLE audit_event IS 'The record: one event per change, written with it, chained per aggregate, never altered (21 CFR 11.10(e)) 审计事件';
COMMENT ON COLUMN audit_event.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN audit_event.id IS 'Identifier 标识';
COMMENT ON COLUMN audit_event.aggregate_kind IS 'Kind of thing changed 对象类型';
COMMENT ON COLUMN audit_event.aggregate_id IS 'Thing changed 对象';
COMMENT ON COLUMN audit_event.aggregate_seq IS 'Position in the aggregate''s chain, from 1 序号';
COMMENT ON COLUMN audit_event.action IS 'What was done 动作';
COMMENT ON COLUMN audit_event.actor_id IS 'Who did it 操作人';
COMMENT ON COLUMN audit_event.partner_id IS 'Set where the subcontractor may see the event 可见受托方';
COMMENT ON COLUMN audit_event.reason IS 'Why, where the act asks for a reason 原因';
COMMENT ON COLUMN audit_event.at IS 'Server time 时间';
COMMENT ON COLUMN audit_event.request_id IS 'The request that caused it 请求';
COMMENT ON COLUMN audit_event.details IS 'Before and after, for reading; the canonical bytes are what is proved 详情';
COMMENT ON COLUMN audit_event.canonical_bytes IS 'Version byte, domain tag and RFC 8785 JSON, exactly as hashed 规范字节';
COMMENT ON COLUMN audit_event.leaf_hash IS 'SHA-256(0x00 || canonical_bytes), an RFC 6962 leaf 叶散列';
COMMENT ON COLUMN audit_event.previous_hash IS 'leaf_hash of the aggregate''s event before 前一散列';

CREATE TABLE unit (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[A-Za-z0-9%/]{1,8}$'),
    name_zh text NOT NULL,
    name_en text NOT NULL,
    decimal_places smallint NOT NULL CHECK (decimal_places BETWEEN 0 AND 6),
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    CONSTRAINT unit_code_key UNIQUE (org_id, code)
);
COMMENT ON TABLE unit IS 'Unit of measure 计量单位';
COMMENT ON COLUMN unit.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN unit.id IS 'Identifier 标识';
COMMENT ON COLUMN unit.code IS 'Symbol, e.g. kg 符号';
COMMENT ON COLUMN unit.name_zh IS 'Chinese name 中文名称';
COMMENT ON COLUMN unit.name_en IS 'English name 英文名称';
COMMENT ON COLUMN unit.decimal_places IS 'Finest step a quantity may have 小数位数';
COMMENT ON COLUMN unit.active IS 'Offered for new records 启用';
COMMENT ON COLUMN unit.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN unit.created_at IS 'When the row was written 建立时间';

CREATE TABLE partner (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,19}$'),
    name_zh text NOT NULL,
    name_en text NOT NULL,
    supplier boolean NOT NULL DEFAULT false,
    subcontractor boolean NOT NULL DEFAULT false,
    contact_name text NOT NULL DEFAULT '',
    phone text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    CONSTRAINT partner_code_key UNIQUE (org_id, code),
    CONSTRAINT partner_role_check CHECK (supplier OR subcontractor)
);
COMMENT ON TABLE partner IS 'Subcontractor or supplier 往来单位（受托方、供应商）';
COMMENT ON COLUMN partner.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN partner.id IS 'Identifier 标识';
COMMENT ON COLUMN partner.code IS 'Code 代码';
COMMENT ON COLUMN partner.name_zh IS 'Chinese name 中文名称';
COMMENT ON COLUMN partner.name_en IS 'English name 英文名称';
COMMENT ON COLUMN partner.supplier IS 'Delivers material 是供应商';
COMMENT ON COLUMN partner.subcontractor IS 'Processes our material 是受托方';
COMMENT ON COLUMN partner.contact_name IS 'Contact person 联系人';
COMMENT ON COLUMN partner.phone IS 'Telephone 电话';
COMMENT ON COLUMN partner.email IS 'E-mail 电子邮箱';
COMMENT ON COLUMN partner.address IS 'Postal address 地址';
COMMENT ON COLUMN partner.active IS 'Offered for new records 启用';
COMMENT ON COLUMN partner.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN partner.created_at IS 'When the row was written 建立时间';

CREATE TABLE location (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[A-Z0-9][A-Z0-9.-]{0,31}$'),
    name_zh text NOT NULL,
    name_en text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('supplier', 'quarantine', 'own_stock', 'wip', 'in_transit_out', 'subcontractor_custody', 'in_transit_in', 'claim', 'consumed', 'scrap', 'customer', 'adjustment')),
    partner_id uuid,
    system_made boolean NOT NULL DEFAULT false,
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    CONSTRAINT location_code_key UNIQUE (org_id, code),
    CONSTRAINT location_partner_check CHECK (kind NOT IN ('in_transit_out', 'subcontractor_custody', 'in_transit_in', 'claim') OR partner_id IS NOT NULL),
    CONSTRAINT location_kind_partner_key UNIQUE NULLS NOT DISTINCT (org_id, partner_id, kind, code),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id)
);
CREATE INDEX location_partner_id_idx ON location (org_id, partner_id);
COMMENT ON TABLE location IS 'A place in the double entry: own shelves, transit, custody, and the outside world 库位';
COMMENT ON COLUMN location.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN location.id IS 'Identifier 标识';
COMMENT ON COLUMN location.code IS 'Code 代码';
COMMENT ON COLUMN location.name_zh IS 'Chinese name 中文名称';
COMMENT ON COLUMN location.name_en IS 'English name 英文名称';
COMMENT ON COLUMN location.kind IS 'What being there means (domain.md C1) 类型';
COMMENT ON COLUMN location.partner_id IS 'Whose custody or transit it is 所属单位';
COMMENT ON COLUMN location.system_made IS 'Made with its partner or organisation, never edited by hand 系统生成';
COMMENT ON COLUMN location.active IS 'Offered for new records 启用';
COMMENT ON COLUMN location.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN location.created_at IS 'When the row was written 建立时间';

CREATE TABLE operation (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,19}$'),
    name_zh text NOT NULL,
    name_en text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    CONSTRAINT operation_code_key UNIQUE (org_id, code)
);
COMMENT ON TABLE operation IS 'An operation that is sent out, e.g. anodising 委外工序';
COMMENT ON COLUMN operation.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN operation.id IS 'Identifier 标识';
COMMENT ON COLUMN operation.code IS 'Code 代码';
COMMENT ON COLUMN operation.name_zh IS 'Chinese name 中文名称';
COMMENT ON COLUMN operation.name_en IS 'English name 英文名称';
COMMENT ON COLUMN operation.active IS 'Offered for new records 启用';
COMMENT ON COLUMN operation.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN operation.created_at IS 'When the row was written 建立时间';

CREATE TABLE item (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[A-Z0-9][A-Z0-9.-]{0,31}$'),
    name_zh text NOT NULL,
    name_en text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('raw_material', 'component', 'product', 'packaging', 'tooling')),
    tracking text NOT NULL CHECK (tracking IN ('none', 'lot', 'serial')),
    unit_id uuid NOT NULL,
    gtin text CONSTRAINT item_gtin_check CHECK (gtin ~ '^[0-9]{14}$'),
    shelf_life_days integer CHECK (shelf_life_days > 0),
    storage_class text NOT NULL DEFAULT 'ambient' CHECK (storage_class IN ('ambient', 'dry', 'cool', 'cold', 'clean')),
    specification text NOT NULL DEFAULT '',
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    CONSTRAINT item_code_key UNIQUE (org_id, code),
    CONSTRAINT item_gtin_key UNIQUE (org_id, gtin),
    FOREIGN KEY (org_id, unit_id) REFERENCES unit (org_id, id)
);
CREATE INDEX item_unit_id_idx ON item (org_id, unit_id);
COMMENT ON TABLE item IS 'Material, component or product 物料';
COMMENT ON COLUMN item.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN item.id IS 'Identifier 标识';
COMMENT ON COLUMN item.code IS 'Item number 物料编码';
COMMENT ON COLUMN item.name_zh IS 'Chinese name 中文名称';
COMMENT ON COLUMN item.name_en IS 'English name 英文名称';
COMMENT ON COLUMN item.kind IS 'What it is 类别';
COMMENT ON COLUMN item.tracking IS 'How single pieces are told apart 追踪方式';
COMMENT ON COLUMN item.unit_id IS 'Base unit 基本单位';
COMMENT ON COLUMN item.gtin IS 'Global Trade Item Number, 14 digits 全球贸易项目代码';
COMMENT ON COLUMN item.shelf_life_days IS 'Days from manufacture to expiry; null: does not expire 保质期天数';
COMMENT ON COLUMN item.storage_class IS 'How it must be kept 储存条件';
COMMENT ON COLUMN item.specification IS 'Specification, drawing or standard 规格';
COMMENT ON COLUMN item.active IS 'Offered for new records 启用';
COMMENT ON COLUMN item.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN item.created_at IS 'When the row was written 建立时间';

CREATE TABLE bom (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    operation_id uuid NOT NULL,
    revision text NOT NULL CHECK (length(revision) BETWEEN 1 AND 10),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'active', 'retired')),
    base_quantity numeric(20,6) NOT NULL CHECK (base_quantity > 0),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    CONSTRAINT bom_revision_key UNIQUE (org_id, product_id, operation_id, revision),
    FOREIGN KEY (org_id, product_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, operation_id) REFERENCES operation (org_id, id)
);
CREATE INDEX bom_product_id_idx ON bom (org_id, product_id);
CREATE INDEX bom_operation_id_idx ON bom (org_id, operation_id);
COMMENT ON TABLE bom IS 'Bill of material of a product for one operation, by revision 物料清单';
COMMENT ON COLUMN bom.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN bom.id IS 'Identifier 标识';
COMMENT ON COLUMN bom.product_id IS 'What comes back 产出物料';
COMMENT ON COLUMN bom.operation_id IS 'Operation 工序';
COMMENT ON COLUMN bom.revision IS 'Revision 版次';
COMMENT ON COLUMN bom.state IS 'Only an active revision can be ordered 状态';
COMMENT ON COLUMN bom.base_quantity IS 'The lines'' usage is for this many of the product 基准数量';
COMMENT ON COLUMN bom.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN bom.created_at IS 'When the row was written 建立时间';

CREATE TABLE bom_line (
    org_id uuid NOT NULL REFERENCES organisation (id),
    bom_id uuid NOT NULL,
    line_number integer NOT NULL CHECK (line_number > 0),
    component_id uuid NOT NULL,
    net_usage numeric(20,6) NOT NULL CHECK (net_usage > 0),
    loss_norm_percent numeric(7,4) NOT NULL DEFAULT 0 CHECK (loss_norm_percent >= 0 AND loss_norm_percent < 100),
    issue_multiple numeric(20,6) CHECK (issue_multiple > 0),
    PRIMARY KEY (org_id, bom_id, line_number),
    CONSTRAINT bom_line_component_key UNIQUE (org_id, bom_id, component_id),
    FOREIGN KEY (org_id, bom_id) REFERENCES bom (org_id, id),
    FOREIGN KEY (org_id, component_id) REFERENCES item (org_id, id)
);
CREATE INDEX bom_line_bom_id_idx ON bom_line (org_id, bom_id);
CREATE INDEX bom_line_component_id_idx ON bom_line (org_id, component_id);
COMMENT ON TABLE bom_line IS 'One component of a bill of material 物料清单行';
COMMENT ON COLUMN bom_line.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN bom_line.bom_id IS 'Bill of material 物料清单';
COMMENT ON COLUMN bom_line.line_number IS 'Line 行号';
COMMENT ON COLUMN bom_line.component_id IS 'Component 组件';
COMMENT ON COLUMN bom_line.net_usage IS 'Net quantity for the base quantity, in the component''s unit 净用量';
COMMENT ON COLUMN bom_line.loss_norm_percent IS 'Planned loss as a share of what is issued 损耗定额';
COMMENT ON COLUMN bom_line.issue_multiple IS 'Smallest step of issue, e.g. one bar; null: the unit''s step 整发倍数';

CREATE TABLE lot (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    item_id uuid NOT NULL,
    code text NOT NULL CONSTRAINT lot_code_check CHECK (code ~ '^[!-~]{1,20}$'),
    status text NOT NULL CHECK (status IN ('quarantine', 'released', 'blocked', 'recalled', 'expired', 'consumed', 'scrapped')),
    supplier_id uuid,
    supplier_lot text NOT NULL DEFAULT '',
    certificate_number text NOT NULL DEFAULT '',
    manufactured_on date,
    expires_on date,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    CONSTRAINT lot_code_key UNIQUE (org_id, item_id, code),
    CONSTRAINT lot_dates_check CHECK (expires_on > manufactured_on),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, supplier_id) REFERENCES partner (org_id, id)
);
CREATE INDEX lot_item_id_idx ON lot (org_id, item_id);
CREATE INDEX lot_supplier_id_idx ON lot (org_id, supplier_id);
COMMENT ON TABLE lot IS 'A lot of an item, with its origin and status; for an untracked item there is none 批次';
COMMENT ON COLUMN lot.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN lot.id IS 'Identifier 标识';
COMMENT ON COLUMN lot.item_id IS 'Item 物料';
COMMENT ON COLUMN lot.code IS 'Own lot number, at most 20 characters as GS1 AI (10) allows 批号';
COMMENT ON COLUMN lot.status IS 'Decides what may move where 批次状态';
COMMENT ON COLUMN lot.supplier_id IS 'Who delivered it 供应商';
COMMENT ON COLUMN lot.supplier_lot IS 'The supplier''s lot number 供应商批号';
COMMENT ON COLUMN lot.certificate_number IS 'Material certificate 材质证明编号';
COMMENT ON COLUMN lot.manufactured_on IS 'Date of manufacture 生产日期';
COMMENT ON COLUMN lot.expires_on IS 'Last day of use 有效期至';
COMMENT ON COLUMN lot.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN lot.created_at IS 'When the row was written 建立时间';

CREATE TABLE scan (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    raw text NOT NULL CHECK (length(raw) BETWEEN 1 AND 500),
    capture text NOT NULL CHECK (capture IN ('hid', 'wedge', 'serial', 'rfid', 'camera', 'api', 'manual')),
    decoded jsonb NOT NULL,
    scanned_by uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (scanned_by) REFERENCES person (id)
);
CREATE INDEX scan_scanned_by_idx ON scan (org_id, scanned_by);
COMMENT ON TABLE scan IS 'What a scanner or a hand gave, kept as it came (21 CFR 11.10(h)) 扫描记录';
COMMENT ON COLUMN scan.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN scan.id IS 'Identifier 标识';
COMMENT ON COLUMN scan.raw IS 'Exactly what came in 原始内容';
COMMENT ON COLUMN scan.capture IS 'By which way 采集方式';
COMMENT ON COLUMN scan.decoded IS 'What it was read as 解析结果';
COMMENT ON COLUMN scan.scanned_by IS 'Who 扫描人';
COMMENT ON COLUMN scan.at IS 'When 时间';

CREATE TABLE stock_movement (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    kind text NOT NULL,
    item_id uuid NOT NULL,
    lot_id uuid,
    serial text,
    quantity numeric(20,6) NOT NULL CONSTRAINT stock_movement_quantity_check CHECK (quantity > 0),
    unit_id uuid NOT NULL,
    owner_id uuid,
    from_location_id uuid NOT NULL,
    from_status text NOT NULL CHECK (from_status IN ('quarantine', 'available', 'blocked')),
    to_location_id uuid NOT NULL,
    to_status text NOT NULL CHECK (to_status IN ('quarantine', 'available', 'blocked')),
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    evidence_at timestamptz,
    document_kind text NOT NULL,
    document_id uuid NOT NULL,
    document_line integer,
    reverses_id uuid,
    actor_id uuid NOT NULL,
    capture text NOT NULL CHECK (capture IN ('hid', 'wedge', 'serial', 'rfid', 'camera', 'api', 'manual')),
    scan_id uuid,
    PRIMARY KEY (org_id, id),
    CONSTRAINT stock_movement_reverses_key UNIQUE (org_id, reverses_id),
    FOREIGN KEY (org_id, reverses_id) REFERENCES stock_movement (org_id, id),
    CONSTRAINT stock_movement_place_check CHECK (from_location_id <> to_location_id OR from_status <> to_status),
    CONSTRAINT stock_movement_time_check CHECK (occurred_at <= recorded_at),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, unit_id) REFERENCES unit (org_id, id),
    FOREIGN KEY (org_id, owner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, from_location_id) REFERENCES location (org_id, id),
    FOREIGN KEY (org_id, to_location_id) REFERENCES location (org_id, id),
    FOREIGN KEY (actor_id) REFERENCES person (id),
    FOREIGN KEY (org_id, scan_id) REFERENCES scan (org_id, id)
);
CREATE INDEX stock_movement_item_id_idx ON stock_movement (org_id, item_id);
CREATE INDEX stock_movement_lot_id_idx ON stock_movement (org_id, lot_id);
CREATE INDEX stock_movement_unit_id_idx ON stock_movement (org_id, unit_id);
CREATE INDEX stock_movement_owner_id_idx ON stock_movement (org_id, owner_id);
CREATE INDEX stock_movement_from_location_id_idx ON stock_movement (org_id, from_location_id);
CREATE INDEX stock_movement_to_location_id_idx ON stock_movement (org_id, to_location_id);
CREATE INDEX stock_movement_actor_id_idx ON stock_movement (org_id, actor_id);
CREATE INDEX stock_movement_scan_id_idx ON stock_movement (org_id, scan_id);
CREATE INDEX stock_movement_document_kind_document_id_idx ON stock_movement (org_id, document_kind, document_id);
CREATE INDEX stock_movement_item_id_id_idx ON stock_movement (org_id, item_id, id);
COMMENT ON TABLE stock_movement IS 'The ledger: append-only, each row takes a quantity from one position to another 库存流水';
COMMENT ON COLUMN stock_movement.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN stock_movement.id IS 'Identifier, in order of recording 标识';
COMMENT ON COLUMN stock_movement.kind IS 'Movement kind (domain.md C3) 移动类型';
COMMENT ON COLUMN stock_movement.item_id IS 'Item 物料';
COMMENT ON COLUMN stock_movement.lot_id IS 'Lot; null for an untracked item 批次';
COMMENT ON COLUMN stock_movement.serial IS 'Serial number where one piece moves 序列号';
COMMENT ON COLUMN stock_movement.quantity IS 'In the item''s base unit 数量';
COMMENT ON COLUMN stock_movement.unit_id IS 'Base unit at the time 单位';
COMMENT ON COLUMN stock_movement.owner_id IS 'Whose property it is; null: our own 货主';
COMMENT ON COLUMN stock_movement.from_location_id IS 'Where it left 来源库位';
COMMENT ON COLUMN stock_movement.from_status IS 'Stock status there 来源状态';
COMMENT ON COLUMN stock_movement.to_location_id IS 'Where it arrived 去向库位';
COMMENT ON COLUMN stock_movement.to_status IS 'Stock status there 去向状态';
COMMENT ON COLUMN stock_movement.occurred_at IS 'When it happened in the world 发生时间';
COMMENT ON COLUMN stock_movement.recorded_at IS 'When the server wrote it 记录时间';
COMMENT ON COLUMN stock_movement.evidence_at IS 'Date of the evidence, where there is one 凭证时间';
COMMENT ON COLUMN stock_movement.document_kind IS 'Source document''s kind 单据类型';
COMMENT ON COLUMN stock_movement.document_id IS 'Source document 单据';
COMMENT ON COLUMN stock_movement.document_line IS 'Source line 单据行';
COMMENT ON COLUMN stock_movement.reverses_id IS 'The movement this one undoes 冲销对象';
COMMENT ON COLUMN stock_movement.actor_id IS 'Who posted it 操作人';
COMMENT ON COLUMN stock_movement.capture IS 'How it was captured 采集方式';
COMMENT ON COLUMN stock_movement.scan_id IS 'The raw scan 扫描记录';

CREATE TABLE stock_balance (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    location_id uuid NOT NULL,
    item_id uuid NOT NULL,
    lot_id uuid,
    status text NOT NULL CHECK (status IN ('quarantine', 'available', 'blocked')),
    owner_id uuid,
    on_hand numeric(20,6) NOT NULL DEFAULT 0 CONSTRAINT stock_balance_on_hand_check CHECK (on_hand >= 0),
    reserved numeric(20,6) NOT NULL DEFAULT 0 CONSTRAINT stock_balance_reserved_check CHECK (reserved >= 0 AND reserved <= on_hand),
    PRIMARY KEY (org_id, id),
    CONSTRAINT stock_balance_position_key UNIQUE NULLS NOT DISTINCT (org_id, location_id, item_id, lot_id, status, owner_id),
    FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, owner_id) REFERENCES partner (org_id, id)
);
CREATE INDEX stock_balance_location_id_idx ON stock_balance (org_id, location_id);
CREATE INDEX stock_balance_item_id_idx ON stock_balance (org_id, item_id);
CREATE INDEX stock_balance_lot_id_idx ON stock_balance (org_id, lot_id);
CREATE INDEX stock_balance_owner_id_idx ON stock_balance (org_id, owner_id);
COMMENT ON TABLE stock_balance IS 'What stands at each position: the projection of the ledger 库存余额';
COMMENT ON COLUMN stock_balance.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN stock_balance.id IS 'Identifier 标识';
COMMENT ON COLUMN stock_balance.location_id IS 'Location 库位';
COMMENT ON COLUMN stock_balance.item_id IS 'Item 物料';
COMMENT ON COLUMN stock_balance.lot_id IS 'Lot 批次';
COMMENT ON COLUMN stock_balance.status IS 'Stock status 库存状态';
COMMENT ON COLUMN stock_balance.owner_id IS 'Whose property; null: our own 货主';
COMMENT ON COLUMN stock_balance.on_hand IS 'Quantity there 现存量';
COMMENT ON COLUMN stock_balance.reserved IS 'Promised to a task 预留量';

CREATE TABLE reservation (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    balance_id uuid NOT NULL,
    quantity numeric(20,6) NOT NULL CHECK (quantity > 0),
    state text NOT NULL DEFAULT 'reserved' CHECK (state IN ('reserved', 'posted', 'voided', 'expired')),
    document_kind text NOT NULL,
    document_id uuid NOT NULL,
    document_line integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at timestamptz,
    PRIMARY KEY (org_id, id),
    CHECK ((state = 'reserved') = (settled_at IS NULL)),
    FOREIGN KEY (org_id, balance_id) REFERENCES stock_balance (org_id, id)
);
CREATE INDEX reservation_balance_id_idx ON reservation (org_id, balance_id);
CREATE INDEX reservation_document_kind_document_id_idx ON reservation (org_id, document_kind, document_id);
COMMENT ON TABLE reservation IS 'A quantity promised once: reserved, then posted, voided or expired 预留';
COMMENT ON COLUMN reservation.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN reservation.id IS 'Identifier 标识';
COMMENT ON COLUMN reservation.balance_id IS 'Position it holds 库存余额';
COMMENT ON COLUMN reservation.quantity IS 'How much 数量';
COMMENT ON COLUMN reservation.state IS 'Where it stands 状态';
COMMENT ON COLUMN reservation.document_kind IS 'For which kind of document 单据类型';
COMMENT ON COLUMN reservation.document_id IS 'For which document 单据';
COMMENT ON COLUMN reservation.document_line IS 'For which line 单据行';
COMMENT ON COLUMN reservation.created_at IS 'When 时间';
COMMENT ON COLUMN reservation.settled_at IS 'When it was posted, voided or expired 了结时间';

CREATE TABLE receipt (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    supplier_id uuid NOT NULL,
    delivery_note text NOT NULL,
    state text NOT NULL DEFAULT 'posted' CHECK (state IN ('posted', 'reversed')),
    occurred_at timestamptz NOT NULL,
    remark text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, supplier_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id)
);
CREATE INDEX receipt_supplier_id_idx ON receipt (org_id, supplier_id);
CREATE INDEX receipt_created_by_idx ON receipt (org_id, created_by);
COMMENT ON TABLE receipt IS 'Raw material received from a supplier 收货单';
COMMENT ON COLUMN receipt.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN receipt.id IS 'Identifier 标识';
COMMENT ON COLUMN receipt.number IS 'Document number 单号';
COMMENT ON COLUMN receipt.supplier_id IS 'Supplier 供应商';
COMMENT ON COLUMN receipt.delivery_note IS 'The supplier''s delivery note number 送货单号';
COMMENT ON COLUMN receipt.state IS 'Where it stands 状态';
COMMENT ON COLUMN receipt.occurred_at IS 'When the goods arrived 到货时间';
COMMENT ON COLUMN receipt.remark IS 'Remark 备注';
COMMENT ON COLUMN receipt.created_by IS 'Who received 收货人';
COMMENT ON COLUMN receipt.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN receipt.created_at IS 'When the row was written 建立时间';

CREATE TABLE receipt_line (
    org_id uuid NOT NULL REFERENCES organisation (id),
    receipt_id uuid NOT NULL,
    line_number integer NOT NULL CHECK (line_number > 0),
    item_id uuid NOT NULL,
    lot_id uuid,
    location_id uuid NOT NULL,
    quantity numeric(20,6) NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (org_id, receipt_id, line_number),
    FOREIGN KEY (org_id, receipt_id) REFERENCES receipt (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id)
);
CREATE INDEX receipt_line_receipt_id_idx ON receipt_line (org_id, receipt_id);
CREATE INDEX receipt_line_item_id_idx ON receipt_line (org_id, item_id);
CREATE INDEX receipt_line_lot_id_idx ON receipt_line (org_id, lot_id);
CREATE INDEX receipt_line_location_id_idx ON receipt_line (org_id, location_id);
COMMENT ON TABLE receipt_line IS 'One lot of a receipt 收货单行';
COMMENT ON COLUMN receipt_line.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN receipt_line.receipt_id IS 'Receipt 收货单';
COMMENT ON COLUMN receipt_line.line_number IS 'Line 行号';
COMMENT ON COLUMN receipt_line.item_id IS 'Item 物料';
COMMENT ON COLUMN receipt_line.lot_id IS 'Lot made by this line 批次';
COMMENT ON COLUMN receipt_line.location_id IS 'Where it was put 库位';
COMMENT ON COLUMN receipt_line.quantity IS 'In the item''s base unit 数量';

CREATE TABLE subcontract_order (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    partner_id uuid NOT NULL,
    operation_id uuid NOT NULL,
    product_id uuid NOT NULL,
    bom_id uuid NOT NULL,
    quantity numeric(20,6) NOT NULL CHECK (quantity > 0),
    due_on date NOT NULL,
    record_state text NOT NULL DEFAULT 'draft' CHECK (record_state IN ('draft', 'open', 'cancelled', 'closed')),
    issue_state text NOT NULL DEFAULT 'not_issued' CHECK (issue_state IN ('not_issued', 'partly', 'issued', 'over_issued')),
    custody_state text NOT NULL DEFAULT 'none' CHECK (custody_state IN ('none', 'in_transit', 'confirmed', 'with_discrepancy')),
    remark text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    CONSTRAINT subcontract_order_partner_key UNIQUE (org_id, id, partner_id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, operation_id) REFERENCES operation (org_id, id),
    FOREIGN KEY (org_id, product_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, bom_id) REFERENCES bom (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id)
);
CREATE INDEX subcontract_order_partner_id_idx ON subcontract_order (org_id, partner_id);
CREATE INDEX subcontract_order_operation_id_idx ON subcontract_order (org_id, operation_id);
CREATE INDEX subcontract_order_product_id_idx ON subcontract_order (org_id, product_id);
CREATE INDEX subcontract_order_bom_id_idx ON subcontract_order (org_id, bom_id);
CREATE INDEX subcontract_order_created_by_idx ON subcontract_order (org_id, created_by);
COMMENT ON TABLE subcontract_order IS 'Order to a subcontractor for an operation on a product 委外订单';
COMMENT ON COLUMN subcontract_order.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN subcontract_order.id IS 'Identifier 标识';
COMMENT ON COLUMN subcontract_order.number IS 'Document number 单号';
COMMENT ON COLUMN subcontract_order.partner_id IS 'Subcontractor 受托方';
COMMENT ON COLUMN subcontract_order.operation_id IS 'Operation 工序';
COMMENT ON COLUMN subcontract_order.product_id IS 'What comes back 产出物料';
COMMENT ON COLUMN subcontract_order.bom_id IS 'The revision its components were frozen from 物料清单';
COMMENT ON COLUMN subcontract_order.quantity IS 'Quantity ordered, in the product''s unit 数量';
COMMENT ON COLUMN subcontract_order.due_on IS 'Due date 交期';
COMMENT ON COLUMN subcontract_order.record_state IS 'Record state 单据状态';
COMMENT ON COLUMN subcontract_order.issue_state IS 'Issue axis 发料状态';
COMMENT ON COLUMN subcontract_order.custody_state IS 'Custody axis 在外状态';
COMMENT ON COLUMN subcontract_order.remark IS 'Remark 备注';
COMMENT ON COLUMN subcontract_order.created_by IS 'Who wrote it 制单人';
COMMENT ON COLUMN subcontract_order.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN subcontract_order.created_at IS 'When the row was written 建立时间';

CREATE TABLE order_component (
    org_id uuid NOT NULL REFERENCES organisation (id),
    order_id uuid NOT NULL,
    line_number integer NOT NULL CHECK (line_number > 0),
    item_id uuid NOT NULL,
    net_quantity numeric(20,6) NOT NULL CHECK (net_quantity > 0),
    loss_norm_percent numeric(7,4) NOT NULL,
    issue_multiple numeric(20,6),
    issued_quantity numeric(20,6) NOT NULL DEFAULT 0 CHECK (issued_quantity >= 0),
    PRIMARY KEY (org_id, order_id, line_number),
    FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);
CREATE INDEX order_component_order_id_idx ON order_component (org_id, order_id);
CREATE INDEX order_component_item_id_idx ON order_component (org_id, item_id);
COMMENT ON TABLE order_component IS 'An order''s component list, frozen from the bill of material 委外用料清单';
COMMENT ON COLUMN order_component.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN order_component.order_id IS 'Order 委外订单';
COMMENT ON COLUMN order_component.line_number IS 'Line 行号';
COMMENT ON COLUMN order_component.item_id IS 'Component 组件';
COMMENT ON COLUMN order_component.net_quantity IS 'Net requirement for the order quantity, in the component''s unit 净需求';
COMMENT ON COLUMN order_component.loss_norm_percent IS 'Planned loss 损耗定额';
COMMENT ON COLUMN order_component.issue_multiple IS 'Smallest step of issue 整发倍数';
COMMENT ON COLUMN order_component.issued_quantity IS 'Issued so far, reversals taken off 已发数量';

CREATE TABLE requisition (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    order_id uuid NOT NULL,
    needed_on date NOT NULL,
    priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('normal', 'urgent')),
    reason text NOT NULL DEFAULT '',
    approval_state text NOT NULL DEFAULT 'draft' CHECK (approval_state IN ('draft', 'pending', 'approved', 'rejected', 'withdrawn')),
    issue_state text NOT NULL DEFAULT 'not_issued' CHECK (issue_state IN ('not_issued', 'picking', 'issued')),
    requested_by uuid NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id),
    FOREIGN KEY (requested_by) REFERENCES person (id)
);
CREATE INDEX requisition_order_id_idx ON requisition (org_id, order_id);
CREATE INDEX requisition_requested_by_idx ON requisition (org_id, requested_by);
COMMENT ON TABLE requisition IS 'Request to issue an order''s components 发料申请';
COMMENT ON COLUMN requisition.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN requisition.id IS 'Identifier 标识';
COMMENT ON COLUMN requisition.number IS 'Document number 单号';
COMMENT ON COLUMN requisition.order_id IS 'Order 委外订单';
COMMENT ON COLUMN requisition.needed_on IS 'Needed by 需用日期';
COMMENT ON COLUMN requisition.priority IS 'Priority 优先级';
COMMENT ON COLUMN requisition.reason IS 'Why, where it differs from the proposal 说明';
COMMENT ON COLUMN requisition.approval_state IS 'Approval axis 审批状态';
COMMENT ON COLUMN requisition.issue_state IS 'Issue axis 发料状态';
COMMENT ON COLUMN requisition.requested_by IS 'Requester 申请人';
COMMENT ON COLUMN requisition.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN requisition.created_at IS 'When the row was written 建立时间';

CREATE TABLE requisition_line (
    org_id uuid NOT NULL REFERENCES organisation (id),
    requisition_id uuid NOT NULL,
    line_number integer NOT NULL CHECK (line_number > 0),
    item_id uuid NOT NULL,
    proposed_quantity numeric(20,6) NOT NULL CHECK (proposed_quantity >= 0),
    requested_quantity numeric(20,6) NOT NULL CHECK (requested_quantity > 0),
    PRIMARY KEY (org_id, requisition_id, line_number),
    FOREIGN KEY (org_id, requisition_id) REFERENCES requisition (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);
CREATE INDEX requisition_line_requisition_id_idx ON requisition_line (org_id, requisition_id);
CREATE INDEX requisition_line_item_id_idx ON requisition_line (org_id, item_id);
COMMENT ON TABLE requisition_line IS 'One component requested 发料申请行';
COMMENT ON COLUMN requisition_line.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN requisition_line.requisition_id IS 'Requisition 发料申请';
COMMENT ON COLUMN requisition_line.line_number IS 'Line, the order component''s 行号';
COMMENT ON COLUMN requisition_line.item_id IS 'Component 组件';
COMMENT ON COLUMN requisition_line.proposed_quantity IS 'net ÷ (1 − loss norm), rounded up to the issue multiple 建议数量';
COMMENT ON COLUMN requisition_line.requested_quantity IS 'Quantity asked for 申请数量';

CREATE TABLE approval (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    document_kind text NOT NULL,
    document_id uuid NOT NULL,
    document_number text NOT NULL,
    permission text NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'refused', 'returned', 'withdrawn')),
    urgent boolean NOT NULL DEFAULT false,
    due_on date,
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by uuid,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, id),
    CHECK ((state IN ('pending', 'withdrawn')) = (decided_by IS NULL)),
    FOREIGN KEY (requested_by) REFERENCES person (id),
    FOREIGN KEY (decided_by) REFERENCES person (id)
);
CREATE INDEX approval_requested_by_idx ON approval (org_id, requested_by);
CREATE INDEX approval_decided_by_idx ON approval (org_id, decided_by);
CREATE INDEX approval_document_kind_document_id_idx ON approval (org_id, document_kind, document_id);
CREATE INDEX approval_state_id_idx ON approval (org_id, state, id);
COMMENT ON TABLE approval IS 'A document waiting for, or decided by, an approver 审批';
COMMENT ON COLUMN approval.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN approval.id IS 'Identifier 标识';
COMMENT ON COLUMN approval.document_kind IS 'Kind of document 单据类型';
COMMENT ON COLUMN approval.document_id IS 'Document 单据';
COMMENT ON COLUMN approval.document_number IS 'Its number, for the inbox 单号';
COMMENT ON COLUMN approval.permission IS 'Permission that a decision needs 所需权限';
COMMENT ON COLUMN approval.state IS 'Where it stands 状态';
COMMENT ON COLUMN approval.urgent IS 'Ranked first 紧急';
COMMENT ON COLUMN approval.due_on IS 'When the document is needed 需用日期';
COMMENT ON COLUMN approval.requested_by IS 'Requester, who may not decide 申请人';
COMMENT ON COLUMN approval.requested_at IS 'When 申请时间';
COMMENT ON COLUMN approval.decided_by IS 'Who decided 审批人';
COMMENT ON COLUMN approval.decided_at IS 'When 审批时间';
COMMENT ON COLUMN approval.reason IS 'Reason of the decision 意见';

CREATE TABLE pick_task (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    requisition_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'issued', 'cancelled')),
    created_by uuid NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, requisition_id) REFERENCES requisition (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id)
);
CREATE INDEX pick_task_requisition_id_idx ON pick_task (org_id, requisition_id);
CREATE INDEX pick_task_created_by_idx ON pick_task (org_id, created_by);
COMMENT ON TABLE pick_task IS 'Picking of an approved requisition 拣货任务';
COMMENT ON COLUMN pick_task.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN pick_task.id IS 'Identifier 标识';
COMMENT ON COLUMN pick_task.number IS 'Document number 单号';
COMMENT ON COLUMN pick_task.requisition_id IS 'Requisition 发料申请';
COMMENT ON COLUMN pick_task.state IS 'Where it stands 状态';
COMMENT ON COLUMN pick_task.created_by IS 'Who started it 拣货人';
COMMENT ON COLUMN pick_task.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN pick_task.created_at IS 'When the row was written 建立时间';

CREATE TABLE pick_line (
    org_id uuid NOT NULL REFERENCES organisation (id),
    pick_id uuid NOT NULL,
    line_number integer NOT NULL CHECK (line_number > 0),
    requisition_line integer NOT NULL,
    item_id uuid NOT NULL,
    lot_id uuid,
    proposed_lot_id uuid,
    location_id uuid NOT NULL,
    quantity numeric(20,6) NOT NULL CHECK (quantity > 0),
    reservation_id uuid NOT NULL,
    picked_by uuid,
    picked_at timestamptz,
    substitution_reason text NOT NULL DEFAULT '',
    scan_id uuid,
    PRIMARY KEY (org_id, pick_id, line_number),
    CHECK ((picked_by IS NULL) = (picked_at IS NULL)),
    FOREIGN KEY (org_id, pick_id) REFERENCES pick_task (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, proposed_lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id),
    FOREIGN KEY (org_id, reservation_id) REFERENCES reservation (org_id, id),
    FOREIGN KEY (picked_by) REFERENCES person (id),
    FOREIGN KEY (org_id, scan_id) REFERENCES scan (org_id, id)
);
CREATE INDEX pick_line_pick_id_idx ON pick_line (org_id, pick_id);
CREATE INDEX pick_line_item_id_idx ON pick_line (org_id, item_id);
CREATE INDEX pick_line_lot_id_idx ON pick_line (org_id, lot_id);
CREATE INDEX pick_line_proposed_lot_id_idx ON pick_line (org_id, proposed_lot_id);
CREATE INDEX pick_line_location_id_idx ON pick_line (org_id, location_id);
CREATE INDEX pick_line_reservation_id_idx ON pick_line (org_id, reservation_id);
CREATE INDEX pick_line_picked_by_idx ON pick_line (org_id, picked_by);
CREATE INDEX pick_line_scan_id_idx ON pick_line (org_id, scan_id);
COMMENT ON TABLE pick_line IS 'A lot to take for a requisition line 拣货行';
COMMENT ON COLUMN pick_line.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN pick_line.pick_id IS 'Pick task 拣货任务';
COMMENT ON COLUMN pick_line.line_number IS 'Line 行号';
COMMENT ON COLUMN pick_line.requisition_line IS 'Requisition line it serves 申请行号';
COMMENT ON COLUMN pick_line.item_id IS 'Item 物料';
COMMENT ON COLUMN pick_line.lot_id IS 'Lot to take 批次';
COMMENT ON COLUMN pick_line.proposed_lot_id IS 'Lot that first-expired-first-out proposed 建议批次';
COMMENT ON COLUMN pick_line.location_id IS 'From where 库位';
COMMENT ON COLUMN pick_line.quantity IS 'How much 数量';
COMMENT ON COLUMN pick_line.reservation_id IS 'The reservation behind it 预留';
COMMENT ON COLUMN pick_line.picked_by IS 'Who confirmed it by scan 拣货人';
COMMENT ON COLUMN pick_line.picked_at IS 'When 拣货时间';
COMMENT ON COLUMN pick_line.substitution_reason IS 'Why another lot than proposed 换批原因';
COMMENT ON COLUMN pick_line.scan_id IS 'The scan that confirmed it 扫描记录';

CREATE TABLE issue_note (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    order_id uuid NOT NULL,
    requisition_id uuid NOT NULL,
    pick_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    record_state text NOT NULL DEFAULT 'posted' CHECK (record_state IN ('posted', 'reversed')),
    custody_state text NOT NULL DEFAULT 'in_transit' CHECK (custody_state IN ('none', 'in_transit', 'confirmed', 'with_discrepancy')),
    carrier text NOT NULL DEFAULT '',
    seal_number text NOT NULL DEFAULT '',
    remark text NOT NULL DEFAULT '',
    occurred_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    confirmed_by uuid,
    confirmed_at timestamptz,
    confirmation_remark text NOT NULL DEFAULT '',
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    CONSTRAINT issue_note_partner_key UNIQUE (org_id, id, partner_id),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id),
    FOREIGN KEY (org_id, requisition_id) REFERENCES requisition (org_id, id),
    FOREIGN KEY (org_id, pick_id) REFERENCES pick_task (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id),
    FOREIGN KEY (confirmed_by) REFERENCES person (id)
);
CREATE INDEX issue_note_order_id_idx ON issue_note (org_id, order_id);
CREATE INDEX issue_note_requisition_id_idx ON issue_note (org_id, requisition_id);
CREATE INDEX issue_note_pick_id_idx ON issue_note (org_id, pick_id);
CREATE INDEX issue_note_partner_id_idx ON issue_note (org_id, partner_id);
CREATE INDEX issue_note_created_by_idx ON issue_note (org_id, created_by);
CREATE INDEX issue_note_confirmed_by_idx ON issue_note (org_id, confirmed_by);
COMMENT ON TABLE issue_note IS 'Material issued to a subcontractor 委外发料单';
COMMENT ON COLUMN issue_note.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN issue_note.id IS 'Identifier 标识';
COMMENT ON COLUMN issue_note.number IS 'Document number 单号';
COMMENT ON COLUMN issue_note.order_id IS 'Order 委外订单';
COMMENT ON COLUMN issue_note.requisition_id IS 'Requisition 发料申请';
COMMENT ON COLUMN issue_note.pick_id IS 'Pick task 拣货任务';
COMMENT ON COLUMN issue_note.partner_id IS 'Subcontractor 受托方';
COMMENT ON COLUMN issue_note.record_state IS 'Record state 单据状态';
COMMENT ON COLUMN issue_note.custody_state IS 'Custody axis 在外状态';
COMMENT ON COLUMN issue_note.carrier IS 'Carrier or driver 承运人';
COMMENT ON COLUMN issue_note.seal_number IS 'Seal 封签号';
COMMENT ON COLUMN issue_note.remark IS 'Remark 备注';
COMMENT ON COLUMN issue_note.occurred_at IS 'When the goods left 发出时间';
COMMENT ON COLUMN issue_note.created_by IS 'Who posted it 发料人';
COMMENT ON COLUMN issue_note.confirmed_by IS 'Who countersigned for the subcontractor 签收人';
COMMENT ON COLUMN issue_note.confirmed_at IS 'When 签收时间';
COMMENT ON COLUMN issue_note.confirmation_remark IS 'The subcontractor''s remark 签收备注';
COMMENT ON COLUMN issue_note.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN issue_note.created_at IS 'When the row was written 建立时间';

CREATE TABLE issue_note_line (
    org_id uuid NOT NULL REFERENCES organisation (id),
    issue_note_id uuid NOT NULL,
    line_number integer NOT NULL CHECK (line_number > 0),
    partner_id uuid NOT NULL,
    requisition_line integer NOT NULL,
    item_id uuid NOT NULL,
    lot_id uuid,
    from_location_id uuid NOT NULL,
    quantity numeric(20,6) NOT NULL CHECK (quantity > 0),
    received_quantity numeric(20,6) CHECK (received_quantity >= 0),
    short_quantity numeric(20,6) CHECK (short_quantity >= 0),
    damaged_quantity numeric(20,6) CHECK (damaged_quantity >= 0),
    over_quantity numeric(20,6) CHECK (over_quantity >= 0),
    confirmation_remark text NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, issue_note_id, line_number),
    FOREIGN KEY (org_id, issue_note_id, partner_id) REFERENCES issue_note (org_id, id, partner_id),
    CONSTRAINT issue_note_line_count_check CHECK (received_quantity + short_quantity + damaged_quantity = quantity),
    FOREIGN KEY (org_id, issue_note_id) REFERENCES issue_note (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, from_location_id) REFERENCES location (org_id, id)
);
CREATE INDEX issue_note_line_issue_note_id_idx ON issue_note_line (org_id, issue_note_id, partner_id);
CREATE INDEX issue_note_line_partner_id_idx ON issue_note_line (org_id, partner_id);
CREATE INDEX issue_note_line_item_id_idx ON issue_note_line (org_id, item_id);
CREATE INDEX issue_note_line_lot_id_idx ON issue_note_line (org_id, lot_id);
CREATE INDEX issue_note_line_from_location_id_idx ON issue_note_line (org_id, from_location_id);
COMMENT ON TABLE issue_note_line IS 'One lot issued, and what the subcontractor says arrived 委外发料单行';
COMMENT ON COLUMN issue_note_line.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN issue_note_line.issue_note_id IS 'Issue note 发料单';
COMMENT ON COLUMN issue_note_line.line_number IS 'Line 行号';
COMMENT ON COLUMN issue_note_line.partner_id IS 'Subcontractor, as on the note 受托方';
COMMENT ON COLUMN issue_note_line.requisition_line IS 'Requisition line it serves 申请行号';
COMMENT ON COLUMN issue_note_line.item_id IS 'Item 物料';
COMMENT ON COLUMN issue_note_line.lot_id IS 'Lot 批次';
COMMENT ON COLUMN issue_note_line.from_location_id IS 'From where 库位';
COMMENT ON COLUMN issue_note_line.quantity IS 'Quantity issued 数量';
COMMENT ON COLUMN issue_note_line.received_quantity IS 'Received in good order 实收数量';
COMMENT ON COLUMN issue_note_line.short_quantity IS 'Missing 短少数量';
COMMENT ON COLUMN issue_note_line.damaged_quantity IS 'Damaged 损坏数量';
COMMENT ON COLUMN issue_note_line.over_quantity IS 'Counted beyond the quantity issued; claimed, not posted 多收数量';
COMMENT ON COLUMN issue_note_line.confirmation_remark IS 'The subcontractor''s remark 备注';

CREATE TABLE attachment (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    partner_id uuid,
    document_kind text NOT NULL,
    document_id uuid NOT NULL,
    document_line integer,
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp')),
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    content bytea NOT NULL CHECK (length(content) BETWEEN 1 AND 8388608),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id)
);
CREATE INDEX attachment_partner_id_idx ON attachment (org_id, partner_id);
CREATE INDEX attachment_created_by_idx ON attachment (org_id, created_by);
CREATE INDEX attachment_document_kind_document_id_idx ON attachment (org_id, document_kind, document_id);
COMMENT ON TABLE attachment IS 'A file laid to a document, with its digest 附件';
COMMENT ON COLUMN attachment.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN attachment.id IS 'Identifier 标识';
COMMENT ON COLUMN attachment.partner_id IS 'Set where the subcontractor laid or may see it 受托方';
COMMENT ON COLUMN attachment.document_kind IS 'Kind of document 单据类型';
COMMENT ON COLUMN attachment.document_id IS 'Document 单据';
COMMENT ON COLUMN attachment.document_line IS 'Line 单据行';
COMMENT ON COLUMN attachment.media_type IS 'Type, checked against the content 类型';
COMMENT ON COLUMN attachment.file_name IS 'Name 文件名';
COMMENT ON COLUMN attachment.sha256 IS 'SHA-256 of the content 摘要';
COMMENT ON COLUMN attachment.content IS 'The file, at most 8 MiB 内容';
COMMENT ON COLUMN attachment.created_by IS 'Who 上传人';
COMMENT ON COLUMN attachment.created_at IS 'When 时间';

CREATE TABLE claim (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    issue_note_id uuid NOT NULL,
    issue_note_line integer NOT NULL,
    partner_id uuid NOT NULL,
    item_id uuid NOT NULL,
    lot_id uuid,
    kind text NOT NULL CHECK (kind IN ('short', 'damaged', 'over')),
    quantity numeric(20,6) NOT NULL CHECK (quantity > 0),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'settled')),
    remark text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, issue_note_id) REFERENCES issue_note (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id)
);
CREATE INDEX claim_issue_note_id_idx ON claim (org_id, issue_note_id);
CREATE INDEX claim_partner_id_idx ON claim (org_id, partner_id);
CREATE INDEX claim_item_id_idx ON claim (org_id, item_id);
CREATE INDEX claim_lot_id_idx ON claim (org_id, lot_id);
CREATE INDEX claim_created_by_idx ON claim (org_id, created_by);
COMMENT ON TABLE claim IS 'A difference between issued and received, to be settled 差异索赔';
COMMENT ON COLUMN claim.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN claim.id IS 'Identifier 标识';
COMMENT ON COLUMN claim.number IS 'Document number 单号';
COMMENT ON COLUMN claim.issue_note_id IS 'Issue note 发料单';
COMMENT ON COLUMN claim.issue_note_line IS 'Its line 行号';
COMMENT ON COLUMN claim.partner_id IS 'Subcontractor 受托方';
COMMENT ON COLUMN claim.item_id IS 'Item 物料';
COMMENT ON COLUMN claim.lot_id IS 'Lot 批次';
COMMENT ON COLUMN claim.kind IS 'What is wrong 类型';
COMMENT ON COLUMN claim.quantity IS 'How much 数量';
COMMENT ON COLUMN claim.state IS 'Where it stands 状态';
COMMENT ON COLUMN claim.remark IS 'The subcontractor''s remark 备注';
COMMENT ON COLUMN claim.created_by IS 'Who declared it 申报人';
COMMENT ON COLUMN claim.created_at IS 'When 时间';
