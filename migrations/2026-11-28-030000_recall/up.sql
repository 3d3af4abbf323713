-- Recalls: what is affected, who was told, and the drills that prove it can be done.
CREATE TABLE recall (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    recall_class text NOT NULL CHECK (recall_class IN ('one', 'two', 'three')),
    record_state text NOT NULL DEFAULT 'scoped' CHECK (record_state IN ('scoped', 'held', 'closed', 'cancelled')),
    reason text NOT NULL,
    instruction text NOT NULL,
    criteria jsonb NOT NULL,
    created_by uuid NOT NULL REFERENCES person (id),
    created_at timestamptz NOT NULL,
    held_by uuid REFERENCES person (id),
    held_at timestamptz,
    ended_by uuid REFERENCES person (id),
    ended_at timestamptz,
    end_reason text NOT NULL DEFAULT '',
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id),
    CONSTRAINT recall_number_key UNIQUE (org_id, number),
    CONSTRAINT recall_held_check CHECK ((held_by IS NULL) = (held_at IS NULL)
        AND (held_at IS NOT NULL) = (record_state IN ('held', 'closed'))),
    CONSTRAINT recall_ended_check CHECK ((ended_by IS NULL) = (ended_at IS NULL)
        AND (ended_at IS NOT NULL) = (record_state IN ('closed', 'cancelled')))
);
CREATE INDEX recall_created_by_idx ON recall (org_id, created_by);
CREATE INDEX recall_held_by_idx ON recall (org_id, held_by);
CREATE INDEX recall_ended_by_idx ON recall (org_id, ended_by);
COMMENT ON TABLE recall IS 'A recall of lots 召回';
COMMENT ON COLUMN recall.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN recall.id IS 'Identifier 标识';
COMMENT ON COLUMN recall.number IS 'Number 单号';
COMMENT ON COLUMN recall.recall_class IS 'How grave it is; sets the time within which everybody is told 召回等级';
COMMENT ON COLUMN recall.record_state IS 'Record state 单据状态';
COMMENT ON COLUMN recall.reason IS 'Why 召回原因';
COMMENT ON COLUMN recall.instruction IS 'What whoever has some of it is to do 处置要求';
COMMENT ON COLUMN recall.criteria IS 'How the suspect lots were chosen 圈定条件';
COMMENT ON COLUMN recall.created_by IS 'Who began it 发起人';
COMMENT ON COLUMN recall.created_at IS 'When 发起时间';
COMMENT ON COLUMN recall.held_by IS 'Who held its lots first 控制人';
COMMENT ON COLUMN recall.held_at IS 'When 控制时间';
COMMENT ON COLUMN recall.ended_by IS 'Who closed it or called it off 结案人';
COMMENT ON COLUMN recall.ended_at IS 'When 结案时间';
COMMENT ON COLUMN recall.end_reason IS 'Why it was called off, or what became of what cannot be located 结案说明';
COMMENT ON COLUMN recall.version IS 'Optimistic concurrency counter 版本号';

CREATE TABLE recall_lot (
    org_id uuid NOT NULL REFERENCES organisation (id),
    recall_id uuid NOT NULL,
    lot_id uuid NOT NULL,
    certain boolean NOT NULL,
    distance integer NOT NULL CHECK (distance >= 0),
    hold_state text NOT NULL DEFAULT 'scoped' CHECK (hold_state IN ('scoped', 'held', 'lifted')),
    status_before text CHECK (status_before IN ('quarantine', 'released', 'blocked', 'expired', 'consumed', 'scrapped')),
    scoped_at timestamptz NOT NULL,
    scoped_places jsonb NOT NULL,
    held_at timestamptz,
    lifted_by uuid REFERENCES person (id),
    lifted_at timestamptz,
    lift_reason text NOT NULL DEFAULT '',
    closing_figures jsonb,
    PRIMARY KEY (org_id, recall_id, lot_id),
    FOREIGN KEY (org_id, recall_id) REFERENCES recall (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    CONSTRAINT recall_lot_held_check CHECK ((hold_state = 'scoped') = (held_at IS NULL)
        AND (held_at IS NULL) = (status_before IS NULL)),
    CONSTRAINT recall_lot_lifted_check CHECK ((hold_state = 'lifted') = (lifted_at IS NOT NULL)
        AND (lifted_by IS NULL) = (lifted_at IS NULL))
);
CREATE INDEX recall_lot_lot_id_idx ON recall_lot (org_id, lot_id);
CREATE INDEX recall_lot_lifted_by_idx ON recall_lot (org_id, lifted_by);
COMMENT ON TABLE recall_lot IS 'A lot that a recall affects, as it was when it was found 涉及批次';
COMMENT ON COLUMN recall_lot.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN recall_lot.recall_id IS 'Recall 召回';
COMMENT ON COLUMN recall_lot.lot_id IS 'Lot 批次';
COMMENT ON COLUMN recall_lot.certain IS 'Affected for certain; otherwise possibly 确定涉及';
COMMENT ON COLUMN recall_lot.distance IS 'Links from the nearest suspect lot 距可疑批次的层数';
COMMENT ON COLUMN recall_lot.hold_state IS 'Where its hold stands 控制状态';
COMMENT ON COLUMN recall_lot.status_before IS 'Status of the lot before the hold 控制前批次状态';
COMMENT ON COLUMN recall_lot.scoped_at IS 'When it came into the scope 纳入时间';
COMMENT ON COLUMN recall_lot.scoped_places IS 'Where it was then, and how much 纳入时的分布';
COMMENT ON COLUMN recall_lot.held_at IS 'When it was held 控制时间';
COMMENT ON COLUMN recall_lot.lifted_by IS 'Who lifted the hold 解除人';
COMMENT ON COLUMN recall_lot.lifted_at IS 'When 解除时间';
COMMENT ON COLUMN recall_lot.lift_reason IS 'Why 解除原因';
COMMENT ON COLUMN recall_lot.closing_figures IS 'What had become of it when the recall was closed 结案时的核对数';

CREATE TABLE recall_notice (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    recall_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('subcontractor', 'customer')),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'sent', 'acknowledged')),
    contact text NOT NULL,
    recall_class text NOT NULL CHECK (recall_class IN ('one', 'two', 'three')),
    reason text NOT NULL,
    instruction text NOT NULL,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    sent_by_means text NOT NULL DEFAULT '',
    sent_evidence text NOT NULL DEFAULT '',
    sent_by uuid REFERENCES person (id),
    sent_at timestamptz,
    acknowledged_by uuid REFERENCES person (id),
    acknowledged_at timestamptz,
    remark text NOT NULL DEFAULT '',
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id),
    CONSTRAINT recall_notice_number_key UNIQUE (org_id, number),
    CONSTRAINT recall_notice_partner_key UNIQUE (org_id, id, partner_id),
    FOREIGN KEY (org_id, recall_id) REFERENCES recall (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    CONSTRAINT recall_notice_sent_check CHECK ((sent_by IS NULL) = (sent_at IS NULL)
        AND (sent_at IS NOT NULL) = (kind = 'customer' AND state <> 'open') AND (kind = 'customer' OR state <> 'sent')),
    CONSTRAINT recall_notice_acknowledged_check CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL)
        AND (acknowledged_at IS NOT NULL) = (state = 'acknowledged'))
);
CREATE INDEX recall_notice_recall_id_idx ON recall_notice (org_id, recall_id);
CREATE INDEX recall_notice_partner_id_idx ON recall_notice (org_id, partner_id);
CREATE INDEX recall_notice_sent_by_idx ON recall_notice (org_id, sent_by);
CREATE INDEX recall_notice_acknowledged_by_idx ON recall_notice (org_id, acknowledged_by);
COMMENT ON TABLE recall_notice IS 'A notice to somebody who has some of what is recalled 召回通知';
COMMENT ON COLUMN recall_notice.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN recall_notice.id IS 'Identifier 标识';
COMMENT ON COLUMN recall_notice.number IS 'Number 单号';
COMMENT ON COLUMN recall_notice.recall_id IS 'Recall 召回';
COMMENT ON COLUMN recall_notice.partner_id IS 'Its receiver 收件单位';
COMMENT ON COLUMN recall_notice.kind IS 'Whom it goes to 收件方类型';
COMMENT ON COLUMN recall_notice.state IS 'Where it stands 状态';
COMMENT ON COLUMN recall_notice.contact IS 'A customer''s address and contact, from the sales record 地址与联系人';
COMMENT ON COLUMN recall_notice.recall_class IS 'Copied from the recall: its receiver does not see that 召回等级';
COMMENT ON COLUMN recall_notice.reason IS 'Why, as its receiver is told 召回原因';
COMMENT ON COLUMN recall_notice.instruction IS 'What its receiver is to do 处置要求';
COMMENT ON COLUMN recall_notice.created_at IS 'When it was written 生成时间';
COMMENT ON COLUMN recall_notice.due_at IS 'Until when it is to be acknowledged 回执期限';
COMMENT ON COLUMN recall_notice.sent_by_means IS 'How it was sent 发出方式';
COMMENT ON COLUMN recall_notice.sent_evidence IS 'What proves that 发出凭据';
COMMENT ON COLUMN recall_notice.sent_by IS 'Who sent it 发出人';
COMMENT ON COLUMN recall_notice.sent_at IS 'When 发出时间';
COMMENT ON COLUMN recall_notice.acknowledged_by IS 'Who acknowledged it, or wrote the answer down 回执人';
COMMENT ON COLUMN recall_notice.acknowledged_at IS 'When 回执时间';
COMMENT ON COLUMN recall_notice.remark IS 'Remark at that 回执备注';
COMMENT ON COLUMN recall_notice.version IS 'Optimistic concurrency counter 版本号';

CREATE TABLE recall_notice_line (
    org_id uuid NOT NULL REFERENCES organisation (id),
    notice_id uuid NOT NULL,
    line_number integer NOT NULL,
    partner_id uuid NOT NULL,
    lot_id uuid NOT NULL,
    material_id uuid,
    quantity numeric(20,6) NOT NULL CHECK (quantity > 0),
    counted_quantity numeric(20,6) CHECK (counted_quantity >= 0),
    place text NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, notice_id, line_number),
    FOREIGN KEY (org_id, notice_id, partner_id) REFERENCES recall_notice (org_id, id, partner_id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, material_id) REFERENCES material_document (org_id, id)
);
CREATE INDEX recall_notice_line_notice_id_partner_id_idx ON recall_notice_line (org_id, notice_id, partner_id);
CREATE INDEX recall_notice_line_partner_id_idx ON recall_notice_line (org_id, partner_id);
CREATE INDEX recall_notice_line_lot_id_idx ON recall_notice_line (org_id, lot_id);
CREATE INDEX recall_notice_line_material_id_idx ON recall_notice_line (org_id, material_id);
COMMENT ON TABLE recall_notice_line IS 'A lot on a notice 召回通知行';
COMMENT ON COLUMN recall_notice_line.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN recall_notice_line.notice_id IS 'Notice 召回通知';
COMMENT ON COLUMN recall_notice_line.line_number IS 'Line 行号';
COMMENT ON COLUMN recall_notice_line.partner_id IS 'Copied from the notice, for the wall 收件单位';
COMMENT ON COLUMN recall_notice_line.lot_id IS 'Lot 批次';
COMMENT ON COLUMN recall_notice_line.material_id IS 'Dispatch by which a customer got it 发货单';
COMMENT ON COLUMN recall_notice_line.quantity IS 'What the books said that its receiver has, or was sold 账面数量';
COMMENT ON COLUMN recall_notice_line.counted_quantity IS 'What its receiver has of it 清点数量';
COMMENT ON COLUMN recall_notice_line.place IS 'Where it is set apart 隔离地点';

CREATE TABLE recall_drill (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'answered')),
    lot_id uuid NOT NULL,
    draw bigint NOT NULL CHECK (draw >= 0),
    candidate_count bigint NOT NULL CHECK (candidate_count > 0),
    started_by uuid NOT NULL REFERENCES person (id),
    started_at timestamptz NOT NULL,
    answered_by uuid REFERENCES person (id),
    answered_at timestamptz,
    criteria jsonb,
    result jsonb,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id),
    CONSTRAINT recall_drill_number_key UNIQUE (org_id, number),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    CONSTRAINT recall_drill_answered_check CHECK ((state = 'answered') = (answered_by IS NOT NULL)
        AND (state = 'answered') = (answered_at IS NOT NULL) AND (state = 'answered') = (criteria IS NOT NULL)
        AND (state = 'answered') = (result IS NOT NULL))
);
CREATE INDEX recall_drill_lot_id_idx ON recall_drill (org_id, lot_id);
CREATE INDEX recall_drill_started_by_idx ON recall_drill (org_id, started_by);
CREATE INDEX recall_drill_answered_by_idx ON recall_drill (org_id, answered_by);
COMMENT ON TABLE recall_drill IS 'A drill of a recall: a lot drawn, a stopwatch, an answer and its score 召回演练';
COMMENT ON COLUMN recall_drill.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN recall_drill.id IS 'Identifier 标识';
COMMENT ON COLUMN recall_drill.number IS 'Number 单号';
COMMENT ON COLUMN recall_drill.state IS 'Where it stands 状态';
COMMENT ON COLUMN recall_drill.lot_id IS 'The lot that was drawn 抽中批次';
COMMENT ON COLUMN recall_drill.draw IS 'The number that the server drew 随机数';
COMMENT ON COLUMN recall_drill.candidate_count IS 'From how many lots 候选批次数';
COMMENT ON COLUMN recall_drill.started_by IS 'Who began it 发起人';
COMMENT ON COLUMN recall_drill.started_at IS 'When the stopwatch began 开始时间';
COMMENT ON COLUMN recall_drill.answered_by IS 'Who answered 作答人';
COMMENT ON COLUMN recall_drill.answered_at IS 'When the stopwatch stopped 作答时间';
COMMENT ON COLUMN recall_drill.criteria IS 'What was answered with 作答条件';
COMMENT ON COLUMN recall_drill.result IS 'How the answer agrees with what was worked out a second way 评分';
COMMENT ON COLUMN recall_drill.version IS 'Optimistic concurrency counter 版本号';

ALTER TABLE role_permission NO FORCE ROW LEVEL SECURITY;
ALTER TABLE role NO FORCE ROW LEVEL SECURITY;
INSERT INTO role_permission (org_id, role_id, permission)
SELECT r.org_id, r.id, given.permission FROM role r JOIN (VALUES
    ('clerk', 'recall.view'), ('warehouse', 'recall.view'), ('auditor', 'recall.view'),
    ('quality', 'recall.view'), ('quality', 'recall.manage'),
    ('manager', 'recall.view'), ('manager', 'recall.manage'), ('manager', 'recall.lift')
) AS given (code, permission) ON given.code = r.code
ON CONFLICT DO NOTHING;
