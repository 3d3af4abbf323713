-- Custody stands on the account of an order: what was issued for one order cannot be returned or used
-- up on another (domain: conservation per subcontractor, component lot and order).
ALTER TABLE stock_movement NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stock_balance NO FORCE ROW LEVEL SECURITY;
ALTER TABLE issue_note NO FORCE ROW LEVEL SECURITY;
ALTER TABLE location NO FORCE ROW LEVEL SECURITY;
ALTER TABLE organisation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stock_movement DISABLE TRIGGER USER;

ALTER TABLE stock_movement
    ADD COLUMN from_order_id uuid,
    ADD COLUMN to_order_id uuid,
    ADD FOREIGN KEY (org_id, from_order_id) REFERENCES subcontract_order (org_id, id),
    ADD FOREIGN KEY (org_id, to_order_id) REFERENCES subcontract_order (org_id, id);
COMMENT ON COLUMN stock_movement.from_order_id IS 'Order on whose account it leaves 移出订单';
COMMENT ON COLUMN stock_movement.to_order_id IS 'Order on whose account it arrives 移入订单';

UPDATE stock_movement m SET
    from_order_id = CASE WHEN f.kind IN ('in_transit_out', 'subcontractor_custody', 'claim') THEN n.order_id END,
    to_order_id = CASE WHEN t.kind IN ('in_transit_out', 'subcontractor_custody', 'claim') THEN n.order_id END
FROM issue_note n, location f, location t
WHERE m.document_kind = 'issue' AND (n.org_id, n.id) = (m.org_id, m.document_id)
    AND (f.org_id, f.id) = (m.org_id, m.from_location_id) AND (t.org_id, t.id) = (m.org_id, m.to_location_id);

CREATE INDEX stock_movement_from_order_id_idx ON stock_movement (org_id, from_order_id) WHERE from_order_id IS NOT NULL;
CREATE INDEX stock_movement_to_order_id_idx ON stock_movement (org_id, to_order_id) WHERE to_order_id IS NOT NULL;

ALTER TABLE stock_movement ENABLE TRIGGER USER;

-- A movement between two orders' accounts, or two owners, is one although place and status stay.
ALTER TABLE stock_movement DROP CONSTRAINT stock_movement_place_check;
ALTER TABLE stock_movement ADD CONSTRAINT stock_movement_place_check CHECK (from_location_id <> to_location_id
    OR from_status <> to_status OR from_order_id IS DISTINCT FROM to_order_id);

ALTER TABLE stock_balance ADD COLUMN order_id uuid,
    ADD FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id);
COMMENT ON COLUMN stock_balance.order_id IS 'Order on whose account it stands; null for own stock 所属订单';
ALTER TABLE stock_balance DROP CONSTRAINT stock_balance_position_key;
ALTER TABLE stock_balance ADD CONSTRAINT stock_balance_position_key
    UNIQUE NULLS NOT DISTINCT (org_id, location_id, item_id, lot_id, status, owner_id, order_id);
CREATE INDEX stock_balance_order_id_idx ON stock_balance (org_id, order_id) WHERE order_id IS NOT NULL;

DELETE FROM stock_balance b USING location p
WHERE (p.org_id, p.id) = (b.org_id, b.location_id) AND p.kind IN ('in_transit_out', 'subcontractor_custody', 'claim');
INSERT INTO stock_balance (org_id, location_id, item_id, lot_id, status, owner_id, order_id, on_hand)
SELECT org_id, location_id, item_id, lot_id, status, owner_id, order_id, sum(quantity) FROM (
    SELECT org_id, to_location_id AS location_id, item_id, lot_id, to_status AS status, owner_id, to_order_id AS order_id,
        quantity FROM stock_movement
    UNION ALL SELECT org_id, from_location_id, item_id, lot_id, from_status, owner_id, from_order_id, -quantity
    FROM stock_movement) flow
JOIN location p USING (org_id)
WHERE p.id = flow.location_id AND p.kind IN ('in_transit_out', 'subcontractor_custody', 'claim')
GROUP BY org_id, location_id, item_id, lot_id, status, owner_id, order_id;

-- Where lots are born other than at a supplier.
ALTER TABLE location DROP CONSTRAINT location_kind_check;
ALTER TABLE location ADD CONSTRAINT location_kind_check CHECK (kind IN ('supplier', 'quarantine', 'own_stock', 'wip',
    'in_transit_out', 'subcontractor_custody', 'in_transit_in', 'claim', 'consumed', 'scrap', 'customer', 'adjustment',
    'production'));
INSERT INTO location (org_id, id, code, name_zh, name_en, kind, system_made)
SELECT o.id, gen_random_uuid(), place.code, place.name_zh, place.name_en, place.kind, place.code <> 'LINE'
FROM organisation o CROSS JOIN (VALUES ('PRODUCTION', '产出', 'Production output', 'production'),
    ('LINE', '生产线', 'Production line', 'wip'), ('CUSTOMER', '客户', 'Customers', 'customer')) AS place (code, name_zh, name_en, kind)
WHERE NOT EXISTS (SELECT FROM location l WHERE (l.org_id, l.code) = (o.id, place.code));

ALTER TABLE partner ADD COLUMN customer boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN partner.customer IS 'Buys finished goods 是客户';
ALTER TABLE partner DROP CONSTRAINT partner_role_check;
ALTER TABLE partner ADD CONSTRAINT partner_role_check CHECK (supplier OR subcontractor OR customer);

ALTER TABLE item ADD COLUMN life_uses integer CHECK (life_uses > 0);
COMMENT ON COLUMN item.life_uses IS 'Tooling: how often one piece may be used 工装寿命次数';

ALTER TABLE lot
    ADD COLUMN batch_code text NOT NULL DEFAULT '',
    ADD COLUMN unit_cost numeric(20,6) CHECK (unit_cost >= 0),
    ADD COLUMN uses integer NOT NULL DEFAULT 0 CHECK (uses >= 0);
COMMENT ON COLUMN lot.batch_code IS 'For a serial number: the lot it was made in 所属批号';
COMMENT ON COLUMN lot.unit_cost IS 'Cost of one unit in the organisation''s currency; null where not known 单位成本';
COMMENT ON COLUMN lot.uses IS 'Tooling: how often it was used 已用次数';

ALTER TABLE bom_line ADD COLUMN supply text NOT NULL DEFAULT 'consigned'
    CHECK (supply IN ('consigned', 'supplier_sourced', 'drop_shipped', 'tooling'));
COMMENT ON COLUMN bom_line.supply IS 'Who provides the component 供料方式';
ALTER TABLE order_component ADD COLUMN supply text NOT NULL DEFAULT 'consigned'
    CHECK (supply IN ('consigned', 'supplier_sourced', 'drop_shipped', 'tooling'));
COMMENT ON COLUMN order_component.supply IS 'Who provides the component 供料方式';

ALTER TABLE subcontract_order
    ADD COLUMN receipt_state text NOT NULL DEFAULT 'open' CHECK (receipt_state IN ('open', 'partly', 'full', 'over')),
    ADD COLUMN quality_state text NOT NULL DEFAULT 'none'
        CHECK (quality_state IN ('none', 'on_hold', 'inspecting', 'accepted', 'rejected', 'partial', 'concession')),
    ADD COLUMN settlement_state text NOT NULL DEFAULT 'open'
        CHECK (settlement_state IN ('open', 'matched', 'approved', 'paid')),
    ADD COLUMN good_quantity numeric(20,6) NOT NULL DEFAULT 0 CHECK (good_quantity >= 0),
    ADD COLUMN rejected_quantity numeric(20,6) NOT NULL DEFAULT 0 CHECK (rejected_quantity >= 0),
    ADD COLUMN unit_price numeric(20,6) CHECK (unit_price >= 0),
    ADD COLUMN closed_by uuid REFERENCES person (id),
    ADD COLUMN closed_at timestamptz,
    ADD CONSTRAINT subcontract_order_closed_check CHECK ((closed_by IS NULL) = (closed_at IS NULL));
CREATE INDEX subcontract_order_closed_by_idx ON subcontract_order (org_id, closed_by);
COMMENT ON COLUMN subcontract_order.receipt_state IS 'Receipt axis 收货状态';
COMMENT ON COLUMN subcontract_order.quality_state IS 'Quality axis 质量状态';
COMMENT ON COLUMN subcontract_order.settlement_state IS 'Settlement axis 结算状态';
COMMENT ON COLUMN subcontract_order.good_quantity IS 'Received good, reversals taken off 合格收货数量';
COMMENT ON COLUMN subcontract_order.rejected_quantity IS 'Received rejected, reversals taken off 不合格收货数量';
COMMENT ON COLUMN subcontract_order.unit_price IS 'Agreed price of one good unit, where no clause sets it 加工单价';
COMMENT ON COLUMN subcontract_order.closed_by IS 'Who closed it 关闭人';
COMMENT ON COLUMN subcontract_order.closed_at IS 'When 关闭时间';
ALTER TABLE subcontract_order DROP CONSTRAINT subcontract_order_custody_state_check;
ALTER TABLE subcontract_order ADD CONSTRAINT subcontract_order_custody_state_check
    CHECK (custody_state IN ('none', 'in_transit', 'confirmed', 'with_discrepancy', 'reconciled'));

ALTER TABLE requisition
    ADD COLUMN kind text NOT NULL DEFAULT 'standard' CHECK (kind IN ('standard', 'supplement')),
    ADD COLUMN reason_code text NOT NULL DEFAULT '';
COMMENT ON COLUMN requisition.kind IS 'Planned issue, or supplement beyond it 申请类型';
COMMENT ON COLUMN requisition.reason_code IS 'Why a supplement is needed 补料原因代码';

ALTER TABLE receipt_line ADD COLUMN unit_price numeric(20,6) CHECK (unit_price >= 0);
COMMENT ON COLUMN receipt_line.unit_price IS 'Purchase price of one unit 采购单价';

ALTER TABLE reservation ADD COLUMN expires_at timestamptz;
COMMENT ON COLUMN reservation.expires_at IS 'When the promise lapses by itself 预留到期时间';

ALTER TABLE claim
    ADD COLUMN outcome text CHECK (outcome IN ('found', 'returned', 'written_off')),
    ADD COLUMN settlement_reason text NOT NULL DEFAULT '',
    ADD COLUMN settled_by uuid REFERENCES person (id),
    ADD COLUMN settled_at timestamptz,
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD CONSTRAINT claim_settled_check CHECK ((state = 'settled') = (settled_by IS NOT NULL AND settled_at IS NOT NULL));
CREATE INDEX claim_settled_by_idx ON claim (org_id, settled_by);
COMMENT ON COLUMN claim.outcome IS 'What became of the difference 处理结果';
COMMENT ON COLUMN claim.settlement_reason IS 'Why, in words 处理说明';
COMMENT ON COLUMN claim.settled_by IS 'Who settled it 处理人';
COMMENT ON COLUMN claim.settled_at IS 'When 处理时间';
COMMENT ON COLUMN claim.version IS 'Optimistic concurrency counter 版本号';

CREATE TABLE agreement (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    partner_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('quality_agreement', 'contract')),
    title_zh text NOT NULL,
    title_en text NOT NULL,
    created_by uuid NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    CONSTRAINT agreement_partner_key UNIQUE (org_id, id, partner_id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id)
);
CREATE INDEX agreement_partner_id_idx ON agreement (org_id, partner_id);
CREATE INDEX agreement_created_by_idx ON agreement (org_id, created_by);
COMMENT ON TABLE agreement IS 'Quality agreement or commercial contract with a subcontractor; what it says stands in its versions 协议与合同';
COMMENT ON COLUMN agreement.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN agreement.id IS 'Identifier 标识';
COMMENT ON COLUMN agreement.number IS 'Number 编号';
COMMENT ON COLUMN agreement.partner_id IS 'Subcontractor 受托方';
COMMENT ON COLUMN agreement.kind IS 'Quality agreement or contract 类型';
COMMENT ON COLUMN agreement.title_zh IS 'Chinese title 中文名称';
COMMENT ON COLUMN agreement.title_en IS 'English title 英文名称';
COMMENT ON COLUMN agreement.created_by IS 'Who wrote it 建立人';
COMMENT ON COLUMN agreement.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN agreement.created_at IS 'When the row was written 建立时间';

CREATE TABLE agreement_version (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    version_number integer NOT NULL CHECK (version_number > 0),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'pending', 'effective', 'retired')),
    effective_from date NOT NULL,
    effective_to date,
    change_note text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    approved_by uuid,
    approved_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    CONSTRAINT agreement_version_number_key UNIQUE (org_id, agreement_id, version_number),
    FOREIGN KEY (org_id, agreement_id, partner_id) REFERENCES agreement (org_id, id, partner_id),
    CHECK (effective_to >= effective_from),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    FOREIGN KEY (org_id, agreement_id) REFERENCES agreement (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id),
    FOREIGN KEY (approved_by) REFERENCES person (id)
);
CREATE INDEX agreement_version_agreement_id_idx ON agreement_version (org_id, agreement_id);
CREATE INDEX agreement_version_partner_id_idx ON agreement_version (org_id, partner_id);
CREATE INDEX agreement_version_created_by_idx ON agreement_version (org_id, created_by);
CREATE INDEX agreement_version_approved_by_idx ON agreement_version (org_id, approved_by);
CREATE INDEX agreement_version_agreement_id_partner_id_idx ON agreement_version (org_id, agreement_id, partner_id);
COMMENT ON TABLE agreement_version IS 'One version of an agreement, in force from a day on; amendments are new versions 协议版本';
COMMENT ON COLUMN agreement_version.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN agreement_version.id IS 'Identifier 标识';
COMMENT ON COLUMN agreement_version.agreement_id IS 'Agreement 协议';
COMMENT ON COLUMN agreement_version.partner_id IS 'Subcontractor 受托方';
COMMENT ON COLUMN agreement_version.version_number IS 'Version from 1 版次';
COMMENT ON COLUMN agreement_version.state IS 'State 状态';
COMMENT ON COLUMN agreement_version.effective_from IS 'First day in force 生效日';
COMMENT ON COLUMN agreement_version.effective_to IS 'Last day in force 失效日';
COMMENT ON COLUMN agreement_version.change_note IS 'What changed against the version before 变更说明';
COMMENT ON COLUMN agreement_version.created_by IS 'Who wrote it 建立人';
COMMENT ON COLUMN agreement_version.approved_by IS 'Who approved it 批准人';
COMMENT ON COLUMN agreement_version.approved_at IS 'When 批准时间';
COMMENT ON COLUMN agreement_version.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN agreement_version.created_at IS 'When the row was written 建立时间';

CREATE TABLE clause (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    agreement_version_id uuid NOT NULL,
    number text NOT NULL CHECK (length(number) BETWEEN 1 AND 20),
    kind text NOT NULL CHECK (kind IN ('scope', 'certificate', 'approved_subcontractor', 'custody_quota', 'issue_tolerance', 'loss_allowance', 'receipt_tolerance', 'price_tier', 'payment_milestone', 'retention', 'penalty', 'lead_time', 'acceptance_criteria', 'release_responsibility')),
    text_zh text NOT NULL,
    text_en text NOT NULL,
    item_id uuid,
    operation_id uuid,
    parameters jsonb NOT NULL,
    enforcement text NOT NULL DEFAULT 'refuse' CHECK (enforcement IN ('refuse', 'approve', 'warn')),
    PRIMARY KEY (org_id, id),
    CONSTRAINT clause_number_key UNIQUE (org_id, agreement_version_id, number),
    FOREIGN KEY (org_id, agreement_version_id) REFERENCES agreement_version (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, operation_id) REFERENCES operation (org_id, id)
);
CREATE INDEX clause_agreement_version_id_idx ON clause (org_id, agreement_version_id);
CREATE INDEX clause_item_id_idx ON clause (org_id, item_id);
CREATE INDEX clause_operation_id_idx ON clause (org_id, operation_id);
COMMENT ON TABLE clause IS 'A clause of an agreement that is evaluated when something is posted 合同条款';
COMMENT ON COLUMN clause.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN clause.id IS 'Identifier 标识';
COMMENT ON COLUMN clause.agreement_version_id IS 'Version it stands in 协议版本';
COMMENT ON COLUMN clause.number IS 'Clause number as printed, e.g. 4.2 条款号';
COMMENT ON COLUMN clause.kind IS 'What it rules 条款类型';
COMMENT ON COLUMN clause.text_zh IS 'Chinese wording 中文条文';
COMMENT ON COLUMN clause.text_en IS 'English wording 英文条文';
COMMENT ON COLUMN clause.item_id IS 'Only for this item 限定物料';
COMMENT ON COLUMN clause.operation_id IS 'Only for this operation 限定工序';
COMMENT ON COLUMN clause.parameters IS 'Typed figures of the clause 条款参数';
COMMENT ON COLUMN clause.enforcement IS 'What happens when it is broken 控制方式';

CREATE TABLE order_agreement (
    org_id uuid NOT NULL REFERENCES organisation (id),
    order_id uuid NOT NULL,
    agreement_version_id uuid NOT NULL,
    PRIMARY KEY (org_id, order_id, agreement_version_id),
    FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id),
    FOREIGN KEY (org_id, agreement_version_id) REFERENCES agreement_version (org_id, id)
);
CREATE INDEX order_agreement_order_id_idx ON order_agreement (org_id, order_id);
CREATE INDEX order_agreement_agreement_version_id_idx ON order_agreement (org_id, agreement_version_id);
COMMENT ON TABLE order_agreement IS 'The agreement versions an order runs under; they stay when an amendment comes 订单适用协议';
COMMENT ON COLUMN order_agreement.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN order_agreement.order_id IS 'Order 委外订单';
COMMENT ON COLUMN order_agreement.agreement_version_id IS 'Version 协议版本';

CREATE TABLE clause_override (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    clause_id uuid NOT NULL,
    order_id uuid NOT NULL,
    document_kind text NOT NULL,
    figure_now numeric(20,6) NOT NULL,
    figure_after numeric(20,6) NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    approval_state text NOT NULL DEFAULT 'pending' CHECK (approval_state IN ('pending', 'approved', 'rejected', 'withdrawn')),
    requested_by uuid NOT NULL,
    used_by_id uuid,
    used_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, clause_id) REFERENCES clause (org_id, id),
    FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id),
    FOREIGN KEY (requested_by) REFERENCES person (id)
);
CREATE INDEX clause_override_clause_id_idx ON clause_override (org_id, clause_id);
CREATE INDEX clause_override_order_id_idx ON clause_override (org_id, order_id);
CREATE INDEX clause_override_requested_by_idx ON clause_override (org_id, requested_by);
COMMENT ON TABLE clause_override IS 'A single act allowed against a clause, with its reason and who allowed it 条款豁免';
COMMENT ON COLUMN clause_override.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN clause_override.id IS 'Identifier 标识';
COMMENT ON COLUMN clause_override.number IS 'Number 编号';
COMMENT ON COLUMN clause_override.clause_id IS 'Clause 条款';
COMMENT ON COLUMN clause_override.order_id IS 'Order it is for 委外订单';
COMMENT ON COLUMN clause_override.document_kind IS 'Kind of the document that was refused 单据类型';
COMMENT ON COLUMN clause_override.figure_now IS 'Figure when asked 当前值';
COMMENT ON COLUMN clause_override.figure_after IS 'Figure that is allowed to be reached 批准后值';
COMMENT ON COLUMN clause_override.reason IS 'Why 原因';
COMMENT ON COLUMN clause_override.approval_state IS 'Approval axis 审批状态';
COMMENT ON COLUMN clause_override.requested_by IS 'Who asked 申请人';
COMMENT ON COLUMN clause_override.used_by_id IS 'Document that used it 使用单据';
COMMENT ON COLUMN clause_override.used_at IS 'When it was used 使用时间';
COMMENT ON COLUMN clause_override.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN clause_override.created_at IS 'When the row was written 建立时间';

CREATE TABLE material_document (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('return', 'subcontractor_scrap', 'transfer', 'rework', 'over_consumption', 'count', 'move', 'line_issue', 'line_return', 'scrap', 'production', 'repack', 'dispatch')),
    order_id uuid,
    to_order_id uuid,
    partner_id uuid,
    to_partner_id uuid,
    customer_id uuid,
    record_state text NOT NULL DEFAULT 'draft' CHECK (record_state IN ('draft', 'posted', 'reversed', 'cancelled')),
    approval_state text NOT NULL DEFAULT 'draft' CHECK (approval_state IN ('not_required', 'draft', 'pending', 'approved', 'rejected', 'withdrawn')),
    custody_state text NOT NULL DEFAULT 'none' CHECK (custody_state IN ('none', 'in_transit', 'confirmed', 'with_discrepancy')),
    reason_code text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    occurred_at timestamptz NOT NULL,
    evidence_at timestamptz,
    delivery_note text NOT NULL DEFAULT '',
    carrier text NOT NULL DEFAULT '',
    witness text NOT NULL DEFAULT '',
    certificate_number text NOT NULL DEFAULT '',
    contact text NOT NULL DEFAULT '',
    remark text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    posted_by uuid,
    posted_at timestamptz,
    confirmed_by uuid,
    confirmed_at timestamptz,
    confirmation_remark text NOT NULL DEFAULT '',
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    CHECK ((posted_by IS NULL) = (posted_at IS NULL)),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CHECK (partner_id <> to_partner_id),
    FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id),
    FOREIGN KEY (org_id, to_order_id) REFERENCES subcontract_order (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, to_partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, customer_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id),
    FOREIGN KEY (posted_by) REFERENCES person (id),
    FOREIGN KEY (confirmed_by) REFERENCES person (id)
);
CREATE INDEX material_document_order_id_idx ON material_document (org_id, order_id);
CREATE INDEX material_document_to_order_id_idx ON material_document (org_id, to_order_id);
CREATE INDEX material_document_partner_id_idx ON material_document (org_id, partner_id);
CREATE INDEX material_document_to_partner_id_idx ON material_document (org_id, to_partner_id);
CREATE INDEX material_document_customer_id_idx ON material_document (org_id, customer_id);
CREATE INDEX material_document_created_by_idx ON material_document (org_id, created_by);
CREATE INDEX material_document_posted_by_idx ON material_document (org_id, posted_by);
CREATE INDEX material_document_confirmed_by_idx ON material_document (org_id, confirmed_by);
CREATE INDEX material_document_kind_id_idx ON material_document (org_id, kind, id);
COMMENT ON TABLE material_document IS 'Movement of material on its own document: returns, scrap, transfers, counts, rework, moves, production, dispatch 物料单据';
COMMENT ON COLUMN material_document.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN material_document.id IS 'Identifier 标识';
COMMENT ON COLUMN material_document.number IS 'Number 编号';
COMMENT ON COLUMN material_document.kind IS 'What it does 类型';
COMMENT ON COLUMN material_document.order_id IS 'Order on whose account the material leaves 委外订单';
COMMENT ON COLUMN material_document.to_order_id IS 'Order on whose account it arrives 转入订单';
COMMENT ON COLUMN material_document.partner_id IS 'Subcontractor that holds the material before, or gets it back for rework 受托方';
COMMENT ON COLUMN material_document.to_partner_id IS 'Subcontractor that gets it 转入受托方';
COMMENT ON COLUMN material_document.customer_id IS 'Customer it is dispatched to 客户';
COMMENT ON COLUMN material_document.record_state IS 'Record state 单据状态';
COMMENT ON COLUMN material_document.approval_state IS 'Approval axis 审批状态';
COMMENT ON COLUMN material_document.custody_state IS 'Custody axis 在外状态';
COMMENT ON COLUMN material_document.reason_code IS 'Why, from the list of its kind 原因代码';
COMMENT ON COLUMN material_document.reason IS 'Why, in words 原因';
COMMENT ON COLUMN material_document.occurred_at IS 'When it happened in the world 发生时间';
COMMENT ON COLUMN material_document.evidence_at IS 'Time on the evidence 凭证时间';
COMMENT ON COLUMN material_document.delivery_note IS 'The other side''s paper 送货单号';
COMMENT ON COLUMN material_document.carrier IS 'Carrier 承运人';
COMMENT ON COLUMN material_document.witness IS 'Who saw the destruction 见证人';
COMMENT ON COLUMN material_document.certificate_number IS 'Certificate of destruction or evidence 证明编号';
COMMENT ON COLUMN material_document.contact IS 'Customer''s address and contact for the sales record 收货人及联系方式';
COMMENT ON COLUMN material_document.remark IS 'Remark 备注';
COMMENT ON COLUMN material_document.created_by IS 'Who wrote it 建立人';
COMMENT ON COLUMN material_document.posted_by IS 'Who posted it 过账人';
COMMENT ON COLUMN material_document.posted_at IS 'When 过账时间';
COMMENT ON COLUMN material_document.confirmed_by IS 'Who confirmed the arrival 签收人';
COMMENT ON COLUMN material_document.confirmed_at IS 'When 签收时间';
COMMENT ON COLUMN material_document.confirmation_remark IS 'Remark at arrival 签收备注';
COMMENT ON COLUMN material_document.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN material_document.created_at IS 'When the row was written 建立时间';

CREATE TABLE material_document_line (
    org_id uuid NOT NULL REFERENCES organisation (id),
    document_id uuid NOT NULL,
    line_number integer NOT NULL CHECK (line_number > 0),
    partner_id uuid,
    to_partner_id uuid,
    direction text NOT NULL DEFAULT 'out' CHECK (direction IN ('out', 'in')),
    item_id uuid NOT NULL,
    lot_id uuid,
    new_lot_code text,
    manufactured_on date,
    expires_on date,
    owner_id uuid,
    quantity numeric(20,6) NOT NULL CHECK (quantity >= 0),
    book_quantity numeric(20,6) CHECK (book_quantity >= 0),
    received_quantity numeric(20,6) CHECK (received_quantity >= 0),
    condition text NOT NULL DEFAULT 'good' CHECK (condition IN ('good', 'defective', 'expired')),
    from_location_id uuid,
    from_status text CHECK (from_status IN ('quarantine', 'available', 'blocked')),
    to_location_id uuid,
    to_status text CHECK (to_status IN ('quarantine', 'available', 'blocked')),
    scan_id uuid,
    remark text NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, document_id, line_number),
    FOREIGN KEY (org_id, document_id) REFERENCES material_document (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, to_partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, owner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, from_location_id) REFERENCES location (org_id, id),
    FOREIGN KEY (org_id, to_location_id) REFERENCES location (org_id, id),
    FOREIGN KEY (org_id, scan_id) REFERENCES scan (org_id, id)
);
CREATE INDEX material_document_line_document_id_idx ON material_document_line (org_id, document_id);
CREATE INDEX material_document_line_partner_id_idx ON material_document_line (org_id, partner_id);
CREATE INDEX material_document_line_to_partner_id_idx ON material_document_line (org_id, to_partner_id);
CREATE INDEX material_document_line_item_id_idx ON material_document_line (org_id, item_id);
CREATE INDEX material_document_line_lot_id_idx ON material_document_line (org_id, lot_id);
CREATE INDEX material_document_line_owner_id_idx ON material_document_line (org_id, owner_id);
CREATE INDEX material_document_line_from_location_id_idx ON material_document_line (org_id, from_location_id);
CREATE INDEX material_document_line_to_location_id_idx ON material_document_line (org_id, to_location_id);
CREATE INDEX material_document_line_scan_id_idx ON material_document_line (org_id, scan_id);
COMMENT ON TABLE material_document_line IS 'One lot of a material document 物料单据行';
COMMENT ON COLUMN material_document_line.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN material_document_line.document_id IS 'Document 单据';
COMMENT ON COLUMN material_document_line.line_number IS 'Line 行号';
COMMENT ON COLUMN material_document_line.partner_id IS 'Copied from the document, for the wall 受托方';
COMMENT ON COLUMN material_document_line.to_partner_id IS 'Copied from the document, for the wall 转入受托方';
COMMENT ON COLUMN material_document_line.direction IS 'out is taken; in is made by production or repacking 方向';
COMMENT ON COLUMN material_document_line.item_id IS 'Item 物料';
COMMENT ON COLUMN material_document_line.lot_id IS 'Lot; for a lot that the posting makes, known after it 批次';
COMMENT ON COLUMN material_document_line.new_lot_code IS 'Lot number of a lot to be made 新批号';
COMMENT ON COLUMN material_document_line.manufactured_on IS 'Of a lot to be made 生产日期';
COMMENT ON COLUMN material_document_line.expires_on IS 'Of a lot to be made 有效期至';
COMMENT ON COLUMN material_document_line.owner_id IS 'Who owns it; null: we do 货主';
COMMENT ON COLUMN material_document_line.quantity IS 'Quantity; in a count, what was counted 数量';
COMMENT ON COLUMN material_document_line.book_quantity IS 'In a count, what the books said 账面数量';
COMMENT ON COLUMN material_document_line.received_quantity IS 'Confirmed at arrival 签收数量';
COMMENT ON COLUMN material_document_line.condition IS 'Condition 状况';
COMMENT ON COLUMN material_document_line.from_location_id IS 'Where it leaves 移出库位';
COMMENT ON COLUMN material_document_line.from_status IS 'Status there 移出状态';
COMMENT ON COLUMN material_document_line.to_location_id IS 'Where it arrives 移入库位';
COMMENT ON COLUMN material_document_line.to_status IS 'Status there 移入状态';
COMMENT ON COLUMN material_document_line.scan_id IS 'Scan behind it 扫描记录';
COMMENT ON COLUMN material_document_line.remark IS 'Remark 备注';

CREATE TABLE subcontract_receipt (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    number text NOT NULL,
    order_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    record_state text NOT NULL DEFAULT 'declared' CHECK (record_state IN ('declared', 'posted', 'reversed', 'cancelled')),
    delivery_note text NOT NULL DEFAULT '',
    last boolean NOT NULL DEFAULT false,
    occurred_at timestamptz NOT NULL,
    remark text NOT NULL DEFAULT '',
    declared_by uuid,
    declared_at timestamptz,
    created_by uuid NOT NULL,
    posted_by uuid,
    posted_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    CONSTRAINT subcontract_receipt_partner_key UNIQUE (org_id, id, partner_id),
    CHECK ((posted_by IS NULL) = (posted_at IS NULL)),
    CHECK ((declared_by IS NULL) = (declared_at IS NULL)),
    FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (declared_by) REFERENCES person (id),
    FOREIGN KEY (created_by) REFERENCES person (id),
    FOREIGN KEY (posted_by) REFERENCES person (id)
);
CREATE INDEX subcontract_receipt_order_id_idx ON subcontract_receipt (org_id, order_id);
CREATE INDEX subcontract_receipt_partner_id_idx ON subcontract_receipt (org_id, partner_id);
CREATE INDEX subcontract_receipt_declared_by_idx ON subcontract_receipt (org_id, declared_by);
CREATE INDEX subcontract_receipt_created_by_idx ON subcontract_receipt (org_id, created_by);
CREATE INDEX subcontract_receipt_posted_by_idx ON subcontract_receipt (org_id, posted_by);
COMMENT ON TABLE subcontract_receipt IS 'Finished goods back from a subcontractor, with what was used to make them 委外收货单';
COMMENT ON COLUMN subcontract_receipt.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN subcontract_receipt.id IS 'Identifier 标识';
COMMENT ON COLUMN subcontract_receipt.number IS 'Number 编号';
COMMENT ON COLUMN subcontract_receipt.order_id IS 'Order 委外订单';
COMMENT ON COLUMN subcontract_receipt.partner_id IS 'Subcontractor 受托方';
COMMENT ON COLUMN subcontract_receipt.record_state IS 'declared by the subcontractor, posted by the maker 单据状态';
COMMENT ON COLUMN subcontract_receipt.delivery_note IS 'The subcontractor''s delivery note 送货单号';
COMMENT ON COLUMN subcontract_receipt.last IS 'Nothing more will come on this order 末次收货';
COMMENT ON COLUMN subcontract_receipt.occurred_at IS 'When it arrived; for a declaration, when it left 发生时间';
COMMENT ON COLUMN subcontract_receipt.remark IS 'Remark 备注';
COMMENT ON COLUMN subcontract_receipt.declared_by IS 'Who declared the use at the subcontractor 申报人';
COMMENT ON COLUMN subcontract_receipt.declared_at IS 'When 申报时间';
COMMENT ON COLUMN subcontract_receipt.created_by IS 'Who wrote it 建立人';
COMMENT ON COLUMN subcontract_receipt.posted_by IS 'Who posted it 过账人';
COMMENT ON COLUMN subcontract_receipt.posted_at IS 'When 过账时间';
COMMENT ON COLUMN subcontract_receipt.version IS 'Optimistic concurrency counter 版本号';
COMMENT ON COLUMN subcontract_receipt.created_at IS 'When the row was written 建立时间';

CREATE TABLE subcontract_receipt_line (
    org_id uuid NOT NULL REFERENCES organisation (id),
    receipt_id uuid NOT NULL,
    line_number integer NOT NULL CHECK (line_number > 0),
    partner_id uuid NOT NULL,
    lot_code text NOT NULL CHECK (lot_code ~ '^[!-~]{1,20}$'),
    lot_id uuid,
    manufactured_on date,
    expires_on date,
    certificate_number text NOT NULL DEFAULT '',
    good_quantity numeric(20,6) NOT NULL CHECK (good_quantity >= 0),
    rejected_quantity numeric(20,6) NOT NULL CHECK (rejected_quantity >= 0),
    remark text NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, receipt_id, line_number),
    CHECK (good_quantity + rejected_quantity > 0),
    FOREIGN KEY (org_id, receipt_id, partner_id) REFERENCES subcontract_receipt (org_id, id, partner_id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id)
);
CREATE INDEX subcontract_receipt_line_partner_id_idx ON subcontract_receipt_line (org_id, partner_id);
CREATE INDEX subcontract_receipt_line_lot_id_idx ON subcontract_receipt_line (org_id, lot_id);
CREATE INDEX subcontract_receipt_line_receipt_id_partner_id_idx ON subcontract_receipt_line (org_id, receipt_id, partner_id);
COMMENT ON TABLE subcontract_receipt_line IS 'One finished lot: good and rejected 委外收货行';
COMMENT ON COLUMN subcontract_receipt_line.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN subcontract_receipt_line.receipt_id IS 'Receipt 委外收货单';
COMMENT ON COLUMN subcontract_receipt_line.line_number IS 'Line 行号';
COMMENT ON COLUMN subcontract_receipt_line.partner_id IS 'Subcontractor 受托方';
COMMENT ON COLUMN subcontract_receipt_line.lot_code IS 'Lot number 批号';
COMMENT ON COLUMN subcontract_receipt_line.lot_id IS 'The lot, once posted 批次';
COMMENT ON COLUMN subcontract_receipt_line.manufactured_on IS 'Date of manufacture 生产日期';
COMMENT ON COLUMN subcontract_receipt_line.expires_on IS 'Last day of use 有效期至';
COMMENT ON COLUMN subcontract_receipt_line.certificate_number IS 'Certificate of conformity 合格证编号';
COMMENT ON COLUMN subcontract_receipt_line.good_quantity IS 'Good 合格数量';
COMMENT ON COLUMN subcontract_receipt_line.rejected_quantity IS 'Rejected 不合格数量';
COMMENT ON COLUMN subcontract_receipt_line.remark IS 'Remark 备注';

CREATE TABLE consumption_line (
    org_id uuid NOT NULL REFERENCES organisation (id),
    receipt_id uuid NOT NULL,
    line_number integer NOT NULL CHECK (line_number > 0),
    partner_id uuid NOT NULL,
    receipt_line integer NOT NULL,
    item_id uuid NOT NULL,
    lot_id uuid,
    quantity numeric(20,6) NOT NULL CHECK (quantity > 0),
    certainty text NOT NULL CHECK (certainty IN ('scanned', 'declared', 'inferred', 'default')),
    scan_id uuid,
    remark text NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, receipt_id, line_number),
    FOREIGN KEY (org_id, receipt_id, partner_id) REFERENCES subcontract_receipt (org_id, id, partner_id),
    FOREIGN KEY (org_id, receipt_id, receipt_line) REFERENCES subcontract_receipt_line (org_id, receipt_id, line_number),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, scan_id) REFERENCES scan (org_id, id)
);
CREATE INDEX consumption_line_partner_id_idx ON consumption_line (org_id, partner_id);
CREATE INDEX consumption_line_item_id_idx ON consumption_line (org_id, item_id);
CREATE INDEX consumption_line_lot_id_idx ON consumption_line (org_id, lot_id);
CREATE INDEX consumption_line_scan_id_idx ON consumption_line (org_id, scan_id);
CREATE INDEX consumption_line_receipt_id_partner_id_idx ON consumption_line (org_id, receipt_id, partner_id);
CREATE INDEX consumption_line_receipt_id_receipt_line_idx ON consumption_line (org_id, receipt_id, receipt_line);
COMMENT ON TABLE consumption_line IS 'Which component lot went into which finished lot, how much, and how sure that is 用料申报行';
COMMENT ON COLUMN consumption_line.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN consumption_line.receipt_id IS 'Receipt 委外收货单';
COMMENT ON COLUMN consumption_line.line_number IS 'Line 行号';
COMMENT ON COLUMN consumption_line.partner_id IS 'Subcontractor 受托方';
COMMENT ON COLUMN consumption_line.receipt_line IS 'Finished lot''s line 委外收货行';
COMMENT ON COLUMN consumption_line.item_id IS 'Component 组件';
COMMENT ON COLUMN consumption_line.lot_id IS 'Its lot 组件批次';
COMMENT ON COLUMN consumption_line.quantity IS 'Quantity used 用量';
COMMENT ON COLUMN consumption_line.certainty IS 'How sure it is 置信度';
COMMENT ON COLUMN consumption_line.scan_id IS 'Scan behind it 扫描记录';
COMMENT ON COLUMN consumption_line.remark IS 'Remark 备注';

CREATE TABLE lot_link (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    parent_lot_id uuid NOT NULL,
    child_lot_id uuid NOT NULL,
    quantity numeric(20,6) NOT NULL CHECK (quantity >= 0),
    certainty text NOT NULL CHECK (certainty IN ('scanned', 'declared', 'inferred', 'default')),
    order_id uuid,
    document_kind text NOT NULL,
    document_id uuid NOT NULL,
    document_line integer,
    linked_at timestamptz NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (org_id, id),
    CHECK (parent_lot_id <> child_lot_id),
    FOREIGN KEY (org_id, parent_lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, child_lot_id) REFERENCES lot (org_id, id),
    FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id)
);
CREATE INDEX lot_link_parent_lot_id_idx ON lot_link (org_id, parent_lot_id);
CREATE INDEX lot_link_child_lot_id_idx ON lot_link (org_id, child_lot_id);
CREATE INDEX lot_link_order_id_idx ON lot_link (org_id, order_id);
CREATE INDEX lot_link_document_kind_document_id_idx ON lot_link (org_id, document_kind, document_id);
COMMENT ON TABLE lot_link IS 'Genealogy: this lot went into that one; never a cycle 批次谱系';
COMMENT ON COLUMN lot_link.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN lot_link.id IS 'Identifier 标识';
COMMENT ON COLUMN lot_link.parent_lot_id IS 'What was used 上游批次';
COMMENT ON COLUMN lot_link.child_lot_id IS 'What was made of it 下游批次';
COMMENT ON COLUMN lot_link.quantity IS 'Quantity used, in the parent''s unit; 0 where it is only possible 用量';
COMMENT ON COLUMN lot_link.certainty IS 'How sure it is 置信度';
COMMENT ON COLUMN lot_link.order_id IS 'Order it was made on 委外订单';
COMMENT ON COLUMN lot_link.document_kind IS 'Kind of the document behind it 单据类型';
COMMENT ON COLUMN lot_link.document_id IS 'Document behind it 单据';
COMMENT ON COLUMN lot_link.document_line IS 'Line of it 行号';
COMMENT ON COLUMN lot_link.linked_at IS 'When it was recorded 记录时间';
COMMENT ON COLUMN lot_link.voided_at IS 'When the document behind it was reversed 作废时间';

CREATE TABLE period_close (
    org_id uuid NOT NULL REFERENCES organisation (id),
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    closed_by uuid NOT NULL,
    closed_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, month),
    FOREIGN KEY (closed_by) REFERENCES person (id)
);
CREATE INDEX period_close_closed_by_idx ON period_close (org_id, closed_by);
COMMENT ON TABLE period_close IS 'A calendar month that is closed: nothing is posted into it any more 关账';
COMMENT ON COLUMN period_close.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN period_close.month IS 'First day of the month 月份';
COMMENT ON COLUMN period_close.closed_by IS 'Who closed it 关账人';
COMMENT ON COLUMN period_close.closed_at IS 'When 关账时间';

CREATE TABLE cost_entry (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('service', 'freight', 'duty', 'tooling', 'rework', 'abnormal_loss', 'other')),
    amount numeric(20,6) NOT NULL,
    invoice_number text NOT NULL DEFAULT '',
    occurred_on date NOT NULL,
    remark text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    CHECK (amount <> 0),
    FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id),
    FOREIGN KEY (created_by) REFERENCES person (id)
);
CREATE INDEX cost_entry_order_id_idx ON cost_entry (org_id, order_id);
CREATE INDEX cost_entry_created_by_idx ON cost_entry (org_id, created_by);
COMMENT ON TABLE cost_entry IS 'A cost of an order beside its material: service, freight, rework, abnormal loss 委外成本';
COMMENT ON COLUMN cost_entry.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN cost_entry.id IS 'Identifier 标识';
COMMENT ON COLUMN cost_entry.order_id IS 'Order 委外订单';
COMMENT ON COLUMN cost_entry.kind IS 'What for 类别';
COMMENT ON COLUMN cost_entry.amount IS 'Amount in the organisation''s currency; negative corrects 金额';
COMMENT ON COLUMN cost_entry.invoice_number IS 'Invoice 发票号';
COMMENT ON COLUMN cost_entry.occurred_on IS 'Date 日期';
COMMENT ON COLUMN cost_entry.remark IS 'Remark 备注';
COMMENT ON COLUMN cost_entry.created_by IS 'Who entered it 建立人';
COMMENT ON COLUMN cost_entry.created_at IS 'When the row was written 建立时间';

CREATE TABLE settlement_line (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('milestone', 'retention', 'penalty')),
    milestone text NOT NULL CHECK (milestone IN ('issue', 'receipt', 'acceptance')),
    clause_id uuid,
    document_kind text NOT NULL,
    document_id uuid NOT NULL,
    quantity numeric(20,6) NOT NULL,
    unit_price numeric(20,6) NOT NULL,
    amount numeric(20,2) NOT NULL,
    settlement_state text NOT NULL DEFAULT 'open' CHECK (settlement_state IN ('open', 'matched', 'approved', 'paid', 'reversed')),
    due_on date,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, order_id) REFERENCES subcontract_order (org_id, id),
    FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id),
    FOREIGN KEY (org_id, clause_id) REFERENCES clause (org_id, id)
);
CREATE INDEX settlement_line_order_id_idx ON settlement_line (org_id, order_id);
CREATE INDEX settlement_line_partner_id_idx ON settlement_line (org_id, partner_id);
CREATE INDEX settlement_line_clause_id_idx ON settlement_line (org_id, clause_id);
CREATE INDEX settlement_line_document_kind_document_id_idx ON settlement_line (org_id, document_kind, document_id);
COMMENT ON TABLE settlement_line IS 'What is owed to the subcontractor for accepted work 结算行';
COMMENT ON COLUMN settlement_line.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN settlement_line.id IS 'Identifier 标识';
COMMENT ON COLUMN settlement_line.order_id IS 'Order 委外订单';
COMMENT ON COLUMN settlement_line.partner_id IS 'Subcontractor 受托方';
COMMENT ON COLUMN settlement_line.kind IS 'Payment, amount held back, or deduction 类别';
COMMENT ON COLUMN settlement_line.milestone IS 'What made it due 节点';
COMMENT ON COLUMN settlement_line.clause_id IS 'Clause behind it 条款';
COMMENT ON COLUMN settlement_line.document_kind IS 'Kind of the document behind it 单据类型';
COMMENT ON COLUMN settlement_line.document_id IS 'Document behind it 单据';
COMMENT ON COLUMN settlement_line.quantity IS 'Quantity it is for 数量';
COMMENT ON COLUMN settlement_line.unit_price IS 'Price of one unit 单价';
COMMENT ON COLUMN settlement_line.amount IS 'Amount; negative is deducted 金额';
COMMENT ON COLUMN settlement_line.settlement_state IS 'Settlement axis 结算状态';
COMMENT ON COLUMN settlement_line.due_on IS 'Due date 到期日';
COMMENT ON COLUMN settlement_line.created_at IS 'When the row was written 建立时间';

-- Roles that every organisation begins with get the new rights, where they still exist.
ALTER TABLE role NO FORCE ROW LEVEL SECURITY;
ALTER TABLE role_permission NO FORCE ROW LEVEL SECURITY;
INSERT INTO role_permission (org_id, role_id, permission)
SELECT r.org_id, r.id, given.permission FROM role r JOIN (VALUES
    ('clerk', 'material.edit'), ('clerk', 'contract.view'), ('clerk', 'order.close'), ('clerk', 'cost.view'),
    ('warehouse', 'subcontract.receive'), ('warehouse', 'material.edit'), ('warehouse', 'material.post'),
    ('approver', 'material.approve'), ('approver', 'contract.view'),
    ('quality', 'material.edit'), ('quality', 'contract.view'), ('quality', 'contract.edit'), ('quality', 'claim.settle'),
    ('manager', 'material.approve'), ('manager', 'material.reverse'), ('manager', 'claim.settle'),
    ('manager', 'order.close'), ('manager', 'period.close'), ('manager', 'contract.view'), ('manager', 'contract.approve'),
    ('manager', 'cost.view'), ('manager', 'cost.edit'),
    ('auditor', 'contract.view'), ('auditor', 'cost.view'), ('admin', 'contract.view'), ('portal', 'portal.declare')
) AS given (role, permission) ON given.role = r.code
ON CONFLICT DO NOTHING;
