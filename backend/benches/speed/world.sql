-- The maker of the benchmark: {org} stands for its organisation. 1,000 components with three lots each on the
-- shelf, 200 products of five components, 50 subcontractors with a quality agreement and a contract each.
CREATE SCHEMA bench;
CREATE FUNCTION bench.org() RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT '{org}'::uuid $$;
CREATE FUNCTION bench.person() RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT '{person}'::uuid $$;
-- An identifier that says what it names: kind and number, in the order of making.
CREATE FUNCTION bench.id(kind integer, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid $$;
-- A new identifier in the order of time, as the server makes them.
CREATE FUNCTION bench.new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS
$$ SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
    || substr(gen_random_uuid()::text, 14))::uuid $$;
CREATE FUNCTION bench.place(code text) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT l.id FROM location l WHERE l.org_id = bench.org() AND l.code = place.code $$;

SET session_replication_role = replica;

-- 32 people of the warehouse, so that each client is a person of its own; they may take the record along as well.
INSERT INTO person (id, login, display_name, password_hash, home_organisation_id)
SELECT bench.id(1, n), 'warehouse-' || n, 'Warehouse ' || n, p.password_hash, bench.org()
FROM person p, generate_series(1, 32) n WHERE p.id = bench.person();
INSERT INTO membership (org_id, id, person_id) SELECT bench.org(), bench.id(2, n), bench.id(1, n) FROM generate_series(1, 32) n;
INSERT INTO membership_role (org_id, membership_id, role_id)
SELECT bench.org(), bench.id(2, n), r.id FROM role r, generate_series(1, 32) n
WHERE r.org_id = bench.org() AND r.code IN ('warehouse', 'auditor');

INSERT INTO item (org_id, id, code, name_zh, name_en, kind, tracking, unit_id)
SELECT bench.org(), bench.id(3, n), 'C-' || lpad(n::text, 5, '0'), '零件 ' || n, 'Component ' || n, 'component', 'lot', u.id
FROM unit u, generate_series(1, 1000) n WHERE u.org_id = bench.org() AND u.code = 'pcs';
INSERT INTO item (org_id, id, code, name_zh, name_en, kind, tracking, unit_id)
SELECT bench.org(), bench.id(4, n), 'P-' || lpad(n::text, 5, '0'), '产品 ' || n, 'Product ' || n, 'product', 'lot', u.id
FROM unit u, generate_series(1, 200) n WHERE u.org_id = bench.org() AND u.code = 'pcs';
INSERT INTO operation (org_id, id, code, name_zh, name_en) VALUES (bench.org(), bench.id(5, 1), 'CNC', '数控加工', 'CNC machining');
INSERT INTO bom (org_id, id, product_id, operation_id, revision, state, base_quantity)
SELECT bench.org(), bench.id(6, n), bench.id(4, n), bench.id(5, 1), 'A', 'active', 1 FROM generate_series(1, 200) n;
INSERT INTO bom_line (org_id, bom_id, line_number, component_id, net_usage, loss_norm_percent)
SELECT bench.org(), bench.id(6, n), line, bench.id(3, (n - 1) * 5 + line), 1, 2
FROM generate_series(1, 200) n, generate_series(1, 5) line;

INSERT INTO partner (org_id, id, code, name_zh, name_en, supplier, subcontractor)
SELECT bench.org(), bench.id(7, n), 'SUB-' || n, '受托方 ' || n, 'Subcontractor ' || n, n = 1, true FROM generate_series(1, 51) n;
INSERT INTO location (org_id, id, code, name_zh, name_en, kind, partner_id, system_made)
SELECT bench.org(), bench.id(8, n * 4 + place), 'SUB-' || n || '.' || place, kind, kind, kind, bench.id(7, n), true
FROM generate_series(1, 51) n,
    unnest(ARRAY['in_transit_out', 'subcontractor_custody', 'in_transit_in', 'claim']) WITH ORDINALITY AS k (kind, place);

INSERT INTO agreement (org_id, id, number, partner_id, kind, title_zh, title_en, created_by)
SELECT bench.org(), bench.id(9, n * 2 + which), 'XY-B-' || n || '-' || which, bench.id(7, n), kind, '协议', 'Agreement', bench.person()
FROM generate_series(1, 50) n, unnest(ARRAY['quality_agreement', 'contract']) WITH ORDINALITY AS k (kind, which);
INSERT INTO agreement_version (org_id, id, agreement_id, partner_id, version_number, state, effective_from, created_by)
SELECT a.org_id, a.id, a.id, a.partner_id, 1, 'effective', current_date - 400, a.created_by FROM agreement a WHERE a.org_id = bench.org();
INSERT INTO clause (org_id, id, agreement_version_id, number, kind, text_zh, text_en, operation_id, parameters, enforcement)
SELECT a.org_id, gen_random_uuid(), a.id, c.number, c.kind, '双方约定', 'Both sides agree', c.operation, c.parameters::jsonb, c.enforcement
FROM agreement a JOIN (VALUES
    ('quality_agreement', '1.1', 'scope', bench.id(5, 1), '{}', 'refuse'),
    ('quality_agreement', '1.2', 'approved_subcontractor', bench.id(5, 1),
        '{"valid_until": "2099-01-01", "audited_on": "2026-01-05"}', 'approve'),
    ('quality_agreement', '2.1', 'certificate', NULL,
        '{"certificate_kind": "ISO 13485", "certificate_number": "Q5 073211 0002", "expires_on": "2099-01-01"}', 'refuse'),
    ('quality_agreement', '3.1', 'acceptance_criteria', NULL, '{"reference": "QP-CNC-01 B/0"}', 'refuse'),
    ('quality_agreement', '3.2', 'release_responsibility', NULL, '{"party": "maker"}', 'refuse'),
    ('contract', '4.1', 'custody_quota', NULL, '{"maximum_value": "9000000000"}', 'approve'),
    ('contract', '4.2', 'custody_quota', NULL, '{"maximum_days": 120}', 'warn'),
    ('contract', '4.3', 'issue_tolerance', NULL, '{"over_percent": "2"}', 'approve'),
    ('contract', '4.4', 'loss_allowance', NULL, '{"percent": "2"}', 'approve'),
    ('contract', '4.6', 'receipt_tolerance', NULL, '{"over_percent": "3", "under_percent": "5"}', 'approve'),
    ('contract', '5.1', 'lead_time', NULL, '{"issue_transit_days": 1, "processing_days": 12, "return_transit_days": 1}', 'refuse'),
    ('contract', '6.1', 'price_tier', NULL, '{"from_quantity": "0", "unit_price": "4.20"}', 'refuse'),
    ('contract', '6.2', 'price_tier', NULL, '{"from_quantity": "1000", "unit_price": "3.85"}', 'refuse'),
    ('contract', '7.1', 'payment_milestone', NULL, '{"milestone": "receipt", "percent": "30"}', 'refuse'),
    ('contract', '7.2', 'payment_milestone', NULL, '{"milestone": "acceptance", "percent": "70"}', 'refuse'),
    ('contract', '7.3', 'retention', NULL, '{"percent": "5", "days": 90}', 'refuse'),
    ('contract', '7.4', 'penalty', NULL, '{"percent_per_day": "0.5", "maximum_percent": "10"}', 'refuse')
) AS c (agreement_kind, number, kind, operation, parameters, enforcement) ON c.agreement_kind = a.kind
WHERE a.org_id = bench.org();

-- Three lots of each component, released and on the shelf: received and released by movements as any other.
INSERT INTO lot (org_id, id, item_id, code, status, supplier_id, supplier_lot, certificate_number, expires_on, unit_cost)
SELECT bench.org(), bench.id(10, n), bench.id(3, (n - 1) / 3 + 1), 'L-' || n, 'released', bench.id(7, 1), 'S-' || n,
    'EN10204-3.1-' || n, current_date + 1000, 12.5 FROM generate_series(1, 3000) n;
INSERT INTO stock_movement (org_id, id, kind, item_id, lot_id, quantity, unit_id, from_location_id, from_status, to_location_id,
    to_status, from_order_id, to_order_id, occurred_at, recorded_at, document_kind, document_id, document_line, actor_id, capture)
SELECT bench.org(), bench.id(11, n * 2 + s.step), s.kind, bench.id(3, (n - 1) / 3 + 1), bench.id(10, n), 1000000000, u.id,
    bench.place(s.from_code), s.from_status, bench.place(s.to_code), s.to_status, NULL, NULL, now() - interval '2 years',
    now() - interval '2 years', s.document, bench.id(10, n), 1, bench.person(), 'manual'
FROM unit u, generate_series(1, 3000) n, (VALUES
    (0, 'receipt', 'SUPPLIER', 'quarantine', 'QUARANTINE', 'quarantine', 'receipt'),
    (1, 'release', 'QUARANTINE', 'quarantine', 'STORE', 'available', 'lot')
) AS s (step, kind, from_code, from_status, to_code, to_status, document)
WHERE u.org_id = bench.org() AND u.code = 'pcs';
INSERT INTO stock_balance (org_id, id, location_id, item_id, lot_id, status, location_kind, on_hand)
SELECT bench.org(), bench.id(12, n), bench.place('STORE'), bench.id(3, (n - 1) / 3 + 1), bench.id(10, n), 'available', 'own_stock',
    1000000000
FROM generate_series(1, 3000) n;
INSERT INTO stock_balance (org_id, id, location_id, item_id, lot_id, status, location_kind)
SELECT bench.org(), bench.id(13, n), bench.place('QUARANTINE'), bench.id(3, (n - 1) / 3 + 1), bench.id(10, n), 'quarantine',
    'quarantine'
FROM generate_series(1, 3000) n;

-- For the bare writes: an order that holds something of each of those lots, on the way to a subcontractor that has no other.
INSERT INTO subcontract_order (org_id, id, number, partner_id, operation_id, product_id, bom_id, quantity, due_on, record_state, created_by)
VALUES (bench.org(), bench.id(14, 0), 'WW-B-BARE', bench.id(7, 51), bench.id(5, 1), bench.id(4, 1), bench.id(6, 1), 1,
    current_date, 'closed', bench.person());
INSERT INTO stock_balance (org_id, id, location_id, item_id, lot_id, status, location_kind, order_id)
SELECT bench.org(), bench.id(15, n), bench.id(8, 205), bench.id(3, (n - 1) / 3 + 1), bench.id(10, n), 'available',
    'in_transit_out', bench.id(14, 0)
FROM generate_series(1, 3000) n;

SET session_replication_role = DEFAULT;
