-- Approval flows that people draw, the way an approval goes through one, and who is away.

CREATE TABLE approval_flow (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    document_kind text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    "position" integer NOT NULL CHECK ("position" BETWEEN 1 AND 1000),
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX approval_flow_document_kind_idx ON approval_flow (org_id, document_kind, "position");
COMMENT ON TABLE approval_flow IS 'A way that documents of a kind are approved, as people drew it 审批流';
COMMENT ON COLUMN approval_flow.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN approval_flow.id IS 'Identifier 标识';
COMMENT ON COLUMN approval_flow.document_kind IS 'Kind of documents that go through it 单据类型';
COMMENT ON COLUMN approval_flow.name_zh IS 'Name, Chinese 名称（中文）';
COMMENT ON COLUMN approval_flow.name_en IS 'Name, English 名称（英文）';
COMMENT ON COLUMN approval_flow."position" IS 'Place among the flows of its kind; the first whose condition holds is taken 顺序';
COMMENT ON COLUMN approval_flow.active IS 'Whether it is asked at all 启用';
COMMENT ON COLUMN approval_flow.version IS 'Version for If-Match 版本';

CREATE TABLE approval_flow_version (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    flow_id uuid NOT NULL,
    version_number integer NOT NULL CHECK (version_number > 0),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'pending', 'published', 'retired')),
    condition jsonb,
    drawing jsonb NOT NULL,
    change_note text NOT NULL DEFAULT '',
    flaws jsonb NOT NULL DEFAULT '[]',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    drawn_by uuid[] NOT NULL,
    published_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id),
    CONSTRAINT approval_flow_version_number_key UNIQUE (org_id, flow_id, version_number),
    CHECK ((state IN ('published', 'retired')) = (published_at IS NOT NULL)),
    FOREIGN KEY (org_id, flow_id) REFERENCES approval_flow (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id)
);
CREATE INDEX approval_flow_version_flow_id_idx ON approval_flow_version (org_id, flow_id);
CREATE INDEX approval_flow_version_created_by_idx ON approval_flow_version (org_id, created_by);
CREATE UNIQUE INDEX approval_flow_version_drawn_key ON approval_flow_version (org_id, flow_id)
    WHERE state IN ('draft', 'pending');
CREATE UNIQUE INDEX approval_flow_version_published_key ON approval_flow_version (org_id, flow_id)
    WHERE state = 'published';
COMMENT ON TABLE approval_flow_version IS 'One version of a flow; what began on it ends on it 审批流版本';
COMMENT ON COLUMN approval_flow_version.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN approval_flow_version.id IS 'Identifier 标识';
COMMENT ON COLUMN approval_flow_version.flow_id IS 'Flow 审批流';
COMMENT ON COLUMN approval_flow_version.version_number IS 'Version from 1 版次';
COMMENT ON COLUMN approval_flow_version.state IS 'State 状态';
COMMENT ON COLUMN approval_flow_version.condition IS 'Documents that go through it; null: all of the kind 适用条件';
COMMENT ON COLUMN approval_flow_version.drawing IS 'Its steps 流程图';
COMMENT ON COLUMN approval_flow_version.change_note IS 'What changed against the version before 变更说明';
COMMENT ON COLUMN approval_flow_version.flaws IS 'What was wrong with it when it was last looked at 存在的错误';
COMMENT ON COLUMN approval_flow_version.created_by IS 'Who began it 建立人';
COMMENT ON COLUMN approval_flow_version.created_at IS 'When 建立时间';
COMMENT ON COLUMN approval_flow_version.drawn_by IS 'Everybody who drew any of it, and may not publish it 绘制人';
COMMENT ON COLUMN approval_flow_version.published_at IS 'When documents began to go through it 发布时间';
COMMENT ON COLUMN approval_flow_version.version IS 'Version for If-Match 版本';

ALTER TABLE approval
    ADD COLUMN flow_version_id uuid,
    ADD COLUMN drawing jsonb,
    ADD COLUMN run jsonb,
    ADD COLUMN subject jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN stuck boolean NOT NULL DEFAULT false,
    ADD COLUMN wakes_at timestamptz,
    ADD COLUMN partner_id uuid,
    ADD FOREIGN KEY (org_id, flow_version_id) REFERENCES approval_flow_version (org_id, id),
    ADD FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id);
-- What waited before flows were drawn goes on as it was: whoever has the right decides, once.
ALTER TABLE approval NO FORCE ROW LEVEL SECURITY;
UPDATE approval SET
    drawing = '{"steps": [{"key": "decide", "name": {"zh": "", "en": ""}, "act": {"kind": "approve",
        "who": [{"kind": "entitled"}], "quorum": {"kind": "one"}, "meaning": "approval", "due": null,
        "may_delegate": false, "in_bulk": false, "fields": []}}]}',
    run = jsonb_build_object('requester', requested_by, 'began_at', requested_at, 'facts', '{}'::jsonb, 'marks', '{}'::jsonb,
        'outcome', nullif(state, 'pending'));
ALTER TABLE approval
    ALTER COLUMN drawing SET NOT NULL,
    ALTER COLUMN run SET NOT NULL,
    DROP CONSTRAINT approval_check,
    ADD CONSTRAINT approval_decided_check CHECK (
        CASE WHEN state IN ('refused', 'returned') THEN decided_by IS NOT NULL
            WHEN state = 'approved' THEN true ELSE decided_by IS NULL END);
CREATE INDEX approval_flow_version_id_idx ON approval (org_id, flow_version_id);
CREATE INDEX approval_partner_id_idx ON approval (org_id, partner_id);
CREATE INDEX approval_wakes_at_idx ON approval (wakes_at) WHERE state = 'pending';
COMMENT ON COLUMN approval.flow_version_id IS 'Version of the flow it goes through; null: whoever has the right decides, once 审批流版本';
COMMENT ON COLUMN approval.drawing IS 'The steps it goes through, with other flows put in 流程图';
COMMENT ON COLUMN approval.run IS 'Where it stands in them 运行状态';
COMMENT ON COLUMN approval.subject IS 'What the flow has to know of the document: subcontractor, owners of items, who did what 单据背景';
COMMENT ON COLUMN approval.stuck IS 'Nobody was found who may decide 待指派';
COMMENT ON COLUMN approval.wakes_at IS 'When it has to be looked at again although nobody decides 唤醒时间';
COMMENT ON COLUMN approval.partner_id IS 'The subcontractor whose people countersign 会签的受托方';

CREATE TABLE approval_ask (
    org_id uuid NOT NULL REFERENCES organisation (id),
    approval_id uuid NOT NULL,
    step text NOT NULL,
    person_id uuid NOT NULL,
    in_place_of uuid,
    asked_at timestamptz NOT NULL,
    due_at timestamptz,
    in_bulk boolean NOT NULL,
    PRIMARY KEY (org_id, approval_id, step, person_id),
    FOREIGN KEY (org_id, approval_id) REFERENCES approval (org_id, id),
    FOREIGN KEY (person_id) REFERENCES person (id),
    FOREIGN KEY (in_place_of) REFERENCES person (id)
);
CREATE INDEX approval_ask_approval_id_idx ON approval_ask (org_id, approval_id);
CREATE INDEX approval_ask_person_id_idx ON approval_ask (org_id, person_id);
CREATE INDEX approval_ask_in_place_of_idx ON approval_ask (org_id, in_place_of);
COMMENT ON TABLE approval_ask IS 'Who is asked now: what the runs of approvals say, for the inbox 待办';
COMMENT ON COLUMN approval_ask.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN approval_ask.approval_id IS 'Approval 审批';
COMMENT ON COLUMN approval_ask.step IS 'Step of its flow 节点';
COMMENT ON COLUMN approval_ask.person_id IS 'Who is asked 被请求人';
COMMENT ON COLUMN approval_ask.in_place_of IS 'For whom: who is away, or passed it on 被代理人';
COMMENT ON COLUMN approval_ask.asked_at IS 'Since when 请求时间';
COMMENT ON COLUMN approval_ask.due_at IS 'When it is due 到期时间';
COMMENT ON COLUMN approval_ask.in_bulk IS 'Whether it may be decided together with others 可批量';

CREATE TABLE approval_entry (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    approval_id uuid NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    step text,
    person_id uuid,
    other_id uuid,
    meaning text,
    "text" text NOT NULL DEFAULT '',
    filled jsonb NOT NULL DEFAULT '{}',
    asked_at timestamptz,
    due_at timestamptz,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, approval_id) REFERENCES approval (org_id, id),
    FOREIGN KEY (person_id) REFERENCES person (id),
    FOREIGN KEY (other_id) REFERENCES person (id)
);
CREATE INDEX approval_entry_approval_id_idx ON approval_entry (org_id, approval_id);
CREATE INDEX approval_entry_person_id_idx ON approval_entry (org_id, person_id);
CREATE INDEX approval_entry_other_id_idx ON approval_entry (org_id, other_id);
COMMENT ON TABLE approval_entry IS 'What happened to an approval, written once 审批记录';
COMMENT ON COLUMN approval_entry.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN approval_entry.id IS 'Identifier 标识';
COMMENT ON COLUMN approval_entry.approval_id IS 'Approval 审批';
COMMENT ON COLUMN approval_entry.kind IS 'What happened 类别';
COMMENT ON COLUMN approval_entry.at IS 'When 时间';
COMMENT ON COLUMN approval_entry.step IS 'At which step 节点';
COMMENT ON COLUMN approval_entry.person_id IS 'Who did it; null: time did 人员';
COMMENT ON COLUMN approval_entry.other_id IS 'Whom it concerns 相关人员';
COMMENT ON COLUMN approval_entry.meaning IS 'What the decision means 签名含义';
COMMENT ON COLUMN approval_entry."text" IS 'Why, or what was said 内容';
COMMENT ON COLUMN approval_entry.filled IS 'What was filled in 填写内容';
COMMENT ON COLUMN approval_entry.asked_at IS 'Since when the decision was waited for 请求时间';
COMMENT ON COLUMN approval_entry.due_at IS 'When the decision was due 到期时间';

CREATE TABLE absence (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    stand_in_id uuid,
    reason text NOT NULL DEFAULT '',
    cancelled_at timestamptz,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CHECK (starts_at < ends_at),
    CHECK (stand_in_id <> person_id),
    FOREIGN KEY (person_id) REFERENCES person (id),
    FOREIGN KEY (stand_in_id) REFERENCES person (id),
    FOREIGN KEY (created_by) REFERENCES person (id)
);
CREATE INDEX absence_person_id_idx ON absence (org_id, person_id);
CREATE INDEX absence_stand_in_id_idx ON absence (org_id, stand_in_id);
CREATE INDEX absence_created_by_idx ON absence (org_id, created_by);
CREATE INDEX absence_ends_at_idx ON absence (org_id, ends_at);
COMMENT ON TABLE absence IS 'Times in which somebody is away and another is asked 外出代理';
COMMENT ON COLUMN absence.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN absence.id IS 'Identifier 标识';
COMMENT ON COLUMN absence.person_id IS 'Who is away 外出人';
COMMENT ON COLUMN absence.starts_at IS 'From when 开始';
COMMENT ON COLUMN absence.ends_at IS 'Until when, that moment not included 结束';
COMMENT ON COLUMN absence.stand_in_id IS 'Who is asked meanwhile 代理人';
COMMENT ON COLUMN absence.reason IS 'Why 原因';
COMMENT ON COLUMN absence.cancelled_at IS 'When it was taken back 撤销时间';
COMMENT ON COLUMN absence.created_by IS 'Who said so 登记人';
COMMENT ON COLUMN absence.created_at IS 'When 登记时间';

ALTER TABLE membership ADD COLUMN manager_id uuid REFERENCES person (id);
CREATE INDEX membership_manager_id_idx ON membership (org_id, manager_id);
COMMENT ON COLUMN membership.manager_id IS 'Who decides on what this member asks for, where a flow says so 直属主管';

ALTER TABLE partner ADD COLUMN risk text CHECK (risk IN ('low', 'medium', 'high'));
COMMENT ON COLUMN partner.risk IS 'Risk class as a subcontractor; null: not classed 受托方风险等级';

ALTER TABLE item ADD COLUMN owner_id uuid REFERENCES person (id);
CREATE INDEX item_owner_id_idx ON item (org_id, owner_id);
COMMENT ON COLUMN item.owner_id IS 'Who answers for the item 物料负责人';

ALTER TABLE role_permission NO FORCE ROW LEVEL SECURITY;
ALTER TABLE role NO FORCE ROW LEVEL SECURITY;
INSERT INTO role_permission (org_id, role_id, permission)
SELECT r.org_id, r.id, given.permission FROM role r JOIN (VALUES
    ('admin', 'flow.view'), ('admin', 'flow.edit'), ('manager', 'flow.view'), ('manager', 'flow.approve'),
    ('quality', 'flow.view'), ('quality', 'flow.edit'), ('approver', 'flow.view'), ('auditor', 'flow.view')
) AS given (code, permission) ON given.code = r.code
ON CONFLICT DO NOTHING;
