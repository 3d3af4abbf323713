-- Functions, triggers, walls and read views: everything that can be dropped and made again.
-- Loaded by the owner after the migrations, on ground that replaceable_drop.sql has cleared; a change
-- here is a readable difference, no migration.

-- ---------------------------------------------------------------- who is asking, and when

CREATE OR REPLACE FUNCTION current_org() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.org', true), '')::uuid $$;

CREATE OR REPLACE FUNCTION current_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.person', true), '')::uuid $$;

CREATE OR REPLACE FUNCTION current_partner() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.partner', true), '')::uuid $$;

-- Whether the maker's own people ask. Written so that the planner takes it for nearly always true: of "is null" it
-- believes the opposite, and would plan every list behind the walls for one row.
CREATE OR REPLACE FUNCTION in_own_house() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT (CASE WHEN current_partner() IS NULL THEN 1 ELSE 0 END) <> 0 $$;

-- The server's clock as handed in with the transaction.
CREATE OR REPLACE FUNCTION current_instant() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now()) $$;

-- The organisation's time zone. PL/pgSQL keeps its plan from call to call; a function in SQL would be planned in each
-- statement anew.
CREATE OR REPLACE FUNCTION current_zone() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN RETURN (SELECT time_zone FROM organisation WHERE id = current_org()); END $$;

-- The calendar day of an instant, and of now, in the organisation's time zone.
CREATE OR REPLACE FUNCTION day_of(instant timestamptz) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT (instant AT TIME ZONE current_zone())::date $$;

CREATE OR REPLACE FUNCTION current_day() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT day_of(current_instant()) $$;

-- Puts clause 4.10 after 4.9.
CREATE OR REPLACE FUNCTION clause_number_order(number text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT regexp_replace(regexp_replace(number, '(\d+)', '000000\1', 'g'), '\d*(\d{6})', '\1', 'g') $$;

-- A session that stands, with the rights it gives, as of a moment: every request asks it first, in one statement of its
-- own. The walls are those of the session's person and organisation.
CREATE OR REPLACE FUNCTION session_standing(given_session uuid, given_person uuid, given_org uuid, seen_after timestamptz,
    moment timestamptz)
RETURNS TABLE (partner_id uuid, last_seen_at timestamptz, permissions text[], must_change_password boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('app.org', given_org::text, true), set_config('app.person', given_person::text, true),
        set_config('app.partner', '', true);
    RETURN QUERY SELECT m.partner_id, s.last_seen_at, ARRAY(
            SELECT DISTINCT p.permission FROM membership_role r
            JOIN role_permission p ON (p.org_id, p.role_id) = (r.org_id, r.role_id)
            WHERE (r.org_id, r.membership_id) = (m.org_id, m.id)), person.must_change_password
        FROM session s
        JOIN person ON person.id = s.person_id AND person.active
        JOIN membership m ON m.org_id = s.organisation_id AND m.person_id = s.person_id AND m.active
        LEFT JOIN partner ON (partner.org_id, partner.id) = (m.org_id, m.partner_id)
        WHERE s.id = given_session AND s.person_id = given_person AND s.organisation_id = given_org
            AND s.revoked_at IS NULL AND s.expires_at > moment AND s.last_seen_at > seen_after
            AND coalesce(partner.active, true);
END $$;

-- An exact decimal without trailing zeros, for JSON.
CREATE OR REPLACE FUNCTION decimal_text(value numeric) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT trim_scale(value)::text $$;

-- ---------------------------------------------------------------- what is never altered

CREATE OR REPLACE FUNCTION refuse_alteration() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;

DO $$
DECLARE append_only text;
BEGIN
    FOREACH append_only IN ARRAY ARRAY['audit_event', 'stock_movement', 'scan', 'attachment', 'audit_log_leaf',
        'audit_log_node', 'audit_log_key', 'audit_log_checkpoint', 'audit_log_anchor', 'audit_log_cosignature',
        'approval_entry', 'signing_key', 'signing_failure'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_alteration BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()', append_only);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- a serial number is in exactly one place

-- The last wall of invariant I12, over every place that has a balance: shelves, transit, custody, claims, and what was
-- used up, destroyed or sold. Whoever puts a serial number somewhere waits for whoever does the same at once. It sees
-- the whole organisation, also when a subcontractor asks.
CREATE OR REPLACE FUNCTION keep_serials_in_one_place() RETURNS trigger LANGUAGE plpgsql SET app.partner TO ''
AS $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT DISTINCT n.org_id, n.lot_id, n.item_id, i.code AS item FROM changed n
        JOIN item i ON (i.org_id, i.id) = (n.org_id, n.item_id)
        WHERE i.tracking = 'serial' AND n.on_hand > 0 ORDER BY n.lot_id
    LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended(found.lot_id::text, 0));
        IF (SELECT sum(b.on_hand) FROM stock_balance b
            WHERE (b.org_id, b.lot_id, b.item_id) = (found.org_id, found.lot_id, found.item_id)) > 1 THEN
            RAISE EXCEPTION 'a serial number would be in more than one place' USING ERRCODE = 'unique_violation',
                CONSTRAINT = 'stock_balance_serial_place', DETAIL = jsonb_build_object('item', found.item,
                    'lot', (SELECT code FROM lot WHERE (org_id, id) = (found.org_id, found.lot_id)),
                    'elsewhere', (SELECT string_agg(DISTINCT p.code, ', ') FROM stock_balance b
                        JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
                        WHERE (b.org_id, b.lot_id) = (found.org_id, found.lot_id) AND b.on_hand > 0
                            AND b.id NOT IN (SELECT id FROM changed WHERE on_hand > 0)),
                    'location', (SELECT string_agg(DISTINCT p.code, ', ') FROM changed b
                        JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
                        WHERE b.lot_id = found.lot_id AND b.on_hand > 0))::text;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER serial_place_inserted AFTER INSERT ON stock_balance REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION keep_serials_in_one_place();
CREATE OR REPLACE TRIGGER serial_place_updated AFTER UPDATE ON stock_balance REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION keep_serials_in_one_place();

-- ---------------------------------------------------------------- walls (row-level security)

-- What a subcontractor's person sees of things that belong to nobody's company alone: what its own papers and places name.
-- Asked behind the walls of what it looks into, and as functions that a plan does not look into: each statement names
-- several of these tables, and the maker's people never need the answer.
CREATE OR REPLACE FUNCTION location_shown(org uuid, thing uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN RETURN EXISTS (SELECT FROM location l WHERE l.org_id = org AND l.id = thing); END $$;

CREATE OR REPLACE FUNCTION order_shown(org uuid, thing uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN RETURN EXISTS (SELECT FROM subcontract_order o WHERE o.org_id = org AND o.id = thing); END $$;

CREATE OR REPLACE FUNCTION partner_shown(org uuid, thing uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN
    RETURN EXISTS (SELECT FROM material_document m WHERE m.org_id = org AND thing IN (m.partner_id, m.to_partner_id, m.supplier_id));
END $$;

CREATE OR REPLACE FUNCTION operation_shown(org uuid, thing uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN RETURN EXISTS (SELECT FROM subcontract_order o WHERE o.org_id = org AND o.operation_id = thing); END $$;

CREATE OR REPLACE FUNCTION item_shown(org uuid, thing uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN
    RETURN EXISTS (SELECT FROM issue_note_line l WHERE l.org_id = org AND l.item_id = thing)
        OR EXISTS (SELECT FROM stock_balance b WHERE b.org_id = org AND b.item_id = thing)
        OR EXISTS (SELECT FROM material_document_line l WHERE l.org_id = org AND l.item_id = thing)
        OR EXISTS (SELECT FROM order_component c WHERE c.org_id = org AND c.item_id = thing)
        OR EXISTS (SELECT FROM subcontract_order o WHERE o.org_id = org AND o.product_id = thing);
END $$;

CREATE OR REPLACE FUNCTION lot_shown(org uuid, thing uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN
    RETURN EXISTS (SELECT FROM issue_note_line l WHERE l.org_id = org AND l.lot_id = thing)
        OR EXISTS (SELECT FROM material_document_line l WHERE l.org_id = org AND l.lot_id = thing)
        OR EXISTS (SELECT FROM consumption_line c WHERE c.org_id = org AND c.lot_id = thing)
        OR EXISTS (SELECT FROM stock_balance b WHERE b.org_id = org AND b.lot_id = thing);
END $$;

CREATE OR REPLACE FUNCTION audit_event_shown(org uuid, thing uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN RETURN EXISTS (SELECT FROM audit_event e WHERE e.org_id = org AND e.id = thing); END $$;

-- What was issued is known to a subcontractor once it has counted.
CREATE OR REPLACE FUNCTION delivery_counted(org uuid, thing uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN
    RETURN EXISTS (SELECT FROM issue_note n WHERE n.org_id = org AND n.id = thing AND n.custody_state <> 'in_transit');
END $$;

-- Every wall begins with the organisation; a setting that is not set is null and lets nothing
-- through. A portal member (current_partner) passes only where its own company is named.
DO $$
DECLARE wall record;
BEGIN
    FOR wall IN
        SELECT * FROM (VALUES
            ('role', 'in_own_house()'),
            ('role_permission', 'in_own_house()'),
            ('membership_role', 'in_own_house()'),
            ('document_counter', 'true'),
            ('free_document_number', 'true'),
            -- Who erases a person finds their name in everybody's answers.
            ('idempotency_key', 'person_id = current_person() OR current_setting(''app.erasing'', true) = ''on'''),
            ('audit_event', 'in_own_house() OR (partner_id = current_partner()
                AND (action <> ''posted'' OR aggregate_kind <> ''issue'' OR delivery_counted(org_id, aggregate_id)))'),
            ('personal_datum', 'in_own_house() OR audit_event_shown(org_id, event_id)'),
            ('audit_log_leaf', 'true'),
            ('audit_log_node', 'true'),
            ('audit_log_key', 'true'),
            ('audit_log_checkpoint', 'true'),
            ('audit_log_anchor', 'in_own_house()'),
            ('audit_log_cosignature', 'true'),
            ('unit', 'true'),
            ('partner', 'in_own_house() OR id = current_partner() OR partner_shown(org_id, id)'),
            ('location', 'in_own_house() OR partner_id = current_partner()'),
            ('operation', 'in_own_house() OR operation_shown(org_id, id)'),
            ('item', 'in_own_house() OR item_shown(org_id, id)'),
            ('bom', 'in_own_house()'),
            ('bom_line', 'in_own_house()'),
            ('lot', 'in_own_house() OR lot_shown(org_id, id)'),
            ('scan', 'in_own_house() OR scanned_by = current_person()'),
            ('stock_movement', 'in_own_house() OR location_shown(org_id, from_location_id)
                OR location_shown(org_id, to_location_id)'),
            ('stock_balance', 'in_own_house() OR location_shown(org_id, location_id)'),
            ('reservation', 'in_own_house()'),
            ('receipt', 'in_own_house()'),
            ('receipt_line', 'in_own_house()'),
            ('subcontract_order', 'in_own_house() OR partner_id = current_partner()'),
            ('order_component', 'in_own_house() OR order_shown(org_id, order_id)'),
            ('requisition', 'in_own_house()'),
            ('requisition_line', 'in_own_house()'),
            ('approval_ask', 'in_own_house() OR person_id = current_person()'),
            ('approval_entry', 'in_own_house()'),
            ('signature', 'in_own_house() OR partner_id = current_partner()'),
            ('signing_key', 'in_own_house() OR person_id = current_person()'),
            ('signing_request', 'person_id = current_person()'),
            ('signing_failure', 'in_own_house() OR person_id = current_person()'),
            ('approval_flow', 'in_own_house()'),
            ('change_request', 'in_own_house()'),
            ('approval_flow_version', 'in_own_house()'),
            ('absence', 'in_own_house() OR person_id = current_person()'),
            ('pick_task', 'in_own_house()'),
            ('pick_line', 'in_own_house()'),
            ('issue_note', 'in_own_house() OR partner_id = current_partner()'),
            ('issue_note_line', 'in_own_house() OR partner_id = current_partner()'),
            ('attachment', 'in_own_house() OR partner_id = current_partner()'),
            ('claim', 'in_own_house() OR partner_id = current_partner()'),
            ('agreement', 'in_own_house() OR partner_id = current_partner()'),
            ('agreement_version', 'in_own_house() OR partner_id = current_partner()'),
            ('clause', 'in_own_house()'),
            ('order_agreement', 'in_own_house()'),
            ('clause_override', 'in_own_house()'),
            ('material_document', 'in_own_house() OR current_partner() IN (partner_id, to_partner_id)'),
            ('material_document_line', 'in_own_house() OR current_partner() IN (partner_id, to_partner_id)'),
            ('subcontract_receipt', 'in_own_house() OR partner_id = current_partner()'),
            ('subcontract_receipt_line', 'in_own_house() OR partner_id = current_partner()'),
            ('consumption_line', 'in_own_house() OR partner_id = current_partner()'),
            ('tool_use', 'in_own_house() OR partner_id = current_partner()'),
            ('lot_link', '(SELECT in_own_house())'),
            ('period_close', 'true'),
            ('cost_entry', 'in_own_house()'),
            ('recall', 'in_own_house()'),
            ('recall_lot', 'in_own_house()'),
            ('recall_notice', 'in_own_house() OR partner_id = current_partner()'),
            ('recall_notice_line', 'in_own_house() OR partner_id = current_partner()'),
            ('recall_drill', 'in_own_house()'),
            ('settlement_line', 'in_own_house()')
        ) AS walls (name, condition)
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', wall.name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', wall.name);
        EXECUTE format('CREATE POLICY wall ON %I USING (org_id = current_org() AND (%s))', wall.name, wall.condition);
    END LOOP;
END $$;

-- A person sees their own memberships before choosing an organisation.
ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON membership
    USING (person_id = current_person() OR (org_id = current_org() AND in_own_house()));

-- What people sign with is their own, wherever they work; it ends when they are erased.
ALTER TABLE passkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON passkey
    USING (person_id = current_person() OR current_setting('app.erasing', true) = 'on');
ALTER TABLE authenticator ENABLE ROW LEVEL SECURITY;
ALTER TABLE authenticator FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON authenticator
    USING (person_id = current_person() OR current_setting('app.erasing', true) = 'on');

-- Whoever has a link has no organisation before it is found, and finds that one link.
ALTER TABLE confirmation_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE confirmation_link FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON confirmation_link
    USING ((org_id = current_org() AND (in_own_house() OR partner_id = current_partner()))
        OR (current_org() IS NULL AND token_digest = decode(current_setting('app.link', true), 'hex')))
    WITH CHECK (org_id = current_org() AND partner_id = current_partner());

-- Who seals works for all organisations and has to find those that wait; it sees no more than that they do.
ALTER TABLE audit_unsealed ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_unsealed FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON audit_unsealed
    USING (org_id = current_org() OR (current_org() IS NULL AND current_setting('app.sealing', true) = 'on'));

-- What is over is removed for all organisations at once, unseen.
ALTER TABLE access_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON access_entry USING ((org_id = current_org() AND in_own_house())
    OR (current_org() IS NULL AND current_setting('app.removing', true) = 'on'));

-- Who looks at what waits for a time works for all organisations, and sees which approvals those are.
ALTER TABLE approval ENABLE ROW LEVEL SECURITY;
ALTER TABLE approval FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON approval
    USING ((org_id = current_org() AND (in_own_house() OR partner_id = current_partner()))
        OR (current_org() IS NULL AND current_setting('app.waking', true) = 'on'))
    WITH CHECK (org_id = current_org() AND in_own_house());

-- Who sends mails works for all organisations, and sees which are due.
ALTER TABLE mail ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON mail USING ((org_id = current_org() AND in_own_house())
    OR (current_org() IS NULL AND current_setting('app.mailing', true) = 'on'));

ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON organisation
    USING (id = current_org() OR EXISTS (SELECT FROM membership m WHERE m.org_id = organisation.id AND m.active));

-- ---------------------------------------------------------------- references: what others show of a thing

CREATE VIEW person_reference WITH (security_invoker = true) AS
SELECT id, jsonb_build_object('id', id, 'display_name', display_name) AS reference FROM person;

CREATE VIEW partner_reference WITH (security_invoker = true) AS
SELECT org_id, id, code, jsonb_build_object('id', id, 'code', code,
    'name', jsonb_build_object('zh', name_zh, 'en', name_en)) AS reference FROM partner;

CREATE VIEW operation_reference WITH (security_invoker = true) AS
SELECT org_id, id, code, jsonb_build_object('id', id, 'code', code,
    'name', jsonb_build_object('zh', name_zh, 'en', name_en)) AS reference FROM operation;

CREATE VIEW location_reference WITH (security_invoker = true) AS
SELECT org_id, id, code, kind, partner_id, jsonb_build_object('id', id, 'code', code, 'kind', kind,
    'name', jsonb_build_object('zh', name_zh, 'en', name_en)) AS reference FROM location;

CREATE VIEW item_reference WITH (security_invoker = true) AS
SELECT i.org_id, i.id, i.code, i.name_zh, i.name_en, i.kind,
    jsonb_build_object('id', u.id, 'code', u.code, 'decimal_places', u.decimal_places) AS unit,
    jsonb_build_object('id', i.id, 'code', i.code, 'tracking', i.tracking,
        'name', jsonb_build_object('zh', i.name_zh, 'en', i.name_en),
        'unit', jsonb_build_object('id', u.id, 'code', u.code, 'decimal_places', u.decimal_places)) AS reference
FROM item i JOIN unit u ON (u.org_id, u.id) = (i.org_id, i.unit_id);

CREATE VIEW lot_reference WITH (security_invoker = true) AS
SELECT org_id, id, item_id, code, status, expires_on, supplier_lot, certificate_number,
    jsonb_build_object('id', id, 'code', code, 'status', status, 'expires_on', expires_on) AS reference FROM lot;

-- Files laid to documents.
CREATE VIEW attachment_view WITH (security_invoker = true) AS
SELECT a.org_id, a.id, a.document_kind, a.document_id, a.document_line, a.media_type, a.file_name,
    encode(a.sha256, 'hex') AS sha256, p.reference AS created_by, a.created_at, a.file_name AS search_text
FROM attachment a JOIN person_reference p ON p.id = a.created_by;

-- ---------------------------------------------------------------- master data

CREATE VIEW unit_view WITH (security_invoker = true) AS
SELECT org_id, id, code, jsonb_build_object('zh', name_zh, 'en', name_en) AS name, decimal_places, active, version,
    concat_ws(' ', code, name_zh, name_en) AS search_text
FROM unit;

CREATE VIEW item_view WITH (security_invoker = true) AS
SELECT i.org_id, i.id, i.code, jsonb_build_object('zh', i.name_zh, 'en', i.name_en) AS name, i.kind, i.tracking,
    r.unit, i.gtin, i.shelf_life_days, i.life_uses, decimal_text(i.safety_stock) AS safety_stock, i.storage_class,
    i.specification, (SELECT p.reference FROM person_reference p WHERE p.id = i.owner_id) AS owner, i.active, i.version,
    concat_ws(' ', i.code, i.name_zh, i.name_en, i.gtin, i.specification) AS search_text
FROM item i JOIN item_reference r ON (r.org_id, r.id) = (i.org_id, i.id);

CREATE VIEW partner_view WITH (security_invoker = true) AS
SELECT org_id, id, code, jsonb_build_object('zh', name_zh, 'en', name_en) AS name, supplier, subcontractor, customer,
    contact_name, phone, email, address, risk, active, version,
    concat_ws(' ', code, name_zh, name_en, contact_name, phone, email) AS search_text
FROM partner;

CREATE VIEW location_view WITH (security_invoker = true) AS
SELECT l.org_id, l.id, l.code, jsonb_build_object('zh', l.name_zh, 'en', l.name_en) AS name, l.kind, l.partner_id,
    p.reference AS partner, l.system_made, l.active, l.version,
    concat_ws(' ', l.code, l.name_zh, l.name_en) AS search_text
FROM location l LEFT JOIN partner_reference p ON (p.org_id, p.id) = (l.org_id, l.partner_id);

CREATE VIEW operation_view WITH (security_invoker = true) AS
SELECT org_id, id, code, jsonb_build_object('zh', name_zh, 'en', name_en) AS name, active, version,
    concat_ws(' ', code, name_zh, name_en) AS search_text
FROM operation;

CREATE VIEW bom_view WITH (security_invoker = true) AS
SELECT b.org_id, b.id, b.product_id, b.operation_id, p.code AS product_code, p.reference AS product,
    o.reference AS operation, b.revision, b.state, decimal_text(b.base_quantity) AS base_quantity,
    (SELECT count(*) FROM bom_line l WHERE (l.org_id, l.bom_id) = (b.org_id, b.id)) AS line_count, b.version,
    concat_ws(' ', p.code, p.name_zh, p.name_en, o.code, b.revision) AS search_text
FROM bom b
JOIN item_reference p ON (p.org_id, p.id) = (b.org_id, b.product_id)
JOIN operation_reference o ON (o.org_id, o.id) = (b.org_id, b.operation_id);

CREATE VIEW bom_detail_view WITH (security_invoker = true) AS
SELECT b.*, coalesce((
    SELECT jsonb_agg(jsonb_build_object('line_number', l.line_number, 'component', c.reference,
        'supply', l.supply, 'net_usage', decimal_text(l.net_usage), 'loss_norm_percent', decimal_text(l.loss_norm_percent),
        'issue_multiple', decimal_text(l.issue_multiple)) ORDER BY l.line_number)
    FROM bom_line l JOIN item_reference c ON (c.org_id, c.id) = (l.org_id, l.component_id)
    WHERE (l.org_id, l.bom_id) = (b.org_id, b.id)), '[]') AS lines
FROM bom_view b;

-- ---------------------------------------------------------------- people

CREATE VIEW role_view WITH (security_invoker = true) AS
SELECT r.org_id, r.id, r.code, jsonb_build_object('zh', r.name_zh, 'en', r.name_en) AS name,
    coalesce((SELECT jsonb_agg(p.permission ORDER BY p.permission) FROM role_permission p
        WHERE (p.org_id, p.role_id) = (r.org_id, r.id)), '[]') AS permissions,
    (SELECT count(*) FROM membership_role mr JOIN membership m ON (m.org_id, m.id) = (mr.org_id, mr.membership_id)
        WHERE (mr.org_id, mr.role_id) = (r.org_id, r.id) AND m.active) AS member_count,
    r.version, concat_ws(' ', r.code, r.name_zh, r.name_en) AS search_text
FROM role r;

CREATE VIEW member_view WITH (security_invoker = true) AS
SELECT m.org_id, m.id, m.person_id, m.partner_id, p.login,
    jsonb_build_object('id', p.id, 'login', p.login, 'display_name', p.display_name, 'locale', p.locale,
        'must_change_password', p.must_change_password) AS person, m.erased_at,
    partner.reference AS partner,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', r.id, 'code', r.code,
            'name', jsonb_build_object('zh', r.name_zh, 'en', r.name_en)) ORDER BY r.code)
        FROM membership_role mr JOIN role r ON (r.org_id, r.id) = (mr.org_id, mr.role_id)
        WHERE (mr.org_id, mr.membership_id) = (m.org_id, m.id)), '[]') AS roles,
    (SELECT b.reference FROM person_reference b WHERE b.id = m.manager_id) AS manager,
    m.active, m.version, concat_ws(' ', p.login, p.display_name) AS search_text
FROM membership m JOIN person p ON p.id = m.person_id
LEFT JOIN partner_reference partner ON (partner.org_id, partner.id) = (m.org_id, m.partner_id);

CREATE VIEW organisation_view WITH (security_invoker = true) AS
SELECT id AS org_id, id, code, jsonb_build_object('zh', name_zh, 'en', name_en) AS name, time_zone, blind_count,
    trace_threshold_percent, second_factor_to_sign, demo, version, code AS search_text
FROM organisation;

-- ---------------------------------------------------------------- the record

-- The details of an event with the personal values that are not erased.
CREATE OR REPLACE FUNCTION with_personal_values(org uuid, event uuid, details jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
DECLARE datum record;
BEGIN
    FOR datum IN SELECT d.path, d.value FROM personal_datum d WHERE (d.org_id, d.event_id) = (org, event) LOOP
        details := jsonb_set(details, string_to_array(substr(datum.path, 2), '/'), to_jsonb(datum.value), false);
    END LOOP;
    RETURN details;
END $$;

CREATE VIEW audit_event_view WITH (security_invoker = true) AS
SELECT e.org_id, e.id, e.aggregate_kind, e.aggregate_id, e.aggregate_seq, e.action, e.actor_id, p.reference AS actor,
    e.reason, e.at,
    with_personal_values(e.org_id, e.id, e.details) AS details, encode(e.leaf_hash, 'hex') AS leaf_hash, encode(e.previous_hash, 'hex') AS previous_hash,
    concat_ws(' ', e.action, e.aggregate_kind, e.reason, p.reference ->> 'display_name') AS search_text
FROM audit_event e JOIN person_reference p ON p.id = e.actor_id;

-- ---------------------------------------------------------------- lots, stock, movements

CREATE VIEW lot_view WITH (security_invoker = true) AS
SELECT l.org_id, l.id, l.item_id, l.code, l.batch_code, i.code AS item_code, i.reference AS item, l.status, l.supplier_id,
    s.reference AS supplier, l.supplier_lot, l.certificate_number, l.manufactured_on, l.expires_on,
    coalesce(l.expires_on < (SELECT current_day()), false) AS expired, l.released_at,
    decimal_text(coalesce(q.own, 0)) AS own_quantity, decimal_text(coalesce(q.waiting, 0)) AS waiting_quantity,
    decimal_text(coalesce(q.custody, 0)) AS custody_quantity, t.state AS tool_state,
    CASE WHEN t.state IS NOT NULL THEN jsonb_build_object('uses', l.uses, 'life_uses', l.life_uses, 'state', t.state,
        'reset_at', l.uses_reset_at, 'order', h."order", 'custodian', h.custodian, 'since', h.since) END AS tool,
    l.created_at, l.version,
    concat_ws(' ', l.code, l.batch_code, l.supplier_lot, l.certificate_number, i.code, i.name_zh, i.name_en)
        AS search_text
FROM lot l
JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
LEFT JOIN partner_reference s ON (s.org_id, s.id) = (l.org_id, l.supplier_id)
LEFT JOIN LATERAL (
    SELECT sum(b.on_hand) FILTER (WHERE p.kind IN ('quarantine', 'own_stock', 'wip')) AS own,
        sum(b.on_hand) FILTER (WHERE b.status = 'quarantine' AND (p.kind IN ('quarantine', 'own_stock', 'wip')
            OR (p.kind = 'subcontractor_custody' AND b.owner_id IS NULL))) AS waiting,
        sum(b.on_hand) FILTER (WHERE p.kind IN ('in_transit_out', 'subcontractor_custody', 'in_transit_in')) AS custody
    FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
    WHERE (b.org_id, b.lot_id) = (l.org_id, l.id)
) q ON true
-- How much of a tool's life is used, and on which order it is on loan.
LEFT JOIN LATERAL (
    SELECT CASE WHEN l.uses >= l.life_uses THEN 'worn' WHEN l.uses::bigint * 10 >= l.life_uses::bigint * 9 THEN 'warning'
        ELSE 'sound' END AS state
    WHERE i.kind = 'tooling' AND i.reference ->> 'tracking' = 'serial'
) t ON true
LEFT JOIN LATERAL (
    SELECT jsonb_build_object('kind', 'order', 'id', o.id, 'number', o.number) AS "order", c.reference AS custodian,
        (SELECT max(m.occurred_at) FROM stock_movement m WHERE (m.org_id, m.lot_id) = (l.org_id, l.id)
            AND m.to_location_id = b.location_id AND m.to_order_id = b.order_id) AS since
    FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
    JOIN subcontract_order o ON (o.org_id, o.id) = (b.org_id, b.order_id)
    JOIN partner_reference c ON (c.org_id, c.id) = (p.org_id, p.partner_id)
    WHERE t.state IS NOT NULL AND (b.org_id, b.lot_id) = (l.org_id, l.id) AND b.on_hand > 0 AND p.partner_id IS NOT NULL
    LIMIT 1
) h ON true;

-- A balance with what of it is still promised: a promise that has lapsed counts no more, whether or not its row was
-- settled since. Most of the time there is none in the whole house, which is asked once, and not of each balance.
CREATE VIEW balance_standing WITH (security_invoker = true) AS
SELECT b.*, CASE WHEN b.reserved = 0 THEN 0
    WHEN NOT (SELECT EXISTS (SELECT FROM reservation r WHERE r.org_id = current_org() AND r.soft AND r.state = 'reserved'
        AND r.expires_at <= current_instant())) THEN b.reserved
    ELSE b.reserved - coalesce((SELECT sum(r.quantity) FROM reservation r
        WHERE (r.org_id, r.balance_id) = (b.org_id, b.id) AND r.soft AND r.state = 'reserved'
            AND r.expires_at <= (SELECT current_instant())), 0) END AS promised
FROM stock_balance b;

-- Whether stock of a kind of place lies in the maker's own house.
CREATE OR REPLACE FUNCTION is_own(location_kind text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT location_kind IN ('quarantine', 'own_stock', 'wip') $$;

-- Whether a lot has expired before a day.
CREATE OR REPLACE FUNCTION is_expired(expires_on date, day date) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT coalesce(expires_on < day, false) $$;

-- Whether stock can be promised and taken on a day: neither held back nor expired, nor a tool that is worn.
CREATE OR REPLACE FUNCTION is_usable(location_kind text, stock_status text, lot_status text, expires_on date, uses integer,
    life_uses integer, day date) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT location_kind = 'own_stock' AND stock_status = 'available' AND coalesce(lot_status = 'released', true)
    AND NOT is_expired(expires_on, day) AND NOT coalesce(uses >= life_uses, false) $$;

-- What stands at each position, and what of it can still be promised (domain.md C8).
CREATE VIEW stock_position WITH (security_invoker = true) AS
SELECT b.org_id, b.id, b.item_id, b.lot_id, b.location_id, b.status, b.owner_id, b.order_id, b.on_hand,
    b.promised AS reserved, b.in_stock,
    p.kind AS location_kind, p.partner_id AS custodian_id, l.status AS lot_status, l.expires_on,
    is_own(p.kind) AS own, is_expired(l.expires_on, (SELECT current_day())) AS expired,
    is_usable(p.kind, b.status, l.status, l.expires_on, l.uses, l.life_uses, (SELECT current_day())) AS usable
FROM balance_standing b
JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
LEFT JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id);

-- Stock by position, of which the list takes the columns that it shows (ledger/standing.rs).
CREATE VIEW stock_view WITH (security_invoker = true) AS
SELECT b.org_id, b.id, b.item_id, b.lot_id, b.location_id, p.partner_id AS custodian_id, b.order_id, b.owner_id,
    i.code AS item_code, i.name_zh AS item_name_zh, i.name_en AS item_name_en, i.tracking, i.unit_id, u.code AS unit_code,
    u.decimal_places, l.code AS lot_code, l.status AS lot_status, l.expires_on,
    p.code AS location_code, p.name_zh AS location_name_zh, p.name_en AS location_name_en, p.kind AS location_kind,
    b.status, b.on_hand, b.promised AS reserved,
    CASE WHEN is_usable(p.kind, b.status, l.status, l.expires_on, l.uses, l.life_uses, (SELECT current_day()))
        THEN b.on_hand - b.promised ELSE 0 END AS usable,
    concat_ws(' ', i.code, i.name_zh, i.name_en, l.code, l.supplier_lot, p.code) AS search_text
FROM balance_standing b
JOIN item i ON (i.org_id, i.id) = (b.org_id, b.item_id)
JOIN unit u ON (u.org_id, u.id) = (i.org_id, i.unit_id)
JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
LEFT JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
WHERE b.in_stock;

-- How an item stands, from its balances alone; only of what lies in the own house is the lot looked at. held leaves out what
-- is already promised, so that on hand − reserved − held is what can be promised. OFFSET 0 keeps the standing of each balance
-- from being worked out for each sum.
CREATE OR REPLACE FUNCTION item_figures(org uuid, thing uuid) RETURNS TABLE (on_hand numeric, reserved numeric, held numeric,
    on_hold numeric, expired numeric, available numeric, in_transit numeric, in_custody numeric, on_return numeric,
    in_claim numeric)
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT
    coalesce(sum(s.on_hand) FILTER (WHERE s.standing IS NOT NULL), 0) AS on_hand,
    coalesce(sum(s.reserved) FILTER (WHERE s.standing IS NOT NULL), 0) AS reserved,
    coalesce(sum(s.on_hand - s.reserved) FILTER (WHERE s.standing <> 'usable'), 0) AS held,
    coalesce(sum(s.on_hand - s.reserved) FILTER (WHERE s.standing = 'held'), 0) AS on_hold,
    coalesce(sum(s.on_hand - s.reserved) FILTER (WHERE s.standing = 'expired'), 0) AS expired,
    coalesce(sum(s.on_hand - s.reserved) FILTER (WHERE s.standing = 'usable'), 0) AS available,
    coalesce(sum(s.on_hand) FILTER (WHERE s.location_kind = 'in_transit_out'), 0) AS in_transit,
    coalesce(sum(s.on_hand) FILTER (WHERE s.location_kind = 'subcontractor_custody'), 0) AS in_custody,
    coalesce(sum(s.on_hand) FILTER (WHERE s.location_kind = 'in_transit_in'), 0) AS on_return,
    coalesce(sum(s.on_hand) FILTER (WHERE s.location_kind = 'claim'), 0) AS in_claim
    FROM (SELECT b.on_hand, b.promised AS reserved, b.location_kind,
            CASE WHEN is_own(b.location_kind) THEN coalesce((
                SELECT CASE WHEN is_expired(l.expires_on, (SELECT current_day())) THEN 'expired'
                    WHEN is_usable(b.location_kind, b.status, l.status, l.expires_on, l.uses, l.life_uses,
                        (SELECT current_day())) THEN 'usable'
                    ELSE 'held' END
                FROM lot l WHERE (l.org_id, l.id) = (b.org_id, b.lot_id)),
                CASE WHEN is_usable(b.location_kind, b.status, NULL, NULL, NULL, NULL, (SELECT current_day())) THEN 'usable'
                    ELSE 'held' END) END AS standing
        FROM balance_standing b
        WHERE (b.org_id, b.item_id) = (org, thing) AND b.in_stock
        OFFSET 0) s
$$;

CREATE VIEW item_stock_view WITH (security_invoker = true) AS
SELECT i.org_id, i.id, i.id AS item_id, i.code AS item_code, i.name_zh AS item_name_zh, i.name_en AS item_name_en, i.kind,
    i.tracking, i.unit_id, u.code AS unit_code, u.decimal_places, f.on_hand, f.reserved, f.held,
    f.available AS available_to_promise, f.in_transit, f.in_custody, f.on_return, f.in_claim,
    concat_ws(' ', i.code, i.name_zh, i.name_en) AS search_text
FROM item i
JOIN unit u ON (u.org_id, u.id) = (i.org_id, i.unit_id)
CROSS JOIN LATERAL item_figures(i.org_id, i.id) f;

-- Promises that people made and that still hold, on the account of which order.
CREATE VIEW soft_reservation WITH (security_invoker = true) AS
SELECT r.org_id, r.id, r.balance_id, s.item_id, s.lot_id, s.usable, r.quantity, r.priority, r.document_kind, r.document_id,
    coalesce(q.order_id, r.document_id) AS order_id
FROM reservation r
JOIN stock_position s ON (s.org_id, s.id) = (r.org_id, r.balance_id)
LEFT JOIN requisition q ON (q.org_id, q.id) = (r.org_id, r.document_id)
WHERE r.soft AND r.state = 'reserved' AND r.expires_at > (SELECT current_instant());

-- Numbers of the documents behind movements and approvals.
CREATE VIEW document_reference WITH (security_invoker = true) AS
SELECT org_id, kind, id, jsonb_build_object('kind', kind, 'id', id, 'number', number) AS reference FROM (
    SELECT org_id, id, 'receipt' AS kind, number FROM receipt
    UNION ALL SELECT org_id, id, 'lot', code FROM lot
    UNION ALL SELECT org_id, id, 'item', code FROM item
    UNION ALL SELECT org_id, id, 'order', number FROM subcontract_order
    UNION ALL SELECT org_id, id, 'requisition', number FROM requisition
    UNION ALL SELECT org_id, id, 'pick', number FROM pick_task
    UNION ALL SELECT org_id, id, 'issue', number FROM issue_note
    UNION ALL SELECT org_id, id, 'claim', number FROM claim
    UNION ALL SELECT org_id, id, 'material', number FROM material_document
    UNION ALL SELECT org_id, id, 'subcontract_receipt', number FROM subcontract_receipt
    UNION ALL SELECT org_id, id, 'clause_override', number FROM clause_override
) documents;

-- What a thing is called that somebody read of: a number or a code, or a person's name.
CREATE VIEW thing_name WITH (security_invoker = true) AS
SELECT org_id, id, reference ->> 'number' AS name FROM document_reference
UNION ALL SELECT org_id, id, number FROM recall
UNION ALL SELECT org_id, id, number FROM recall_notice
UNION ALL SELECT org_id, id, code FROM partner
UNION ALL SELECT m.org_id, m.id, p.display_name FROM membership m JOIN person p ON p.id = m.person_id
UNION ALL SELECT m.org_id, m.person_id, p.display_name FROM membership m JOIN person p ON p.id = m.person_id;

-- The thing of a proof is that of its event. Behind the walls an index finds what a column names, not what an expression
-- does: so which thing it is comes first.
CREATE VIEW access_entry_view WITH (security_invoker = true) AS
SELECT a.org_id, a.id, a.person_id, p.reference AS person, a.kind, a.subject_id,
    (SELECT t.name FROM (SELECT coalesce((SELECT e.aggregate_id FROM audit_event e
            WHERE (e.org_id, e.id) = (a.org_id, a.subject_id)), a.subject_id) AS id OFFSET 0) w
        JOIN thing_name t ON t.org_id = a.org_id AND t.id = w.id
        WHERE a.subject_id IS NOT NULL LIMIT 1) AS subject,
    a.filter, coalesce((
        SELECT string_agg(coalesce(split_part(f.part, '=', 1) || '=' || n.name, f.part), '&' ORDER BY f.place)
        FROM string_to_table(a.filter, '&') WITH ORDINALITY AS f (part, place)
        LEFT JOIN LATERAL (SELECT t.name FROM thing_name t WHERE t.org_id = a.org_id AND t.id = CASE
                WHEN split_part(f.part, '=', 2) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                THEN split_part(f.part, '=', 2)::uuid END LIMIT 1) n ON true), '') AS filter_named,
    a.portal, a.times, a.first_at, a.last_at, a.request_id,
    concat_ws(' ', a.kind, a.filter, p.reference ->> 'display_name') AS search_text
FROM access_entry a JOIN person_reference p ON p.id = a.person_id;

CREATE VIEW movement_view WITH (security_invoker = true) AS
SELECT m.org_id, m.id, m.kind, m.item_id, m.lot_id, m.from_location_id, m.to_location_id, m.document_kind, m.document_id,
    (SELECT r.reference FROM item_reference r WHERE (r.org_id, r.id) = (m.org_id, m.item_id)) AS item,
    (SELECT r.reference FROM lot_reference r WHERE (r.org_id, r.id) = (m.org_id, m.lot_id)) AS lot,
    decimal_text(m.quantity) AS quantity,
    (SELECT r.reference FROM location_reference r WHERE (r.org_id, r.id) = (m.org_id, m.from_location_id)) AS from_location,
    m.from_status,
    (SELECT r.reference FROM location_reference r WHERE (r.org_id, r.id) = (m.org_id, m.to_location_id)) AS to_location,
    m.to_status, m.from_order_id, m.to_order_id,
    (SELECT jsonb_build_object('kind', 'order', 'id', o.id, 'number', o.number) FROM subcontract_order o
        WHERE (o.org_id, o.id) = (m.org_id, m.from_order_id)) AS from_order,
    (SELECT jsonb_build_object('kind', 'order', 'id', o.id, 'number', o.number) FROM subcontract_order o
        WHERE (o.org_id, o.id) = (m.org_id, m.to_order_id)) AS to_order,
    m.occurred_at, m.recorded_at, m.evidence_at, (m.occurred_at AT TIME ZONE (SELECT current_zone()))::date
        < (m.recorded_at AT TIME ZONE (SELECT current_zone()))::date AS late,
    d.reference AS document, m.reverses_id,
    (SELECT r.reference FROM person_reference r WHERE r.id = m.actor_id) AS actor, m.capture,
    concat_ws(' ', i.code, i.name_zh, i.name_en, l.code, d.reference ->> 'number') AS search_text
FROM stock_movement m
JOIN item i ON (i.org_id, i.id) = (m.org_id, m.item_id)
JOIN location f ON (f.org_id, f.id) = (m.org_id, m.from_location_id)
JOIN location t ON (t.org_id, t.id) = (m.org_id, m.to_location_id)
LEFT JOIN lot l ON (l.org_id, l.id) = (m.org_id, m.lot_id)
LEFT JOIN LATERAL (SELECT reference FROM document_reference
    WHERE (org_id, kind, id) = (m.org_id, m.document_kind, m.document_id) LIMIT 1) d ON true;

-- ---------------------------------------------------------------- receiving

CREATE VIEW receipt_view WITH (security_invoker = true) AS
SELECT r.org_id, r.id, r.number, r.supplier_id, s.reference AS supplier, r.delivery_note, r.state, r.occurred_at, r.evidence_at,
    day_of(r.occurred_at) < day_of(r.created_at) AS late, r.remark,
    (SELECT count(*) FROM receipt_line l WHERE (l.org_id, l.receipt_id) = (r.org_id, r.id)) AS line_count,
    c.reference AS created_by, r.created_at, r.version,
    concat_ws(' ', r.number, r.delivery_note, s.reference -> 'name' ->> 'zh', s.reference -> 'name' ->> 'en') AS search_text
FROM receipt r
JOIN partner_reference s ON (s.org_id, s.id) = (r.org_id, r.supplier_id)
JOIN person_reference c ON c.id = r.created_by;

CREATE VIEW receipt_detail_view WITH (security_invoker = true) AS
SELECT r.*, coalesce((
    SELECT jsonb_agg(jsonb_build_object('line_number', l.line_number, 'item', i.reference, 'lot', lot.reference,
        'supplier_lot', coalesce(lot.supplier_lot, ''), 'certificate_number', coalesce(lot.certificate_number, ''),
        'quantity', decimal_text(l.quantity), 'location', p.reference, 'unit_price', decimal_text(l.unit_price))
        ORDER BY l.line_number)
    FROM receipt_line l
    JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
    JOIN location_reference p ON (p.org_id, p.id) = (l.org_id, l.location_id)
    LEFT JOIN lot_reference lot ON (lot.org_id, lot.id) = (l.org_id, l.lot_id)
    WHERE (l.org_id, l.receipt_id) = (r.org_id, r.id)), '[]') AS lines
FROM receipt_view r;

-- ---------------------------------------------------------------- orders

CREATE VIEW order_view WITH (security_invoker = true) AS
SELECT o.org_id, o.id, o.number, o.partner_id, o.operation_id, o.product_id, o.bom_id, p.reference AS partner,
    op.reference AS operation, i.reference AS product, decimal_text(o.quantity) AS quantity, o.due_on, o.record_state,
    o.issue_state, o.custody_state, o.receipt_state, o.quality_state, o.settlement_state,
    decimal_text(o.good_quantity) AS good_quantity, decimal_text(o.rejected_quantity) AS rejected_quantity,
    decimal_text(o.unit_price) AS unit_price, o.remark,
    c.reference AS created_by, o.created_at, o.version,
    concat_ws(' ', o.number, i.code, i.name_zh, i.name_en, p.reference -> 'name' ->> 'zh',
        p.reference -> 'name' ->> 'en', op.code) AS search_text
FROM subcontract_order o
JOIN partner_reference p ON (p.org_id, p.id) = (o.org_id, o.partner_id)
JOIN operation_reference op ON (op.org_id, op.id) = (o.org_id, o.operation_id)
JOIN item_reference i ON (i.org_id, i.id) = (o.org_id, o.product_id)
JOIN person_reference c ON c.id = o.created_by;

-- With the revision it was written from; its components are read for themselves.
CREATE VIEW order_detail_view WITH (security_invoker = true) AS
SELECT o.*, b.revision AS bom_revision, '[]'::jsonb AS components
FROM order_view o JOIN bom b ON (b.org_id, b.id) = (o.org_id, o.bom_id);

-- Frozen components with what became of them.
CREATE VIEW order_component_view WITH (security_invoker = true) AS
SELECT c.org_id, c.order_id, c.line_number, c.item_id, i.code AS item_code, i.reference AS item, c.supply,
    (i.unit ->> 'decimal_places')::integer AS decimal_places, c.net_quantity, c.loss_norm_percent, c.issue_multiple,
    c.issued_quantity,
    coalesce((SELECT sum(l.requested_quantity) FROM requisition r
        JOIN requisition_line l ON (l.org_id, l.requisition_id) = (r.org_id, r.id)
        WHERE (r.org_id, r.order_id) = (c.org_id, c.order_id) AND l.item_id = c.item_id AND r.issue_state <> 'issued'
            AND r.approval_state IN ('draft', 'pending', 'approved')), 0) AS requested_quantity,
    coalesce((SELECT sum(l.received_quantity) FROM issue_note n
        JOIN issue_note_line l ON (l.org_id, l.issue_note_id) = (n.org_id, n.id)
        WHERE (n.org_id, n.order_id) = (c.org_id, c.order_id) AND n.record_state = 'posted'
            AND l.item_id = c.item_id), 0)
        + coalesce((SELECT sum(l.received_quantity) FROM material_document m
        JOIN material_document_line l ON (l.org_id, l.document_id) = (m.org_id, m.id)
        WHERE (m.org_id, m.to_order_id) = (c.org_id, c.order_id) AND m.kind = 'direct_delivery'
            AND m.record_state = 'posted' AND l.item_id = c.item_id), 0) AS confirmed_quantity
FROM order_component c
JOIN item_reference i ON (i.org_id, i.id) = (c.org_id, c.item_id);

-- The same, and the stock that could serve them: what is reserved for the order itself is there for it.
CREATE VIEW kit_component_view WITH (security_invoker = true) AS
SELECT c.*, f.on_hand, f.reserved - s.own AS reserved, f.on_hold, f.expired, f.available + s.own AS available,
    s.own AS own_reserved
FROM order_component_view c
CROSS JOIN LATERAL item_figures(c.org_id, c.item_id) f
CROSS JOIN LATERAL (SELECT coalesce(sum(r.quantity), 0) AS own FROM soft_reservation r
    WHERE (r.org_id, r.order_id, r.item_id) = (c.org_id, c.order_id, c.item_id) AND r.usable) s;

-- Components of open orders with what is being picked for them, and when and how urgently they are needed.
CREATE VIEW open_component_view WITH (security_invoker = true) AS
SELECT c.*, o.number AS order_number, o.partner, o.product, o.due_on, o.created_at, q.needed_on,
    coalesce(q.urgent, false) OR s.urgent AS urgent,
    coalesce((SELECT sum(l.quantity) FROM requisition r
        JOIN pick_task t ON (t.org_id, t.requisition_id) = (r.org_id, r.id) AND t.state = 'open'
        JOIN pick_line l ON (l.org_id, l.pick_id) = (t.org_id, t.id)
        WHERE (r.org_id, r.order_id) = (c.org_id, c.order_id) AND l.item_id = c.item_id), 0) AS picking_quantity
FROM kit_component_view c
JOIN order_view o ON (o.org_id, o.id) = (c.org_id, c.order_id) AND o.record_state = 'open'
    AND c.supply IN ('consigned', 'tooling')
LEFT JOIN LATERAL (SELECT min(r.needed_on) AS needed_on, bool_or(r.priority = 'urgent') AS urgent FROM requisition r
    WHERE (r.org_id, r.order_id) = (c.org_id, c.order_id) AND r.issue_state <> 'issued'
        AND r.approval_state IN ('draft', 'pending', 'approved')) q ON true
CROSS JOIN LATERAL (SELECT coalesce(bool_or(r.priority = 'urgent'), false) AS urgent FROM soft_reservation r
    WHERE (r.org_id, r.order_id) = (c.org_id, c.order_id)) s;

-- ---------------------------------------------------------------- agreements

-- A clause as it is shown.
CREATE VIEW clause_view WITH (security_invoker = true) AS
SELECT c.org_id, c.id, c.agreement_version_id, c.kind, c.number,
    clause_number_order(c.number) AS number_order,
    jsonb_build_object('zh', c.text_zh, 'en', c.text_en) AS text, i.reference AS item, o.reference AS operation,
    c.parameters || jsonb_build_object('kind', c.kind) AS terms, c.enforcement
FROM clause c
LEFT JOIN item_reference i ON (i.org_id, i.id) = (c.org_id, c.item_id)
LEFT JOIN operation_reference o ON (o.org_id, o.id) = (c.org_id, c.operation_id);

CREATE VIEW clause_reference WITH (security_invoker = true) AS
SELECT c.org_id, c.id, c.kind, c.number, a.number AS agreement_number, jsonb_build_object('id', c.id, 'number', c.number,
    'text', jsonb_build_object('zh', c.text_zh, 'en', c.text_en), 'agreement_number', a.number,
    'version_number', v.version_number) AS reference
FROM clause c
JOIN agreement_version v ON (v.org_id, v.id) = (c.org_id, c.agreement_version_id)
JOIN agreement a ON (a.org_id, a.id) = (v.org_id, v.agreement_id);

-- A version that was effective is retired once its last day has passed.
CREATE VIEW agreement_version_view WITH (security_invoker = true) AS
SELECT v.org_id, v.id, v.agreement_id, v.partner_id, a.number AS agreement_number, a.kind AS agreement_kind,
    v.version_number, CASE WHEN v.state = 'effective' AND v.effective_to < (SELECT current_day()) THEN 'retired'
        ELSE v.state END AS state,
    v.state = 'effective' AND v.effective_from <= (SELECT current_day())
        AND coalesce(v.effective_to >= (SELECT current_day()), true) AS in_force,
    v.effective_from, v.effective_to, v.change_note,
    coalesce((SELECT jsonb_agg(to_jsonb(c) ORDER BY c.number_order, c.number) FROM clause_view c
        WHERE (c.org_id, c.agreement_version_id) = (v.org_id, v.id)), '[]') AS clauses,
    (SELECT count(*) FROM order_agreement oa
        JOIN subcontract_order o ON (o.org_id, o.id) = (oa.org_id, oa.order_id)
        WHERE (oa.org_id, oa.agreement_version_id) = (v.org_id, v.id) AND o.record_state = 'open') AS open_order_count,
    w.reference AS created_by, v.created_at, p.reference AS approved_by, v.approved_at, v.version
FROM agreement_version v
JOIN agreement a ON (a.org_id, a.id) = (v.org_id, v.agreement_id)
JOIN person_reference w ON w.id = v.created_by
LEFT JOIN person_reference p ON p.id = v.approved_by;

CREATE VIEW agreement_view WITH (security_invoker = true) AS
SELECT a.org_id, a.id, a.number, a.kind, a.partner_id, p.reference AS partner,
    jsonb_build_object('zh', a.title_zh, 'en', a.title_en) AS title, f.version_number AS version_in_force,
    f.effective_from AS in_force_since, d.version_number AS open_version, d.state AS open_state,
    e.next_expiry_on, coalesce(e.clause_count, 0) AS clause_count, f.version_number IS NOT NULL AS in_force,
    w.reference AS created_by, a.created_at, a.version,
    concat_ws(' ', a.number, a.title_zh, a.title_en, p.code, p.reference -> 'name' ->> 'zh',
        p.reference -> 'name' ->> 'en') AS search_text
FROM agreement a
JOIN partner_reference p ON (p.org_id, p.id) = (a.org_id, a.partner_id)
JOIN person_reference w ON w.id = a.created_by
LEFT JOIN LATERAL (SELECT v.id, v.version_number, v.effective_from FROM agreement_version v
    WHERE (v.org_id, v.agreement_id) = (a.org_id, a.id) AND v.state = 'effective'
        AND v.effective_from <= (SELECT current_day()) AND coalesce(v.effective_to >= (SELECT current_day()), true)
    ORDER BY v.version_number DESC LIMIT 1) f ON true
LEFT JOIN LATERAL (SELECT v.version_number, v.state FROM agreement_version v
    WHERE (v.org_id, v.agreement_id) = (a.org_id, a.id) AND v.state IN ('draft', 'pending')
    ORDER BY v.version_number DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT count(*) AS clause_count,
        min(coalesce(c.parameters ->> 'expires_on', c.parameters ->> 'valid_until')::date) AS next_expiry_on
    FROM clause c WHERE (c.org_id, c.agreement_version_id) = (a.org_id, f.id)) e ON true;

CREATE VIEW agreement_detail_view WITH (security_invoker = true) AS
SELECT a.*, coalesce((SELECT jsonb_agg(to_jsonb(v) ORDER BY v.version_number DESC) FROM agreement_version_view v
    WHERE (v.org_id, v.agreement_id) = (a.org_id, a.id)), '[]') AS versions
FROM agreement_view a;

CREATE VIEW clause_override_view WITH (security_invoker = true) AS
SELECT r.org_id, r.id, r.number, r.clause_id, r.order_id, o.partner_id, c.reference AS clause, c.kind AS clause_kind,
    jsonb_build_object('kind', 'order', 'id', o.id, 'number', o.number) AS "order", o.partner,
    CASE r.document_kind WHEN 'order' THEN 'order_opening' WHEN 'issue' THEN 'issue' WHEN 'material' THEN 'transfer'
        ELSE 'receipt' END AS step,
    decimal_text(r.figure_now) AS figure_now, decimal_text(r.figure_after) AS figure_after, r.reason, r.approval_state,
    w.reference AS requested_by, d.decided_by, d.decided_at, u.reference AS used_by, r.used_at,
    r.used_at IS NOT NULL AS used, r.created_at, r.version,
    concat_ws(' ', r.number, c.number, c.agreement_number, o.search_text) AS search_text
FROM clause_override r
JOIN clause_reference c ON (c.org_id, c.id) = (r.org_id, r.clause_id)
JOIN order_view o ON (o.org_id, o.id) = (r.org_id, r.order_id)
JOIN person_reference w ON w.id = r.requested_by
LEFT JOIN document_reference u ON (u.org_id, u.id) = (r.org_id, r.used_by_id)
LEFT JOIN LATERAL (SELECT q.reference AS decided_by, a.decided_at FROM approval a JOIN person_reference q ON q.id = a.decided_by
    WHERE (a.org_id, a.document_kind, a.document_id) = (r.org_id, 'clause_override', r.id)
    ORDER BY a.id DESC LIMIT 1) d ON true;

CREATE VIEW settlement_line_view WITH (security_invoker = true) AS
SELECT s.org_id, s.id, s.order_id, s.partner_id, s.kind, s.milestone,
    jsonb_build_object('kind', 'order', 'id', o.id, 'number', o.number) AS "order", o.partner, c.reference AS clause,
    d.reference AS document, decimal_text(s.quantity) AS quantity, decimal_text(s.unit_price) AS unit_price,
    s.amount::text AS amount, s.settlement_state, s.due_on, coalesce(s.due_on, 'infinity'::date) AS due_order, s.created_at,
    concat_ws(' ', o.search_text, d.reference ->> 'number') AS search_text
FROM settlement_line s
JOIN order_view o ON (o.org_id, o.id) = (s.org_id, s.order_id)
LEFT JOIN clause_reference c ON (c.org_id, c.id) = (s.org_id, s.clause_id)
LEFT JOIN document_reference d ON (d.org_id, d.id) = (s.org_id, s.document_id);

CREATE VIEW cost_entry_view WITH (security_invoker = true) AS
SELECT e.org_id, e.id, e.order_id, e.kind, decimal_text(e.amount) AS amount, e.invoice_number, e.occurred_on, e.remark,
    w.reference AS created_by, e.created_at, concat_ws(' ', e.invoice_number, e.remark) AS search_text
FROM cost_entry e JOIN person_reference w ON w.id = e.created_by;

-- ---------------------------------------------------------------- finished goods from subcontractors

CREATE VIEW subcontract_receipt_view WITH (security_invoker = true) AS
SELECT r.org_id, r.id, r.number, r.order_id, o.number AS order_number, r.partner_id, p.reference AS partner,
    i.reference AS product, r.record_state, r.delivery_note, r.last,
    decimal_text(coalesce(l.good_quantity, 0)) AS good_quantity,
    decimal_text(coalesce(l.rejected_quantity, 0)) AS rejected_quantity, coalesce(l.line_count, 0) AS line_count,
    (SELECT (ARRAY['default', 'inferred', 'declared', 'scanned'])[
            min(array_position(ARRAY['default', 'inferred', 'declared', 'scanned'], u.certainty))]
        FROM consumption_line u WHERE (u.org_id, u.receipt_id) = (r.org_id, r.id) AND u.lot_id IS NOT NULL) AS certainty,
    r.occurred_at, r.evidence_at, day_of(r.occurred_at) < day_of(coalesce(r.posted_at, r.created_at)) AS late, r.remark,
    r.declared_at, d.reference AS declared_by, r.posted_at, q.reference AS posted_by,
    c.reference AS created_by, r.created_at, r.version,
    concat_ws(' ', r.number, r.delivery_note, o.number, i.code, i.name_zh, i.name_en, p.reference -> 'name' ->> 'zh',
        p.reference -> 'name' ->> 'en') AS search_text
FROM subcontract_receipt r
JOIN subcontract_order o ON (o.org_id, o.id) = (r.org_id, r.order_id)
JOIN item_reference i ON (i.org_id, i.id) = (o.org_id, o.product_id)
JOIN partner_reference p ON (p.org_id, p.id) = (r.org_id, r.partner_id)
JOIN person_reference c ON c.id = r.created_by
LEFT JOIN person_reference d ON d.id = r.declared_by
LEFT JOIN person_reference q ON q.id = r.posted_by
LEFT JOIN LATERAL (SELECT sum(n.good_quantity) AS good_quantity, sum(n.rejected_quantity) AS rejected_quantity,
        count(*) AS line_count
    FROM subcontract_receipt_line n WHERE (n.org_id, n.receipt_id) = (r.org_id, r.id)) l ON true;

CREATE VIEW subcontract_receipt_detail_view WITH (security_invoker = true) AS
SELECT r.*, coalesce((
    SELECT jsonb_agg(jsonb_build_object('line_number', n.line_number, 'lot_code', n.lot_code, 'batch_code', n.batch_code, 'lot', f.reference,
        'manufactured_on', n.manufactured_on, 'expires_on', n.expires_on, 'certificate_number', n.certificate_number,
        'good_quantity', decimal_text(n.good_quantity), 'rejected_quantity', decimal_text(n.rejected_quantity),
        'remark', n.remark, 'uses', coalesce((
            SELECT jsonb_agg(jsonb_build_object('item', i.reference, 'lot', l.reference,
                'supply', coalesce((SELECT c.supply FROM order_component c
                    WHERE (c.org_id, c.order_id, c.item_id) = (r.org_id, r.order_id, u.item_id) LIMIT 1), 'consigned'),
                'supplier_lot', coalesce(l.supplier_lot, ''), 'certificate_number', coalesce(l.certificate_number, ''),
                'quantity', decimal_text(u.quantity), 'certainty', u.certainty, 'remark', u.remark) ORDER BY u.line_number)
            FROM consumption_line u
            JOIN item_reference i ON (i.org_id, i.id) = (u.org_id, u.item_id)
            LEFT JOIN lot_reference l ON (l.org_id, l.id) = (u.org_id, u.lot_id)
            WHERE (u.org_id, u.receipt_id, u.receipt_line) = (n.org_id, n.receipt_id, n.line_number)), '[]'))
        ORDER BY n.line_number)
    FROM subcontract_receipt_line n LEFT JOIN lot_reference f ON (f.org_id, f.id) = (n.org_id, n.lot_id)
    WHERE (n.org_id, n.receipt_id) = (r.org_id, r.id)), '[]') AS lines,
    coalesce((
    SELECT jsonb_agg(jsonb_build_object('item', i.reference, 'lot', l.reference, 'uses', u.uses, 'certainty', u.certainty,
        'uses_now', x.uses, 'life_uses', x.life_uses) ORDER BY x.code)
    FROM tool_use u
    JOIN item_reference i ON (i.org_id, i.id) = (u.org_id, u.item_id)
    JOIN lot_reference l ON (l.org_id, l.id) = (u.org_id, u.lot_id)
    JOIN lot x ON (x.org_id, x.id) = (u.org_id, u.lot_id)
    WHERE (u.org_id, u.receipt_id) = (r.org_id, r.id)), '[]') AS tools
FROM subcontract_receipt_view r;

CREATE VIEW material_view WITH (security_invoker = true) AS
SELECT m.org_id, m.id, m.number, m.kind, m.record_state, m.approval_state, m.custody_state, m.order_id,
    o.number AS order_number, m.to_order_id, n.number AS to_order_number, m.partner_id, p.reference AS partner,
    m.to_partner_id, q.reference AS to_partner, m.customer_id, b.reference AS customer, m.supplier_id,
    s.reference AS supplier, m.contact, m.carrier, m.borne_by,
    m.reason, m.witness, m.certificate_number, m.delivery_note, m.occurred_at, m.evidence_at,
    day_of(m.occurred_at) < day_of(coalesce(m.posted_at, m.created_at)) AS late, m.remark,
    m.posted_at, w.reference AS posted_by, m.confirmed_at, f.reference AS confirmed_by, m.confirmation_remark,
    (SELECT count(*) FROM material_document_line l WHERE (l.org_id, l.document_id) = (m.org_id, m.id)) AS line_count,
    c.reference AS created_by, m.created_at, m.version,
    concat_ws(' ', m.number, o.number, n.number, m.reason, m.delivery_note, m.certificate_number,
        p.reference -> 'name' ->> 'zh', p.reference -> 'name' ->> 'en', b.reference -> 'name' ->> 'zh',
        b.reference -> 'name' ->> 'en') AS search_text
FROM material_document m
JOIN person_reference c ON c.id = m.created_by
LEFT JOIN person_reference w ON w.id = m.posted_by
LEFT JOIN person_reference f ON f.id = m.confirmed_by
LEFT JOIN subcontract_order o ON (o.org_id, o.id) = (m.org_id, m.order_id)
LEFT JOIN subcontract_order n ON (n.org_id, n.id) = (m.org_id, m.to_order_id)
LEFT JOIN partner_reference p ON (p.org_id, p.id) = (m.org_id, m.partner_id)
LEFT JOIN partner_reference q ON (q.org_id, q.id) = (m.org_id, m.to_partner_id)
LEFT JOIN partner_reference b ON (b.org_id, b.id) = (m.org_id, m.customer_id)
LEFT JOIN partner_reference s ON (s.org_id, s.id) = (m.org_id, m.supplier_id);

-- A count is blind: what the books said is not told to the subcontractor before it is settled.
CREATE VIEW material_detail_view WITH (security_invoker = true) AS
SELECT m.*, coalesce((
    SELECT jsonb_agg(jsonb_build_object('line_number', l.line_number, 'direction', l.direction, 'item', i.reference,
        'lot', lot.reference, 'supplier_lot', coalesce(lot.supplier_lot, ''),
        'certificate_number', coalesce(lot.certificate_number, ''), 'quantity', decimal_text(l.quantity),
        'book_quantity', CASE WHEN current_partner() IS NULL OR m.record_state = 'posted'
            THEN decimal_text(l.book_quantity) END,
        'condition', l.condition, 'already_declared', l.already_declared, 'from_location', f.reference,
        'from_status', l.from_status, 'to_location', t.reference, 'to_status', l.to_status,
        'received_quantity', decimal_text(l.received_quantity), 'remark', l.remark)
        ORDER BY l.line_number)
    FROM material_document_line l
    JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
    LEFT JOIN lot_reference lot ON (lot.org_id, lot.id) = (l.org_id, l.lot_id)
    LEFT JOIN location_reference f ON (f.org_id, f.id) = (l.org_id, l.from_location_id)
    LEFT JOIN location_reference t ON (t.org_id, t.id) = (l.org_id, l.to_location_id)
    WHERE (l.org_id, l.document_id) = (m.org_id, m.id)), '[]') AS lines,
    coalesce((SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM attachment_view a
        WHERE (a.org_id, a.document_kind, a.document_id) = (m.org_id, 'material', m.id)), '[]') AS attachments
FROM material_view m;

-- What was sold to whom, lot by lot: name, model, lot or serial number, unique device identifier, expiry, quantity,
-- date, customer, address and contact.
CREATE VIEW sales_record_view WITH (security_invoker = true) AS
SELECT m.org_id, md5(m.id::text || l.line_number)::uuid AS id, m.id AS material_id, m.number, m.customer_id, l.item_id,
    l.lot_id, i.reference AS item, x.specification, lot.reference AS lot,
    CASE WHEN x.gtin IS NULL THEN '' ELSE concat('(01)' || x.gtin, '(17)' || to_char(t.expires_on, 'YYMMDD'),
        CASE WHEN x.tracking = 'serial' AND t.batch_code <> '' THEN '(10)' || t.batch_code END,
        CASE x.tracking WHEN 'serial' THEN '(21)' WHEN 'lot' THEN '(10)' END || t.code) END AS udi,
    decimal_text(l.quantity) AS quantity, m.occurred_at AS dispatched_at, c.reference AS customer, m.contact,
    m.delivery_note, m.record_state = 'reversed' AS reversed,
    concat_ws(' ', m.number, i.code, i.name_zh, i.name_en, t.code, t.batch_code, m.delivery_note, c.reference -> 'name' ->> 'zh',
        c.reference -> 'name' ->> 'en') AS search_text
FROM material_document m
JOIN material_document_line l ON (l.org_id, l.document_id) = (m.org_id, m.id)
JOIN item x ON (x.org_id, x.id) = (l.org_id, l.item_id)
JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
JOIN partner_reference c ON (c.org_id, c.id) = (m.org_id, m.customer_id)
LEFT JOIN lot t ON (t.org_id, t.id) = (l.org_id, l.lot_id)
LEFT JOIN lot_reference lot ON (lot.org_id, lot.id) = (l.org_id, l.lot_id)
WHERE m.kind = 'dispatch' AND m.record_state IN ('posted', 'reversed');

-- What a subcontractor may know of an order that it works on: no price, no remark.
CREATE VIEW portal_order_view WITH (security_invoker = true) AS
SELECT org_id, id, number, partner_id, operation, product, quantity, due_on, receipt_state, good_quantity,
    rejected_quantity, search_text
FROM order_view WHERE record_state = 'open';

-- ---------------------------------------------------------------- requisitions, approvals, picking

CREATE VIEW approval_view WITH (security_invoker = true) AS
SELECT a.org_id, a.id, a.state, a.urgent, a.due_on, a.document_kind, a.document_id, a.permission,
    a.requested_by AS requested_by_id, a.decided_by AS decided_by_id,
    jsonb_build_object('kind', a.document_kind, 'id', a.document_id, 'number', a.document_number) AS document,
    r.reference AS requested_by, a.requested_at, d.reference AS decided_by, a.decided_at, a.reason, a.stuck,
    CASE WHEN v.id IS NOT NULL THEN jsonb_build_object('id', f.id, 'version_id', v.id,
        'name', jsonb_build_object('zh', f.name_zh, 'en', f.name_en), 'version_number', v.version_number) END AS flow,
    a.document_number AS search_text
FROM approval a
JOIN person_reference r ON r.id = a.requested_by
LEFT JOIN person_reference d ON d.id = a.decided_by
LEFT JOIN approval_flow_version v ON (v.org_id, v.id) = (a.org_id, a.flow_version_id)
LEFT JOIN approval_flow f ON (f.org_id, f.id) = (v.org_id, v.flow_id);

-- The inbox: rank puts the urgent and the overdue first, then what waits longest; decidable is the asker's own.
CREATE VIEW approval_inbox_view WITH (security_invoker = true) AS
SELECT a.*, CASE WHEN a.urgent OR mine.due_at <= (SELECT current_instant()) THEN '0' ELSE '1' END || a.id::text AS rank,
    mine.due_at, coalesce(mine.in_bulk, false) AS in_bulk, mine.asked AND a.permission IN (
        SELECT p.permission FROM membership m
        JOIN membership_role r ON (r.org_id, r.membership_id) = (m.org_id, m.id)
        JOIN role_permission p ON (p.org_id, p.role_id) = (r.org_id, r.role_id)
        WHERE m.org_id = a.org_id AND m.person_id = current_person() AND m.active) AS decidable,
    a.state = 'pending' AND EXISTS (SELECT FROM approval_entry q
        WHERE (q.org_id, q.approval_id, q.kind, q.other_id) = (a.org_id, a.id, 'question', (SELECT current_person()))
            AND NOT EXISTS (SELECT FROM approval_entry w
                WHERE (w.org_id, w.approval_id, w.kind) = (a.org_id, a.id, 'answer') AND w.id > q.id
                    AND (w.person_id, w.other_id) = (q.other_id, q.person_id))) AS questioned
FROM approval_view a
CROSS JOIN LATERAL (SELECT count(*) > 0 AS asked, min(k.due_at) AS due_at, bool_and(k.in_bulk) AS in_bulk
    FROM approval_ask k
    WHERE (k.org_id, k.approval_id, k.person_id) = (a.org_id, a.id, (SELECT current_person()))) mine;

CREATE VIEW approval_entry_view WITH (security_invoker = true) AS
SELECT e.org_id, e.approval_id, e.id, e.kind, e.at, e.step, p.reference AS person, o.reference AS other, e.meaning,
    e."text", e.filled
FROM approval_entry e
LEFT JOIN person_reference p ON p.id = e.person_id
LEFT JOIN person_reference o ON o.id = e.other_id;

-- What waits for a subcontractor's person to countersign: the document by its number, nothing of the maker's flow.
CREATE VIEW countersignature_view WITH (security_invoker = true) AS
SELECT k.org_id, a.id, k.step, k.person_id, a.document_kind,
    jsonb_build_object('kind', a.document_kind, 'id', a.document_id, 'number', a.document_number) AS document,
    a.requested_at, k.asked_at, k.due_at, a.drawing, a.document_number AS search_text
FROM approval_ask k JOIN approval a ON (a.org_id, a.id) = (k.org_id, k.approval_id);

CREATE VIEW flow_version_view WITH (security_invoker = true) AS
SELECT v.org_id, v.id, v.flow_id, v.version_number, v.state, v.condition, v.drawing, v.change_note, v.flaws, v.drawn_by,
    p.reference AS created_by, v.created_at, v.published_at, v.version
FROM approval_flow_version v JOIN person_reference p ON p.id = v.created_by;

CREATE VIEW flow_view WITH (security_invoker = true) AS
SELECT f.org_id, f.id, f.document_kind, jsonb_build_object('zh', f.name_zh, 'en', f.name_en) AS name, f."position",
    f.active, published.version_number AS published_number, coalesce(published.flaws, '[]') AS flaws,
    (SELECT d.state FROM approval_flow_version d
        WHERE (d.org_id, d.flow_id) = (f.org_id, f.id) AND d.state IN ('draft', 'pending')) AS draft_state,
    (SELECT count(*) FROM approval a JOIN approval_flow_version v ON (v.org_id, v.id) = (a.org_id, a.flow_version_id)
        WHERE (v.org_id, v.flow_id) = (f.org_id, f.id) AND a.state = 'pending') AS running,
    f.version, f.document_kind || to_char(f."position", 'FM0000') AS rank,
    concat_ws(' ', f.name_zh, f.name_en) AS search_text
FROM approval_flow f
LEFT JOIN approval_flow_version published ON (published.org_id, published.flow_id, published.state)
    = (f.org_id, f.id, 'published');

CREATE VIEW flow_detail_view WITH (security_invoker = true) AS
SELECT f.*, coalesce((SELECT jsonb_agg(to_jsonb(v) ORDER BY v.version_number DESC) FROM flow_version_view v
    WHERE (v.org_id, v.flow_id) = (f.org_id, f.id)), '[]') AS versions
FROM flow_view f;

CREATE VIEW change_request_view WITH (security_invoker = true) AS
SELECT c.org_id, c.id, c.number, c.kind, c.act, coalesce(c.target_id, c.result_id) AS target_id,
    coalesce(nullif(c.subject, ''), m.reference ->> 'display_name', '') AS subject, c.changes, c.reason, c.state,
    p.reference AS requested_by, c.requested_at, c.ended_at, NULL::jsonb AS approval, c.version,
    concat_ws(' ', c.number, c.subject, m.reference ->> 'display_name', p.reference ->> 'display_name') AS search_text
FROM change_request c
JOIN person_reference p ON p.id = c.requested_by
LEFT JOIN membership w ON c.act = 'member_update' AND (w.org_id, w.id) = (c.org_id, c.target_id)
LEFT JOIN person_reference m ON m.id = w.person_id;

CREATE VIEW change_request_detail_view WITH (security_invoker = true) AS
SELECT c.org_id, c.id, c.number, c.kind, c.act, c.target_id, c.subject, c.changes, c.reason, c.state, c.requested_by,
    c.requested_at, c.ended_at,
    (SELECT to_jsonb(a) || jsonb_build_object('decidable', false, 'in_bulk', false, 'questioned', false) FROM approval_view a
        WHERE (a.org_id, a.document_kind, a.document_id) = (c.org_id, c.kind, c.id) ORDER BY a.id DESC LIMIT 1) AS approval,
    c.version
FROM change_request_view c;

-- Files laid to a document as they are signed, by name and digest; nothing at all where there is none, so that a form
-- that was signed before files could be laid is the same still. A subcontractor's person signs the files that it can see.
CREATE OR REPLACE FUNCTION signable_files(org uuid, kind text, thing uuid, signer_partner uuid) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN count(*) > 0 THEN jsonb_build_object('attachments', jsonb_agg(jsonb_build_object(
        'file_name', a.file_name, 'sha256', encode(a.sha256, 'hex')) ORDER BY a.id)) ELSE '{}' END
    FROM attachment a WHERE (a.org_id, a.document_kind, a.document_id) = (org, kind, thing)
        AND (signer_partner IS NULL OR a.partner_id = signer_partner)
$$;

-- What is signed: each document's content by what it says, never by where it stands. A reference names a thing by its
-- identifier, beside which its code or number is there to be read. A form that was signed stays as it is: what becomes
-- different is a new form.
CREATE VIEW signable_view WITH (security_invoker = true) AS
SELECT r.org_id, 'requisition' AS kind, r.id, 1 AS version_number, r.approval_state = 'pending' AS waiting,
    jsonb_build_object('form', 1, 'kind', 'requisition', 'number', r.number,
        'order', jsonb_build_object('id', o.id, 'number', o.number), 'needed_on', r.needed_on, 'priority', r.priority,
        'reason_code', r.reason_code, 'reason', r.reason, 'lines', coalesce((
            SELECT jsonb_agg(jsonb_build_object('line_number', l.line_number,
                'item', jsonb_build_object('id', i.id, 'code', i.code), 'quantity', decimal_text(l.requested_quantity))
                ORDER BY l.line_number)
            FROM requisition_line l JOIN item i ON (i.org_id, i.id) = (l.org_id, l.item_id)
            WHERE (l.org_id, l.requisition_id) = (r.org_id, r.id)), '[]'))
        || signable_files(r.org_id, 'requisition', r.id, NULL) AS content
FROM requisition r JOIN subcontract_order o ON (o.org_id, o.id) = (r.org_id, r.order_id)
UNION ALL
SELECT m.org_id, 'material', m.id, 1, m.approval_state = 'pending',
    jsonb_strip_nulls(jsonb_build_object('form', 1, 'kind', m.kind, 'number', m.number,
        'order', CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('id', o.id, 'number', o.number) END,
        'to_order', CASE WHEN n.id IS NOT NULL THEN jsonb_build_object('id', n.id, 'number', n.number) END,
        'partner', CASE WHEN p.id IS NOT NULL THEN jsonb_build_object('id', p.id, 'code', p.code) END,
        'to_partner', CASE WHEN q.id IS NOT NULL THEN jsonb_build_object('id', q.id, 'code', q.code) END,
        'borne_by', m.borne_by, 'reason_code', m.reason_code, 'reason', m.reason,
        'certificate_number', m.certificate_number, 'delivery_note', m.delivery_note,
        'occurred_at', to_char(m.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'evidence_at', to_char(m.evidence_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'remark', m.remark, 'lines', coalesce((
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('line_number', l.line_number, 'direction', l.direction,
                'item', jsonb_build_object('id', i.id, 'code', i.code),
                'lot', CASE WHEN t.id IS NOT NULL THEN jsonb_build_object('id', t.id, 'code', t.code) END,
                'quantity', decimal_text(l.quantity), 'book_quantity', decimal_text(l.book_quantity),
                'condition', l.condition, 'remark', l.remark)) ORDER BY l.line_number)
            FROM material_document_line l JOIN item i ON (i.org_id, i.id) = (l.org_id, l.item_id)
            LEFT JOIN lot t ON (t.org_id, t.id) = (l.org_id, l.lot_id)
            WHERE (l.org_id, l.document_id) = (m.org_id, m.id)), '[]')))
        || signable_files(m.org_id, 'material', m.id, NULL)
FROM material_document m
LEFT JOIN subcontract_order o ON (o.org_id, o.id) = (m.org_id, m.order_id)
LEFT JOIN subcontract_order n ON (n.org_id, n.id) = (m.org_id, m.to_order_id)
LEFT JOIN partner p ON (p.org_id, p.id) = (m.org_id, m.partner_id)
LEFT JOIN partner q ON (q.org_id, q.id) = (m.org_id, m.to_partner_id)
UNION ALL
SELECT r.org_id, 'clause_override', r.id, 1, r.approval_state = 'pending',
    jsonb_build_object('form', 1, 'kind', 'clause_override', 'number', r.number,
        'clause', jsonb_build_object('id', c.id, 'number', c.number), 'order', jsonb_build_object('id', o.id, 'number', o.number),
        'document_kind', r.document_kind, 'figure_now', decimal_text(r.figure_now),
        'figure_after', decimal_text(r.figure_after), 'reason', r.reason)
FROM clause_override r
JOIN clause c ON (c.org_id, c.id) = (r.org_id, r.clause_id)
JOIN subcontract_order o ON (o.org_id, o.id) = (r.org_id, r.order_id)
UNION ALL
SELECT v.org_id, 'agreement', a.id, v.version_number, v.state = 'pending',
    jsonb_build_object('form', 1, 'kind', a.kind, 'number', a.number, 'version_number', v.version_number,
        'title', jsonb_build_object('zh', a.title_zh, 'en', a.title_en),
        'partner', jsonb_build_object('id', p.id, 'code', p.code), 'effective_from', v.effective_from,
        'change_note', v.change_note, 'clauses', coalesce((
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('number', c.number, 'kind', c.kind, 'text_zh', c.text_zh,
                'text_en', c.text_en, 'item', CASE WHEN i.id IS NOT NULL THEN jsonb_build_object('id', i.id, 'code', i.code) END,
                'operation', CASE WHEN w.id IS NOT NULL THEN jsonb_build_object('id', w.id, 'code', w.code) END,
                'parameters', c.parameters, 'enforcement', c.enforcement)) ORDER BY c.number, c.id)
            FROM clause c LEFT JOIN item i ON (i.org_id, i.id) = (c.org_id, c.item_id)
            LEFT JOIN operation w ON (w.org_id, w.id) = (c.org_id, c.operation_id)
            WHERE (c.org_id, c.agreement_version_id) = (v.org_id, v.id)), '[]'))
FROM agreement_version v
JOIN agreement a ON (a.org_id, a.id) = (v.org_id, v.agreement_id)
JOIN partner p ON (p.org_id, p.id) = (v.org_id, v.partner_id)
UNION ALL
SELECT v.org_id, 'approval_flow', v.flow_id, v.version_number, v.state = 'pending',
    jsonb_build_object('form', 1, 'kind', 'approval_flow', 'document_kind', f.document_kind,
        'version_number', v.version_number, 'condition', v.condition, 'drawing', v.drawing, 'change_note', v.change_note)
FROM approval_flow_version v JOIN approval_flow f ON (f.org_id, f.id) = (v.org_id, v.flow_id)
UNION ALL
SELECT c.org_id, c.kind, c.id, 1, c.state = 'pending',
    jsonb_build_object('form', 1, 'kind', c.kind, 'number', c.number, 'subject', c.subject, 'about', c.about,
        'change', c.signed, 'reason', c.reason)
FROM change_request c;

-- A signature with everything that it is verified by: what the record tells of it, the passkey as the organisation knows it,
-- the document as it is now, and whether its approval is the last.
CREATE VIEW signature_evidence_view WITH (security_invoker = true) AS
SELECT s.*, a.state AS approval_state, NOT EXISTS (SELECT FROM approval later
        WHERE (later.org_id, later.document_kind, later.document_id) = (s.org_id, s.document_kind, s.document_id)
            AND later.id > s.approval_id) AS latest,
    i.display_name AS in_place_of_name, e.canonical_bytes, e.leaf_hash, k.person_id AS key_owner, k.credential_id, k.public_key,
    c.content
FROM signature s
JOIN approval a ON (a.org_id, a.id) = (s.org_id, s.approval_id)
LEFT JOIN person i ON i.id = s.in_place_of
LEFT JOIN LATERAL (SELECT canonical_bytes, leaf_hash FROM audit_event e
    WHERE (e.org_id, e.aggregate_kind, e.aggregate_id) = (s.org_id, 'approval', s.approval_id)
        AND e.details #>> '{signature,statement,id}' = s.id::text LIMIT 1) e ON true
LEFT JOIN signing_key k ON (k.org_id, k.passkey_id) = (s.org_id, s.passkey_id)
LEFT JOIN LATERAL (SELECT content FROM signable_view c
    WHERE (c.org_id, c.kind, c.id, c.version_number) = (s.org_id, s.document_kind, s.document_id, s.record_version)
    LIMIT 1) c ON true;

CREATE VIEW signing_failure_view WITH (security_invoker = true) AS
SELECT f.org_id, f.id, p.reference AS person, f.at, f.method, f.cause, p.reference ->> 'display_name' AS search_text
FROM signing_failure f JOIN person_reference p ON p.id = f.person_id;

CREATE VIEW mail_view WITH (security_invoker = true) AS
SELECT m.org_id, m.id, p.reference AS person, m.kind, m.approval_id,
    jsonb_build_object('kind', a.document_kind, 'id', a.document_id, 'number', a.document_number) AS document,
    CASE WHEN m.sent_at IS NOT NULL THEN 'sent' WHEN m.given_up_at IS NOT NULL THEN 'given_up' ELSE 'waiting' END AS state,
    m.created_at, m.tries, m.next_try_at, m.sent_at, m.given_up_at, m.fault, m.last_error,
    concat_ws(' ', p.reference ->> 'display_name', a.document_number) AS search_text
FROM mail m
JOIN person_reference p ON p.id = m.person_id
JOIN approval a ON (a.org_id, a.id) = (m.org_id, m.approval_id);

-- Everybody whom a flow can name, with what the engine has to know.
CREATE VIEW flow_person_view WITH (security_invoker = true) AS
SELECT m.org_id, p.id, jsonb_build_object('id', p.id, 'display_name', p.display_name) AS person, m.partner_id, m.manager_id,
    coalesce((SELECT jsonb_agg(r.role_id ORDER BY r.role_id) FROM membership_role r
        WHERE (r.org_id, r.membership_id) = (m.org_id, m.id)), '[]') AS role_ids,
    coalesce((SELECT jsonb_agg(DISTINCT q.permission) FROM membership_role r
        JOIN role_permission q ON (q.org_id, q.role_id) = (r.org_id, r.role_id)
        WHERE (r.org_id, r.membership_id) = (m.org_id, m.id)), '[]') AS permissions,
    coalesce((SELECT jsonb_agg(jsonb_build_object('from', b.starts_at, 'until', b.ends_at, 'stand_in_id', b.stand_in_id)
            ORDER BY b.starts_at) FROM absence b
        WHERE (b.org_id, b.person_id) = (m.org_id, m.person_id) AND b.cancelled_at IS NULL
            AND b.ends_at > (SELECT current_instant())), '[]') AS absences
FROM membership m JOIN person p ON p.id = m.person_id AND p.active
LEFT JOIN partner s ON (s.org_id, s.id) = (m.org_id, m.partner_id)
WHERE m.active AND coalesce(s.active, true);

-- A mail with what has to be known to send it: whether what it asks for is still asked of its person, where it goes, and
-- what it says. Nobody who left, wants no mails or has no address is among those whom it reaches.
CREATE VIEW mail_letter_view WITH (security_invoker = true) AS
SELECT m.org_id, m.id, m.kind, m.created_at, m.tries,
    CASE m.kind WHEN 'told' THEN true WHEN 'stuck' THEN a.state = 'pending' AND a.stuck ELSE own.asked END AS needed,
    p.email, coalesce(p.locale, 'zh-CN') AS locale, v.partner_id IS NOT NULL AS portal, m.approval_id,
    jsonb_build_object('kind', a.document_kind, 'id', a.document_id, 'number', a.document_number) AS document, a.urgent,
    r.display_name AS requested_by, own.due_at, g.time_zone
FROM mail m
JOIN approval a ON (a.org_id, a.id) = (m.org_id, m.approval_id)
JOIN person r ON r.id = a.requested_by
JOIN organisation g ON g.id = m.org_id
LEFT JOIN flow_person_view v ON (v.org_id, v.id) = (m.org_id, m.person_id)
LEFT JOIN person p ON p.id = v.id AND p.mail_notices
CROSS JOIN LATERAL (SELECT count(*) > 0 AS asked, min(k.due_at) AS due_at FROM approval_ask k
    WHERE (k.org_id, k.approval_id, k.person_id) = (m.org_id, m.approval_id, m.person_id)) own;

CREATE VIEW colleague_view WITH (security_invoker = true) AS
SELECT m.org_id, p.id, p.display_name, concat_ws(' ', p.display_name, p.login) AS search_text
FROM membership m JOIN person p ON p.id = m.person_id AND p.active
WHERE m.active AND m.partner_id IS NULL;

CREATE VIEW absence_view WITH (security_invoker = true) AS
SELECT b.org_id, b.id, b.person_id, p.reference AS person, b.starts_at, b.ends_at, s.reference AS stand_in, b.reason,
    b.cancelled_at IS NOT NULL AS cancelled, p.reference ->> 'display_name' AS search_text
FROM absence b
JOIN person_reference p ON p.id = b.person_id
LEFT JOIN person_reference s ON s.id = b.stand_in_id;

CREATE VIEW requisition_view WITH (security_invoker = true) AS
SELECT r.org_id, r.id, r.number, r.order_id, o.number AS order_number, o.partner_id, o.partner, o.product, r.needed_on,
    r.priority, nullif(r.reason_code, '') AS supplement, r.reason, r.approval_state, r.issue_state,
    (SELECT count(*) FROM requisition_line l WHERE (l.org_id, l.requisition_id) = (r.org_id, r.id)) AS line_count,
    r.requested_by AS requested_by_id, p.reference AS requested_by, r.created_at, r.version,
    concat_ws(' ', r.number, o.search_text) AS search_text
FROM requisition r
JOIN order_view o ON (o.org_id, o.id) = (r.org_id, r.order_id)
JOIN person_reference p ON p.id = r.requested_by;

CREATE VIEW requisition_detail_view WITH (security_invoker = true) AS
SELECT r.*,
    (SELECT to_jsonb(a) || jsonb_build_object('decidable', false, 'in_bulk', false, 'questioned', false) FROM approval_view a
        WHERE (a.org_id, a.document_kind, a.document_id) = (r.org_id, 'requisition', r.id)
        ORDER BY a.id DESC LIMIT 1) AS approval,
    (SELECT t.id FROM pick_task t WHERE (t.org_id, t.requisition_id) = (r.org_id, r.id) AND t.state <> 'cancelled'
        ORDER BY t.id DESC LIMIT 1) AS pick_id,
    (SELECT n.id FROM issue_note n WHERE (n.org_id, n.requisition_id) = (r.org_id, r.id) AND n.record_state = 'posted'
        ORDER BY n.id DESC LIMIT 1) AS issue_note_id,
    coalesce((
    SELECT jsonb_agg(jsonb_build_object('line_number', l.line_number, 'item', i.reference,
        'proposed_quantity', decimal_text(l.proposed_quantity), 'requested_quantity', decimal_text(l.requested_quantity),
        'stock', jsonb_build_object('on_hand', decimal_text(f.on_hand),
            'reserved', decimal_text(f.reserved - s.own), 'on_hold', decimal_text(f.on_hold),
            'expired', decimal_text(f.expired), 'available', decimal_text(f.available + s.own),
            'short', decimal_text(CASE WHEN r.issue_state = 'not_issued'
                THEN greatest(l.requested_quantity - f.available - s.own, 0) ELSE 0 END)))
        ORDER BY l.line_number)
    FROM requisition_line l
    JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
    CROSS JOIN LATERAL item_figures(l.org_id, l.item_id) f
    CROSS JOIN LATERAL (SELECT coalesce(sum(v.quantity), 0) AS own FROM soft_reservation v
        WHERE (v.org_id, v.order_id, v.item_id) = (l.org_id, r.order_id, l.item_id) AND v.usable) s
    WHERE (l.org_id, l.requisition_id) = (r.org_id, r.id)), '[]') AS lines,
    coalesce((SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM attachment_view a
        WHERE (a.org_id, a.document_kind, a.document_id) = (r.org_id, 'requisition', r.id)), '[]') AS attachments
FROM requisition_view r;

-- What open requisitions still ask for, line by line, less what is being picked.
CREATE VIEW open_requisition_line_view WITH (security_invoker = true) AS
SELECT r.org_id, md5(r.id::text || l.line_number)::uuid AS id, l.item_id, r.order_id,
    jsonb_build_object('kind', 'requisition', 'id', r.id, 'number', r.number) AS document,
    jsonb_build_object('kind', 'order', 'id', r.order_id, 'number', r.order_number) AS "order", r.partner,
    r.needed_on AS "on", r.priority = 'urgent' AS urgent, decimal_text(l.requested_quantity) AS quantity,
    decimal_text(coalesce((SELECT sum(p.quantity) FROM pick_task t
        JOIN pick_line p ON (p.org_id, p.pick_id) = (t.org_id, t.id)
        WHERE (t.org_id, t.requisition_id) = (r.org_id, r.id) AND t.state = 'open'
            AND p.requisition_line = l.line_number), 0)) AS covered, r.number AS search_text
FROM requisition_view r
JOIN requisition_line l ON (l.org_id, l.requisition_id) = (r.org_id, r.id)
WHERE r.issue_state <> 'issued' AND r.approval_state IN ('draft', 'pending', 'approved');

CREATE VIEW pick_view WITH (security_invoker = true) AS
SELECT t.org_id, t.id, t.number, t.requisition_id, r.number AS requisition_number, r.order_id, r.order_number, r.partner_id,
    r.partner, r.needed_on, r.priority, t.state, c.count AS line_count, c.picked AS picked_count,
    p.reference AS created_by, t.created_at,
    (SELECT n.id FROM issue_note n WHERE (n.org_id, n.pick_id) = (t.org_id, t.id)) AS issue_note_id, t.version,
    concat_ws(' ', t.number, r.search_text) AS search_text
FROM pick_task t
JOIN requisition_view r ON (r.org_id, r.id) = (t.org_id, t.requisition_id)
JOIN person_reference p ON p.id = t.created_by
CROSS JOIN LATERAL (SELECT count(*) AS count, count(l.picked_at) AS picked FROM pick_line l
    WHERE (l.org_id, l.pick_id) = (t.org_id, t.id)) c;

CREATE VIEW pick_detail_view WITH (security_invoker = true) AS
SELECT t.*, coalesce((
    SELECT jsonb_agg(jsonb_build_object('line_number', l.line_number, 'item', i.reference, 'lot', lot.reference,
        'proposed_lot', proposed.reference, 'location', p.reference, 'quantity', decimal_text(l.quantity),
        'picked_by', who.reference, 'picked_at', l.picked_at, 'substitution_reason', l.substitution_reason)
        ORDER BY l.line_number)
    FROM pick_line l
    JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
    JOIN location_reference p ON (p.org_id, p.id) = (l.org_id, l.location_id)
    LEFT JOIN lot_reference lot ON (lot.org_id, lot.id) = (l.org_id, l.lot_id)
    LEFT JOIN lot_reference proposed ON (proposed.org_id, proposed.id) = (l.org_id, l.proposed_lot_id)
    LEFT JOIN person_reference who ON who.id = l.picked_by
    WHERE (l.org_id, l.pick_id) = (t.org_id, t.id)), '[]') AS lines,
    coalesce((
    SELECT jsonb_agg(jsonb_build_object('item', i.reference, 'requested_quantity', decimal_text(q.requested_quantity),
        'short_quantity', decimal_text(q.requested_quantity - q.covered)) ORDER BY q.line_number)
    FROM (SELECT rl.org_id, rl.line_number, rl.item_id, rl.requested_quantity, coalesce((SELECT sum(l.quantity)
            FROM pick_line l WHERE (l.org_id, l.pick_id, l.requisition_line) = (t.org_id, t.id, rl.line_number)), 0) AS covered
        FROM requisition_line rl WHERE (rl.org_id, rl.requisition_id) = (t.org_id, t.requisition_id)) q
    JOIN item_reference i ON (i.org_id, i.id) = (q.org_id, q.item_id)
    WHERE q.covered < q.requested_quantity), '[]') AS shortages
FROM pick_view t;

-- ---------------------------------------------------------------- promises: reservations and what holds stock back

-- A reservation that has lapsed is shown as expired, whether or not its row was settled since.
-- Whom it is for is asked row by row: every kind of document joined at once is planned badly.
CREATE VIEW reservation_view WITH (security_invoker = true) AS
SELECT r.org_id, r.id, b.item_id, b.lot_id, r.document_id, o.id AS order_id, r.created_by AS created_by_id,
    i.reference AS item, l.reference AS lot, p.reference AS location, decimal_text(r.quantity) AS quantity, r.soft,
    r.priority, CASE WHEN r.taken_over_by_id IS NOT NULL THEN 'taken_over'
        WHEN r.state = 'reserved' AND r.expires_at <= (SELECT current_instant()) THEN 'expired' ELSE r.state END AS state,
    d.reference AS document,
    CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('kind', 'order', 'id', o.id, 'number', o.number) END AS "order",
    o.partner, r.expires_at, coalesce(r.expires_at, 'infinity'::timestamptz) AS expiry_order, r.reason,
    c.reference AS created_by, r.created_at, CASE WHEN r.state = 'reserved'
        AND r.expires_at <= (SELECT current_instant()) THEN r.expires_at ELSE r.settled_at END AS settled_at,
    s.reference AS settled_by, r.settled_reason, w.reference AS taken_over_by, r.version,
    concat_ws(' ', i.code, i.name_zh, i.name_en, l.code, d.reference ->> 'number', o.number) AS search_text
FROM reservation r
JOIN stock_balance b ON (b.org_id, b.id) = (r.org_id, r.balance_id)
JOIN item_reference i ON (i.org_id, i.id) = (b.org_id, b.item_id)
JOIN location_reference p ON (p.org_id, p.id) = (b.org_id, b.location_id)
LEFT JOIN lot_reference l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
LEFT JOIN pick_task t ON (t.org_id, t.id) = (r.org_id, r.document_id)
LEFT JOIN requisition q ON (q.org_id, q.id) = (r.org_id, coalesce(t.requisition_id, r.document_id))
LEFT JOIN LATERAL (SELECT known.id, known.number, partner.reference AS partner FROM subcontract_order known
    JOIN partner_reference partner ON (partner.org_id, partner.id) = (known.org_id, known.partner_id)
    WHERE (known.org_id, known.id) = (r.org_id, coalesce(q.order_id, r.document_id)) LIMIT 1) o ON true
LEFT JOIN LATERAL (SELECT reference FROM document_reference
    WHERE (org_id, id) = (r.org_id, r.document_id) LIMIT 1) d ON true
LEFT JOIN person_reference c ON c.id = coalesce(r.created_by, t.created_by)
LEFT JOIN person_reference s ON s.id = r.settled_by
LEFT JOIN LATERAL (SELECT known.reference FROM reservation v
    JOIN document_reference known ON (known.org_id, known.id) = (v.org_id, v.document_id)
    WHERE (v.org_id, v.id) = (r.org_id, r.taken_over_by_id) LIMIT 1) w ON true;

-- Positions of an item with why what stands there is held back, by which decision and which document it came there.
CREATE VIEW promise_position_view WITH (security_invoker = true) AS
SELECT s.org_id, s.id, s.item_id, s.lot_id, s.own, l.reference AS lot, p.reference AS location, c.reference AS custodian,
    CASE WHEN s.order_id IS NOT NULL THEN jsonb_build_object('kind', 'order', 'id', s.order_id, 'number', o.number) END
        AS "order", s.status, decimal_text(s.on_hand) AS on_hand, decimal_text(s.reserved - f.soft) AS hard_reserved,
    decimal_text(f.soft) AS soft_reserved,
    CASE WHEN s.usable THEN decimal_text(s.on_hand - s.reserved) ELSE '0' END AS available, h.hold,
    CASE WHEN h.hold IS NOT NULL THEN (SELECT jsonb_build_object('by', w.reference, 'at', e.at,
            'reason', coalesce(e.reason, '')) FROM audit_event e JOIN person_reference w ON w.id = e.actor_id
        WHERE (e.org_id, e.aggregate_kind, e.aggregate_id) = (s.org_id, 'lot', s.lot_id)
            AND e.action IN ('blocked', 'unblocked', 'released') ORDER BY e.aggregate_seq DESC LIMIT 1) END AS decision,
    CASE WHEN s.lot_id IS NOT NULL AND (h.hold IS NOT NULL OR NOT s.own) THEN (SELECT d.reference FROM stock_movement m
        JOIN document_reference d ON (d.org_id, d.id) = (m.org_id, m.document_id)
        WHERE (m.org_id, m.lot_id, m.to_location_id, m.to_status) = (s.org_id, s.lot_id, s.location_id, s.status)
        ORDER BY m.id DESC LIMIT 1) END AS document, '' AS search_text
FROM stock_position s
JOIN location_reference p ON (p.org_id, p.id) = (s.org_id, s.location_id)
LEFT JOIN lot_reference l ON (l.org_id, l.id) = (s.org_id, s.lot_id)
LEFT JOIN partner_reference c ON (c.org_id, c.id) = (s.org_id, s.custodian_id)
LEFT JOIN subcontract_order o ON (o.org_id, o.id) = (s.org_id, s.order_id)
CROSS JOIN LATERAL (SELECT CASE WHEN NOT s.own OR s.usable THEN NULL WHEN s.lot_status = 'recalled' THEN 'recalled'
    WHEN s.status = 'rejected' THEN 'rejected' WHEN s.status = 'blocked' OR s.lot_status = 'blocked' THEN 'blocked'
    WHEN s.expired THEN 'expired' WHEN s.status = 'quarantine' OR s.lot_status = 'quarantine' THEN 'quarantine'
    WHEN s.location_kind = 'wip' THEN 'in_production' ELSE 'blocked' END AS hold) h
CROSS JOIN LATERAL (SELECT coalesce(sum(r.quantity), 0) AS soft FROM soft_reservation r
    WHERE (r.org_id, r.balance_id) = (s.org_id, s.id)) f
WHERE s.on_hand > 0 AND (s.own OR s.location_kind IN ('in_transit_out', 'subcontractor_custody', 'in_transit_in', 'claim'));

-- What open orders will bring of their product.
CREATE VIEW promise_inbound_view WITH (security_invoker = true) AS
SELECT o.org_id, o.id, o.product_id AS item_id, jsonb_build_object('kind', 'order', 'id', o.id, 'number', o.number) AS document,
    p.reference AS partner, o.due_on AS "on", decimal_text(o.quantity) AS ordered,
    decimal_text(o.good_quantity + o.rejected_quantity) AS received,
    decimal_text(o.quantity - o.good_quantity - o.rejected_quantity) AS quantity,
    o.due_on >= (SELECT current_day()) AS counted, o.number AS search_text
FROM subcontract_order o JOIN partner_reference p ON (p.org_id, p.id) = (o.org_id, o.partner_id)
WHERE o.record_state = 'open' AND o.quantity > o.good_quantity + o.rejected_quantity;

-- ---------------------------------------------------------------- issue notes, deliveries, claims

CREATE VIEW claim_view WITH (security_invoker = true) AS
SELECT c.org_id, c.id, c.number, c.issue_note_id, n.number AS issue_note_number, c.issue_note_line, c.partner_id,
    p.reference AS partner, i.reference AS item, l.reference AS lot, c.kind, decimal_text(c.quantity) AS quantity, c.state,
    c.remark, w.reference AS created_by, c.created_at, c.outcome, c.settlement_reason, s.reference AS settled_by,
    c.settled_at, c.version,
    concat_ws(' ', c.number, n.number, i.code, i.name_zh, i.name_en, l.code) AS search_text
FROM claim c
JOIN issue_note n ON (n.org_id, n.id) = (c.org_id, c.issue_note_id)
JOIN partner_reference p ON (p.org_id, p.id) = (c.org_id, c.partner_id)
JOIN item_reference i ON (i.org_id, i.id) = (c.org_id, c.item_id)
LEFT JOIN lot_reference l ON (l.org_id, l.id) = (c.org_id, c.lot_id)
JOIN person_reference w ON w.id = c.created_by
LEFT JOIN person_reference s ON s.id = c.settled_by;

CREATE VIEW issue_note_view WITH (security_invoker = true) AS
SELECT n.org_id, n.id, n.number, n.order_id, o.number AS order_number, n.partner_id, o.partner, n.record_state,
    n.custody_state,
    (SELECT count(*) FROM issue_note_line l WHERE (l.org_id, l.issue_note_id) = (n.org_id, n.id)) AS line_count,
    n.occurred_at, w.reference AS created_by, n.confirmed_at, n.version, n.carrier, n.seal_number, n.remark,
    n.confirmation_remark, n.requisition_id, n.pick_id, o.product, o.operation, o.quantity AS order_quantity, o.due_on,
    cf.reference AS confirmed_by, n.confirmed_name, n.created_at,
    o.product -> 'name' AS product_name,
    concat_ws(' ', n.number, o.search_text) AS search_text
FROM issue_note n
JOIN order_view o ON (o.org_id, o.id) = (n.org_id, n.order_id)
JOIN person_reference w ON w.id = n.created_by
LEFT JOIN person_reference cf ON cf.id = n.confirmed_by;

CREATE VIEW issue_note_detail_view WITH (security_invoker = true) AS
SELECT n.*, r.number AS requisition_number, rq.reference AS requested_by, ap.approved_by,
    p.address AS partner_address, concat_ws(' ', p.contact_name, p.phone) AS partner_contact,
    coalesce((
    SELECT jsonb_agg(jsonb_build_object('line_number', l.line_number, 'item', i.reference, 'lot', lot.reference,
        'supplier_lot', coalesce(lot.supplier_lot, ''), 'certificate_number', coalesce(lot.certificate_number, ''),
        'from_location', f.reference, 'quantity', decimal_text(l.quantity),
        'received_quantity', decimal_text(l.received_quantity), 'short_quantity', decimal_text(l.short_quantity),
        'damaged_quantity', decimal_text(l.damaged_quantity), 'over_quantity', decimal_text(l.over_quantity),
        'confirmation_remark', l.confirmation_remark) ORDER BY l.line_number)
    FROM issue_note_line l
    JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
    JOIN location_reference f ON (f.org_id, f.id) = (l.org_id, l.from_location_id)
    LEFT JOIN lot_reference lot ON (lot.org_id, lot.id) = (l.org_id, l.lot_id)
    WHERE (l.org_id, l.issue_note_id) = (n.org_id, n.id)), '[]') AS lines,
    coalesce((SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM attachment_view a
        WHERE (a.org_id, a.document_kind, a.document_id) = (n.org_id, 'issue', n.id)), '[]') AS attachments,
    coalesce((SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id) FROM claim_view c
        WHERE (c.org_id, c.issue_note_id) = (n.org_id, n.id)), '[]') AS claims
FROM issue_note_view n
JOIN requisition r ON (r.org_id, r.id) = (n.org_id, n.requisition_id)
JOIN partner p ON (p.org_id, p.id) = (n.org_id, n.partner_id)
JOIN person_reference rq ON rq.id = r.requested_by
LEFT JOIN LATERAL (SELECT d.reference AS approved_by FROM approval a JOIN person_reference d ON d.id = a.decided_by
    WHERE (a.org_id, a.document_kind, a.document_id) = (n.org_id, 'requisition', n.requisition_id)
        AND a.state = 'approved' ORDER BY a.id DESC LIMIT 1) ap ON true;

-- What the subcontractor sees. While a count is blind, the issued quantity is not in the answer.
CREATE VIEW delivery_view WITH (security_invoker = true) AS
SELECT n.org_id, n.id, n.number, n.partner_id, n.order_number, n.product_name, n.custody_state, n.line_count, n.carrier,
    n.occurred_at, n.confirmed_at, n.product, n.order_quantity, n.due_on, n.seal_number, n.remark, n.confirmed_by,
    n.confirmed_name, n.confirmation_remark, n.version, n.search_text,
    g.blind_count AND n.confirmed_at IS NULL AS blind,
    jsonb_build_object('id', g.id, 'code', g.code, 'name', jsonb_build_object('zh', g.name_zh, 'en', g.name_en),
        'demo', g.demo) AS sender
FROM issue_note_view n JOIN organisation g ON g.id = n.org_id
WHERE n.record_state = 'posted';

CREATE VIEW delivery_detail_view WITH (security_invoker = true) AS
SELECT d.*, coalesce((
    SELECT jsonb_agg(jsonb_build_object('line_number', l.line_number, 'item', i.reference, 'lot', lot.reference,
        'certificate_number', coalesce(lot.certificate_number, ''),
        'quantity', CASE WHEN d.blind THEN NULL ELSE decimal_text(l.quantity) END,
        'received_quantity', decimal_text(l.received_quantity), 'short_quantity', decimal_text(l.short_quantity),
        'damaged_quantity', decimal_text(l.damaged_quantity), 'over_quantity', decimal_text(l.over_quantity),
        'confirmation_remark', l.confirmation_remark) ORDER BY l.line_number)
    FROM issue_note_line l
    JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
    LEFT JOIN lot_reference lot ON (lot.org_id, lot.id) = (l.org_id, l.lot_id)
    WHERE (l.org_id, l.issue_note_id) = (d.org_id, d.id)), '[]') AS lines,
    coalesce((SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM attachment_view a
        WHERE (a.org_id, a.document_kind, a.document_id) = (d.org_id, 'issue', d.id)), '[]') AS attachments
FROM delivery_view d;

-- ---------------------------------------------------------------- conservation: an order's account

-- Each movement as an order's account sees it: positive when something arrives on it, negative when it leaves.
CREATE VIEW order_account_leg WITH (security_invoker = true) AS
SELECT m.org_id, m.to_order_id AS order_id, m.item_id, m.lot_id, m.quantity, t.kind AS here, f.kind AS there,
    m.from_order_id AS other_order_id, m.document_kind, m.occurred_at
FROM stock_movement m
JOIN location f ON (f.org_id, f.id) = (m.org_id, m.from_location_id)
JOIN location t ON (t.org_id, t.id) = (m.org_id, m.to_location_id)
WHERE m.to_order_id IS NOT NULL
UNION ALL
SELECT m.org_id, m.from_order_id, m.item_id, m.lot_id, -m.quantity, f.kind, t.kind, m.to_order_id, m.document_kind,
    m.occurred_at
FROM stock_movement m
JOIN location f ON (f.org_id, f.id) = (m.org_id, m.from_location_id)
JOIN location t ON (t.org_id, t.id) = (m.org_id, m.to_location_id)
WHERE m.from_order_id IS NOT NULL;

-- The terms of the identity per component lot and order, reversals taken off by their sign.
CREATE VIEW order_account WITH (security_invoker = true) AS
SELECT org_id, order_id, item_id, lot_id,
    coalesce(sum(quantity) FILTER (WHERE here = 'in_transit_out'
        AND there IN ('quarantine', 'own_stock', 'wip', 'supplier')), 0) AS issued,
    coalesce(sum(quantity) FILTER (WHERE here = 'in_transit_out' AND there = 'subcontractor_custody'
        AND other_order_id IS DISTINCT FROM order_id), 0) AS transferred_in,
    coalesce(sum(quantity) FILTER (WHERE here = 'subcontractor_custody' AND other_order_id = order_id
        AND there IN ('in_transit_out', 'claim')), 0) AS confirmed_in,
    coalesce(sum(quantity) FILTER (WHERE here = 'subcontractor_custody' AND there = 'supplier'), 0) AS own_supply,
    -coalesce(sum(quantity) FILTER (WHERE here = 'subcontractor_custody' AND there = 'consumed'), 0) AS consumed,
    -coalesce(sum(quantity) FILTER (WHERE here = 'subcontractor_custody' AND there = 'in_transit_in'), 0) AS returned,
    -coalesce(sum(quantity) FILTER (WHERE here = 'subcontractor_custody' AND there = 'scrap'), 0) AS scrapped,
    -coalesce(sum(quantity) FILTER (WHERE here = 'subcontractor_custody' AND there = 'in_transit_out'
        AND other_order_id IS DISTINCT FROM order_id), 0) AS transferred_out,
    -coalesce(sum(quantity) FILTER (WHERE here = 'subcontractor_custody' AND there = 'quarantine'), 0) AS reworked,
    -coalesce(sum(quantity) FILTER (WHERE here = 'subcontractor_custody' AND there = 'adjustment'), 0) AS adjusted,
    coalesce(sum(quantity) FILTER (WHERE here = 'subcontractor_custody'), 0) AS in_custody,
    coalesce(sum(quantity) FILTER (WHERE here = 'in_transit_out'), 0) AS in_transit,
    coalesce(sum(quantity) FILTER (WHERE here = 'in_transit_in'), 0) AS on_return,
    coalesce(sum(quantity) FILTER (WHERE here = 'claim'), 0) AS in_claim,
    -coalesce(sum(quantity) FILTER (WHERE here = 'claim' AND there IN ('quarantine', 'scrap')), 0) AS claim_settled,
    min(occurred_at) FILTER (WHERE here = 'subcontractor_custody' AND quantity > 0) AS first_in_at
FROM order_account_leg
GROUP BY org_id, order_id, item_id, lot_id;

CREATE VIEW order_account_view WITH (security_invoker = true) AS
SELECT a.org_id, a.order_id, a.item_id, i.code AS item_code, l.code AS lot_code, jsonb_build_object(
    'item', i.reference, 'lot', l.reference, 'issued', decimal_text(a.issued),
    'transferred_in', decimal_text(a.transferred_in), 'confirmed_in', decimal_text(a.confirmed_in),
    'own_supply', decimal_text(a.own_supply), 'consumed', decimal_text(a.consumed), 'returned', decimal_text(a.returned), 'scrapped', decimal_text(a.scrapped),
    'transferred_out', decimal_text(a.transferred_out), 'reworked', decimal_text(a.reworked),
    'adjusted', decimal_text(a.adjusted), 'in_custody', decimal_text(a.in_custody),
    'in_transit', decimal_text(a.in_transit), 'on_return', decimal_text(a.on_return),
    'in_claim', decimal_text(a.in_claim), 'claim_settled', decimal_text(a.claim_settled)) AS line
FROM order_account a
JOIN item_reference i ON (i.org_id, i.id) = (a.org_id, a.item_id)
LEFT JOIN lot_reference l ON (l.org_id, l.id) = (a.org_id, a.lot_id);

-- Orders with their account in brief: what is open, whether the identity holds.
CREATE VIEW custody_account_view WITH (security_invoker = true) AS
SELECT o.org_id, o.id, o.id AS order_id, o.number, o.number AS order_number, o.partner_id, p.reference AS partner,
    o.record_state, a.line_count, a.open_line_count, a.proved, day_of(a.oldest_at) AS oldest_on,
    a.open_line_count > 0 AS open, concat_ws(' ', o.number, p.code) AS search_text
FROM subcontract_order o
JOIN partner_reference p ON (p.org_id, p.id) = (o.org_id, o.partner_id)
JOIN LATERAL (
    SELECT count(*) AS line_count,
        count(*) FILTER (WHERE a.in_custody + a.in_transit + a.on_return + a.in_claim <> 0) AS open_line_count,
        bool_and(a.confirmed_in + a.own_supply = a.consumed + a.returned + a.scrapped + a.transferred_out + a.reworked + a.adjusted
            + a.in_custody AND a.issued + a.transferred_in = a.confirmed_in + a.in_transit + a.in_claim
            + a.claim_settled) AS proved,
        min(a.first_in_at) FILTER (WHERE a.in_custody > 0) AS oldest_at
    FROM order_account a WHERE (a.org_id, a.order_id) = (o.org_id, o.id)
) a ON a.line_count > 0;

CREATE VIEW period_view WITH (security_invoker = true) AS
SELECT c.org_id, md5(c.org_id::text || c.month::text)::uuid AS id, c.month, p.reference AS closed_by, c.closed_at,
    to_char(c.month, 'YYYY-MM') AS search_text
FROM period_close c JOIN person_reference p ON p.id = c.closed_by;

-- ---------------------------------------------------------------- how work with a partner went

-- What happened with a partner since a year before today, and what is open now. Asked for one partner.
CREATE VIEW partner_history_view WITH (security_invoker = true) AS
SELECT p.org_id, p.id, p.reference AS partner, s.since, o.orders_open, o.orders_overdue, o.orders_closed,
    r.requisitions_decided, r.requisitions_refused, r.supplements, n.deliveries_confirmed, n.deliveries_with_claim,
    (SELECT count(*) FROM claim c
        WHERE (c.org_id, c.partner_id) = (p.org_id, p.id) AND c.state = 'open') AS claims_open,
    t.receipts, t.receipts_with_rejects,
    (SELECT count(*) FROM material_document m
        WHERE (m.org_id, m.partner_id) = (p.org_id, p.id) AND m.kind = 'over_consumption'
            AND m.record_state = 'posted' AND m.posted_at >= s.since_at) AS over_consumptions,
    (SELECT (SELECT current_day()) - (min(b.since) AT TIME ZONE (SELECT current_zone()))::date
        FROM stock_balance b JOIN location l ON (l.org_id, l.id) = (b.org_id, b.location_id)
        WHERE b.org_id = p.org_id AND l.partner_id = p.id AND b.in_stock AND b.owner_id IS NULL
            AND l.kind IN ('in_transit_out', 'subcontractor_custody')) AS oldest_custody_days,
    coalesce((SELECT jsonb_agg(to_jsonb(q) ORDER BY q.id DESC) FROM (SELECT * FROM requisition_view v
        WHERE (v.org_id, v.partner_id) = (p.org_id, p.id) ORDER BY v.id DESC LIMIT 5) q), '[]') AS latest
FROM partner_reference p
CROSS JOIN LATERAL (SELECT d.since, d.since::timestamp AT TIME ZONE (SELECT current_zone()) AS since_at
    FROM (SELECT ((SELECT current_day()) - interval '1 year')::date AS since) d) s
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE o.record_state = 'open') AS orders_open,
        count(*) FILTER (WHERE o.record_state = 'open' AND o.due_on < (SELECT current_day())) AS orders_overdue,
        count(*) FILTER (WHERE o.record_state = 'closed' AND o.closed_at >= s.since_at) AS orders_closed
    FROM subcontract_order o WHERE (o.org_id, o.partner_id) = (p.org_id, p.id)) o
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE a.decided) AS requisitions_decided,
        count(*) FILTER (WHERE a.refused) AS requisitions_refused,
        count(*) FILTER (WHERE r.reason_code <> '' AND r.created_at >= s.since_at) AS supplements
    FROM subcontract_order o JOIN requisition r ON (r.org_id, r.order_id) = (o.org_id, o.id)
    CROSS JOIN LATERAL (SELECT count(*) > 0 AS decided, coalesce(bool_or(a.state = 'refused'), false) AS refused
        FROM approval a WHERE (a.org_id, a.document_kind, a.document_id) = (r.org_id, 'requisition', r.id)
            AND a.state IN ('approved', 'refused') AND a.decided_at >= s.since_at) a
    WHERE (o.org_id, o.partner_id) = (p.org_id, p.id)) r
CROSS JOIN LATERAL (SELECT count(*) AS deliveries_confirmed, count(*) FILTER (WHERE EXISTS (SELECT FROM claim c
            WHERE (c.org_id, c.issue_note_id) = (n.org_id, n.id))) AS deliveries_with_claim
    FROM issue_note n WHERE (n.org_id, n.partner_id) = (p.org_id, p.id) AND n.record_state = 'posted'
        AND n.confirmed_at >= s.since_at) n
CROSS JOIN LATERAL (SELECT count(*) AS receipts, count(*) FILTER (WHERE EXISTS (SELECT FROM subcontract_receipt_line l
            WHERE (l.org_id, l.receipt_id) = (t.org_id, t.id) AND l.rejected_quantity > 0)) AS receipts_with_rejects
    FROM subcontract_receipt t WHERE (t.org_id, t.partner_id) = (p.org_id, p.id) AND t.record_state = 'posted'
        AND t.posted_at >= s.since_at) t;

-- ---------------------------------------------------------------- genealogy

-- Live links with all that is told of them. Only receipts from subcontractors and material documents write links.
CREATE VIEW trace_link_view WITH (security_invoker = true) AS
SELECT l.org_id, l.id, l.parent_lot_id AS parent_id, l.child_lot_id AS child_id,
    decimal_text(l.quantity) AS quantity, l.certainty, coalesce(r.partner_id, o.partner_id) AS partner_id,
    CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('kind', 'order', 'id', o.id, 'number', o.number) END AS "order",
    jsonb_build_object('kind', l.document_kind, 'id', l.document_id, 'number', coalesce(r.number, m.number, '')) AS document,
    l.document_line AS line, coalesce(r.occurred_at, m.occurred_at, l.linked_at) AS occurred_at, l.linked_at AS recorded_at
FROM lot_link l
LEFT JOIN subcontract_receipt r ON l.document_kind = 'subcontract_receipt' AND (r.org_id, r.id) = (l.org_id, l.document_id)
LEFT JOIN material_document m ON l.document_kind = 'material' AND (m.org_id, m.id) = (l.org_id, l.document_id)
LEFT JOIN subcontract_order o ON (o.org_id, o.id) = (l.org_id, l.order_id)
WHERE l.strength IS NOT NULL;

CREATE VIEW lot_use_view WITH (security_invoker = true) AS
SELECT k.org_id, k.parent_id AS parent_lot_id, l.code, l.reference AS lot, i.reference AS item, k.quantity, k.certainty, k.document
FROM trace_link_view k
JOIN lot_reference l ON (l.org_id, l.id) = (k.org_id, k.child_id)
JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id);

-- Where each lot is, with nothing left out: what was shipped stands with the customer it was shipped to.
CREATE VIEW lot_holding WITH (security_invoker = true) AS
SELECT b.org_id, b.lot_id, b.location_id, p.kind, p.partner_id AS holder_id, b.order_id, b.status, b.on_hand AS quantity
FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
WHERE b.on_hand > 0 AND p.kind <> 'customer'
UNION ALL
SELECT m.org_id, m.lot_id, s.location_id, 'customer', d.customer_id, NULL, m.to_status, sum(s.sign * m.quantity)
FROM stock_movement m
JOIN location f ON (f.org_id, f.id) = (m.org_id, m.from_location_id)
JOIN location t ON (t.org_id, t.id) = (m.org_id, m.to_location_id)
JOIN LATERAL (VALUES (t.id, 1, t.kind), (f.id, -1, f.kind)) AS s (location_id, sign, kind) ON s.kind = 'customer'
LEFT JOIN material_document d ON m.document_kind = 'material' AND (d.org_id, d.id) = (m.org_id, m.document_id)
GROUP BY m.org_id, m.lot_id, s.location_id, d.customer_id, m.to_status
HAVING sum(s.sign * m.quantity) > 0;

CREATE VIEW lot_place_view WITH (security_invoker = true) AS
SELECT h.org_id, h.lot_id, h.kind, l.reference AS location, p.reference AS holder,
    CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('kind', 'order', 'id', o.id, 'number', o.number) END AS "order",
    h.status, decimal_text(h.quantity) AS quantity
FROM lot_holding h
JOIN location_reference l ON (l.org_id, l.id) = (h.org_id, h.location_id)
LEFT JOIN partner_reference p ON (p.org_id, p.id) = (h.org_id, h.holder_id)
LEFT JOIN subcontract_order o ON (o.org_id, o.id) = (h.org_id, h.order_id);

-- What the record of each lot must say, and whether it does. A lot that a subcontractor brought is not ours to release.
CREATE VIEW lot_fact WITH (security_invoker = true) AS
SELECT l.org_id, l.id AS lot_id, f.fact, f.present, f.partner_id, f.document, f.component_id
FROM lot l JOIN item i ON (i.org_id, i.id) = (l.org_id, l.item_id)
CROSS JOIN LATERAL (
    SELECT 'supplier_lot' AS fact, l.supplier_lot <> '' AS present, l.supplier_id AS partner_id, NULL::jsonb AS document,
        NULL::uuid AS component_id
    WHERE l.supplier_id IS NOT NULL AND i.kind <> 'tooling' AND NOT EXISTS (SELECT FROM lot_link k
        WHERE (k.org_id, k.child_lot_id) = (l.org_id, l.id) AND k.strength IS NOT NULL)
    UNION ALL
    SELECT 'certificate', l.certificate_number <> '', l.supplier_id, NULL, NULL
    WHERE l.supplier_id IS NOT NULL AND i.kind <> 'tooling'
    UNION ALL
    SELECT 'expiry', l.expires_on IS NOT NULL, l.supplier_id, NULL, NULL WHERE i.shelf_life_days IS NOT NULL
    UNION ALL
    SELECT 'release', l.released_at IS NOT NULL, NULL, NULL, NULL
    WHERE NOT EXISTS (SELECT FROM stock_balance b WHERE (b.org_id, b.lot_id) = (l.org_id, l.id) AND b.owner_id IS NOT NULL)
    UNION ALL
    SELECT 'acknowledgement', n.confirmed_at IS NOT NULL, n.partner_id,
        jsonb_build_object('kind', 'issue', 'id', n.id, 'number', n.number), NULL
    FROM issue_note n WHERE n.org_id = l.org_id AND n.record_state = 'posted' AND n.id IN (
        SELECT e.issue_note_id FROM issue_note_line e WHERE (e.org_id, e.lot_id) = (l.org_id, l.id))
    UNION ALL
    SELECT 'used_lots', bool_and(k.strength >= 2), min(o.partner_id::text)::uuid,
        jsonb_build_object('kind', k.document_kind, 'id', k.document_id,
            'number', coalesce(min(r.number), min(m.number), '')), u.item_id
    FROM lot_link k
    JOIN lot u ON (u.org_id, u.id) = (k.org_id, k.parent_lot_id)
    LEFT JOIN subcontract_order o ON (o.org_id, o.id) = (k.org_id, k.order_id)
    LEFT JOIN subcontract_receipt r ON k.document_kind = 'subcontract_receipt' AND (r.org_id, r.id) = (k.org_id, k.document_id)
    LEFT JOIN material_document m ON k.document_kind = 'material' AND (m.org_id, m.id) = (k.org_id, k.document_id)
    WHERE (k.org_id, k.child_lot_id) = (l.org_id, l.id) AND k.strength IS NOT NULL
    GROUP BY k.document_kind, k.document_id, k.document_line, u.item_id
) f;

CREATE VIEW missing_fact_view WITH (security_invoker = true) AS
SELECT f.org_id, f.lot_id, f.fact, l.code, l.reference AS lot, i.reference AS item, c.reference AS component,
    p.reference AS partner, f.document,
    CASE WHEN f.fact = 'release' THEN 'quality' WHEN f.partner_id IS NOT NULL THEN 'partner' ELSE 'own_house' END AS source
FROM lot_fact f
JOIN lot_reference l ON (l.org_id, l.id) = (f.org_id, f.lot_id)
JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
LEFT JOIN item_reference c ON (c.org_id, c.id) = (f.org_id, f.component_id)
LEFT JOIN partner_reference p ON (p.org_id, p.id) = (f.org_id, f.partner_id)
WHERE NOT f.present;

-- Everything that happened to a lot. What undoes something is a row of its own, and names it.
CREATE VIEW lot_event WITH (security_invoker = true) AS
SELECT m.org_id, m.lot_id, m.id, 'movement' AS kind, m.kind AS what, m.occurred_at, m.recorded_at, m.actor_id,
    m.document_kind, m.document_id, m.quantity, m.from_location_id, m.to_location_id, NULL::uuid AS other_lot_id,
    NULL::text AS certainty, m.capture, NULL::text AS text, m.reverses_id AS corrects_id
FROM stock_movement m
UNION ALL
SELECT s.org_id, m.lot_id, s.id, 'scan', NULL, s.at, s.at, s.scanned_by, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    s.capture, s.raw, NULL
FROM (SELECT DISTINCT org_id, lot_id, scan_id FROM stock_movement WHERE scan_id IS NOT NULL) m
JOIN scan s ON (s.org_id, s.id) = (m.org_id, m.scan_id)
UNION ALL
SELECT l.org_id, l.child_lot_id, l.id, 'made_of', NULL, l.linked_at, l.linked_at, NULL, l.document_kind, l.document_id,
    l.quantity, NULL, NULL, l.parent_lot_id, l.certainty, NULL, NULL, NULL
FROM lot_link l
UNION ALL
SELECT l.org_id, l.parent_lot_id, l.id, 'went_into', NULL, l.linked_at, l.linked_at, NULL, l.document_kind, l.document_id,
    l.quantity, NULL, NULL, l.child_lot_id, l.certainty, NULL, NULL, NULL
FROM lot_link l
UNION ALL
SELECT l.org_id, l.child_lot_id, md5('void' || l.id)::uuid, 'link_voided', NULL, l.voided_at, l.voided_at, NULL,
    l.document_kind, l.document_id, l.quantity, NULL, NULL, l.parent_lot_id, l.certainty, NULL, NULL, l.id
FROM lot_link l WHERE l.voided_at IS NOT NULL
UNION ALL
SELECT l.org_id, l.parent_lot_id, md5('void' || l.id)::uuid, 'link_voided', NULL, l.voided_at, l.voided_at, NULL,
    l.document_kind, l.document_id, l.quantity, NULL, NULL, l.child_lot_id, l.certainty, NULL, NULL, l.id
FROM lot_link l WHERE l.voided_at IS NOT NULL
UNION ALL
SELECT a.org_id, a.aggregate_id, a.id, 'record', a.action, a.at, a.at, a.actor_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, a.reason, NULL
FROM audit_event a WHERE a.aggregate_kind = 'lot';

CREATE VIEW lot_event_view WITH (security_invoker = true) AS
SELECT e.org_id, e.id, e.lot_id, e.kind, e.what, e.occurred_at, e.recorded_at,
    day_of(e.occurred_at) < day_of(e.recorded_at) AS late, p.reference AS actor, d.reference AS document,
    decimal_text(e.quantity) AS quantity, f.reference AS from_location, t.reference AS to_location, o.reference AS other_lot,
    e.certainty, e.capture, e.text, e.corrects_id,
    concat_ws(' ', e.text, d.reference ->> 'number', o.code, f.code, t.code) AS search_text
FROM lot_event e
LEFT JOIN person_reference p ON p.id = e.actor_id
LEFT JOIN location_reference f ON (f.org_id, f.id) = (e.org_id, e.from_location_id)
LEFT JOIN location_reference t ON (t.org_id, t.id) = (e.org_id, e.to_location_id)
LEFT JOIN lot_reference o ON (o.org_id, o.id) = (e.org_id, e.other_lot_id)
LEFT JOIN LATERAL (SELECT reference FROM document_reference
    WHERE (org_id, kind, id) = (e.org_id, e.document_kind, e.document_id) LIMIT 1) d ON true;

-- ---------------------------------------------------------------- recalls

-- What became of each affected lot: now, or as its recall was closed. What a count took off the books was made and is not
-- there; what a subcontractor missed when it counted stays missing.
CREATE VIEW recall_lot_figures WITH (security_invoker = true) AS
SELECT r.org_id, r.recall_id, r.lot_id, coalesce(r.closing_figures, jsonb_build_object(
    'made', decimal_text(coalesce(s.total, 0) + coalesce(m.counted_away, 0)), 'used', decimal_text(coalesce(s.used, 0)),
    'own', decimal_text(coalesce(s.own, 0)), 'returned', decimal_text(least(coalesce(m.returned, 0), coalesce(s.own, 0))),
    'custody', decimal_text(coalesce(s.custody, 0)), 'custody_located', decimal_text(coalesce(c.located, 0)),
    'underway', decimal_text(coalesce(s.underway, 0)), 'destroyed', decimal_text(coalesce(s.destroyed, 0)),
    'customer', decimal_text(coalesce(s.customer, 0)),
    'customer_located', decimal_text(least(coalesce(a.located, 0), coalesce(s.customer, 0))))) AS figures
FROM recall_lot r
CROSS JOIN LATERAL (
    SELECT sum(b.on_hand) AS total, sum(b.on_hand) FILTER (WHERE p.kind = 'consumed') AS used,
        sum(b.on_hand) FILTER (WHERE is_own(p.kind)) AS own,
        sum(b.on_hand) FILTER (WHERE p.kind IN ('in_transit_out', 'subcontractor_custody')) AS custody,
        sum(b.on_hand) FILTER (WHERE p.kind IN ('in_transit_in', 'claim')) AS underway,
        sum(b.on_hand) FILTER (WHERE p.kind = 'scrap') AS destroyed,
        sum(b.on_hand) FILTER (WHERE p.kind = 'customer') AS customer
    FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
    WHERE (b.org_id, b.lot_id) = (r.org_id, r.lot_id)
) s
CROSS JOIN LATERAL (
    SELECT sum(CASE WHEN t.kind = 'adjustment' THEN v.quantity WHEN f.kind = 'adjustment' THEN -v.quantity END) AS counted_away,
        sum(v.quantity) FILTER (WHERE is_own(t.kind) AND v.recorded_at >= r.held_at
            AND f.kind IN ('in_transit_in', 'subcontractor_custody', 'claim', 'customer')) AS returned
    FROM stock_movement v
    JOIN location f ON (f.org_id, f.id) = (v.org_id, v.from_location_id)
    JOIN location t ON (t.org_id, t.id) = (v.org_id, v.to_location_id)
    WHERE (v.org_id, v.lot_id) = (r.org_id, r.lot_id)
) m
CROSS JOIN LATERAL (
    SELECT sum(greatest(h.quantity - n.missing, 0)) AS located FROM (
        SELECT p.partner_id, sum(b.on_hand) AS quantity
        FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
        WHERE (b.org_id, b.lot_id) = (r.org_id, r.lot_id) AND p.kind IN ('in_transit_out', 'subcontractor_custody')
        GROUP BY p.partner_id) h
    JOIN LATERAL (SELECT sum(greatest(l.quantity - l.counted_quantity, 0)) AS missing
        FROM recall_notice n JOIN recall_notice_line l ON (l.org_id, l.notice_id) = (n.org_id, n.id)
        WHERE (n.org_id, n.recall_id, n.partner_id) = (r.org_id, r.recall_id, h.partner_id) AND l.lot_id = r.lot_id
            AND n.kind = 'subcontractor' AND n.state = 'acknowledged') n ON n.missing IS NOT NULL
) c
CROSS JOIN LATERAL (
    SELECT sum(least(l.counted_quantity, l.quantity)) AS located
    FROM recall_notice n JOIN recall_notice_line l ON (l.org_id, l.notice_id) = (n.org_id, n.id)
    WHERE (n.org_id, n.recall_id) = (r.org_id, r.recall_id) AND l.lot_id = r.lot_id
        AND n.kind = 'customer' AND n.state = 'acknowledged'
) a;

CREATE VIEW recall_lot_view WITH (security_invoker = true) AS
SELECT r.org_id, r.lot_id AS id, r.recall_id, l.reference AS lot, i.reference AS item, r.certain, r.distance, r.hold_state,
    r.status_before, r.scoped_at, r.scoped_places, f.figures, p.reference AS lifted_by, r.lift_reason,
    concat_ws(' ', l.code, l.supplier_lot, i.code, i.name_zh, i.name_en) AS search_text
FROM recall_lot r
JOIN lot_reference l ON (l.org_id, l.id) = (r.org_id, r.lot_id)
JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
JOIN recall_lot_figures f ON (f.org_id, f.recall_id, f.lot_id) = (r.org_id, r.recall_id, r.lot_id)
LEFT JOIN person_reference p ON p.id = r.lifted_by;

CREATE VIEW recall_view WITH (security_invoker = true) AS
SELECT r.org_id, r.id, r.number, r.recall_class, r.record_state, r.reason, r.instruction, r.criteria, coalesce((
        SELECT jsonb_agg(n.code ORDER BY n.place, n.code) FROM (
            SELECT 1 AS place, t.code FROM jsonb_array_elements_text(r.criteria -> 'lot_ids') AS c (id)
                JOIN lot t ON (t.org_id, t.id) = (r.org_id, c.id::uuid)
            UNION ALL SELECT 2, t.code FROM item t WHERE t.org_id = r.org_id AND t.id = (r.criteria -> 'serials' ->> 'item_id')::uuid
            UNION ALL SELECT 3, t.number FROM subcontract_order t
                WHERE t.org_id = r.org_id AND t.id = (r.criteria -> 'window' ->> 'order_id')::uuid
            UNION ALL SELECT 4, t.code FROM operation t
                WHERE t.org_id = r.org_id AND t.id = (r.criteria -> 'window' ->> 'operation_id')::uuid
            UNION ALL SELECT 5, t.code FROM partner t
                WHERE t.org_id = r.org_id AND t.id = (r.criteria -> 'window' ->> 'partner_id')::uuid
            UNION ALL SELECT 6, t.code FROM location t
                WHERE t.org_id = r.org_id AND t.id = (r.criteria -> 'window' ->> 'location_id')::uuid) n), '[]') AS criteria_codes,
    l.certain_count,
    l.possible_count, l.held_count, n.notice_count, n.open_notice_count, n.overdue_count, c.reference AS created_by,
    r.created_at, h.reference AS held_by, r.held_at, e.reference AS ended_by, r.ended_at, r.end_reason, r.version,
    concat_ws(' ', r.number, r.reason) AS search_text
FROM recall r
JOIN person_reference c ON c.id = r.created_by
LEFT JOIN person_reference h ON h.id = r.held_by
LEFT JOIN person_reference e ON e.id = r.ended_by
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE certain) AS certain_count,
        count(*) FILTER (WHERE NOT certain) AS possible_count, count(*) FILTER (WHERE hold_state = 'held') AS held_count
    FROM recall_lot l WHERE (l.org_id, l.recall_id) = (r.org_id, r.id)) l
CROSS JOIN LATERAL (SELECT count(*) AS notice_count, count(*) FILTER (WHERE n.state <> 'acknowledged') AS open_notice_count,
        count(*) FILTER (WHERE n.state <> 'acknowledged' AND n.due_at < (SELECT current_instant())) AS overdue_count
    FROM recall_notice n WHERE (n.org_id, n.recall_id) = (r.org_id, r.id)) n;

-- Who counts does not see what the books say.
CREATE VIEW recall_notice_view WITH (security_invoker = true) AS
SELECT n.org_id, n.id, n.number, n.recall_id, n.partner_id, n.kind, n.state,
    jsonb_build_object('id', g.id, 'code', g.code, 'name', jsonb_build_object('zh', g.name_zh, 'en', g.name_en),
        'demo', g.demo) AS sender,
    p.reference AS partner, n.contact, n.recall_class, n.reason, n.instruction, coalesce((
    SELECT jsonb_agg(jsonb_build_object('line_number', l.line_number, 'item', i.reference, 'lot', t.reference,
        'quantity', CASE WHEN in_own_house() THEN decimal_text(l.quantity) END, 'material_id', l.material_id,
        'counted_quantity', decimal_text(l.counted_quantity), 'place', l.place) ORDER BY l.line_number)
    FROM recall_notice_line l
    JOIN lot_reference t ON (t.org_id, t.id) = (l.org_id, l.lot_id)
    JOIN item_reference i ON (i.org_id, i.id) = (t.org_id, t.item_id)
    WHERE (l.org_id, l.notice_id) = (n.org_id, n.id)), '[]') AS lines,
    n.created_at, n.due_at, n.state <> 'acknowledged' AND n.due_at < (SELECT current_instant()) AS overdue,
    n.sent_by_means, n.sent_evidence, s.reference AS sent_by, n.sent_at, a.reference AS acknowledged_by, n.acknowledged_at,
    n.remark, coalesce((SELECT jsonb_agg(to_jsonb(f) ORDER BY f.id) FROM attachment_view f
        WHERE (f.org_id, f.document_kind, f.document_id) = (n.org_id, 'recall_notice', n.id)), '[]') AS attachments,
    n.version, concat_ws(' ', n.number, p.code, p.reference -> 'name' ->> 'zh', p.reference -> 'name' ->> 'en') AS search_text
FROM recall_notice n
JOIN organisation g ON g.id = n.org_id
JOIN partner_reference p ON (p.org_id, p.id) = (n.org_id, n.partner_id)
LEFT JOIN person_reference s ON s.id = n.sent_by
LEFT JOIN person_reference a ON a.id = n.acknowledged_by;

CREATE VIEW portal_recall_notice_view WITH (security_invoker = true) AS
SELECT * FROM recall_notice_view WHERE kind = 'subcontractor';

CREATE VIEW recall_drill_view WITH (security_invoker = true) AS
SELECT d.org_id, d.id, d.number, d.state, l.reference AS lot, i.reference AS item, d.draw, d.candidate_count,
    s.reference AS started_by, d.started_at, a.reference AS answered_by, d.answered_at, d.criteria, d.result, d.version,
    concat_ws(' ', d.number, l.code, i.code) AS search_text
FROM recall_drill d
JOIN lot_reference l ON (l.org_id, l.id) = (d.org_id, d.lot_id)
JOIN item_reference i ON (i.org_id, i.id) = (l.org_id, l.item_id)
JOIN person_reference s ON s.id = d.started_by
LEFT JOIN person_reference a ON a.id = d.answered_by;

-- ---------------------------------------------------------------- search over everything

CREATE VIEW search_view WITH (security_invoker = true) AS
SELECT org_id, id, 'item' AS kind, code, jsonb_build_object('zh', name_zh, 'en', name_en) AS name,
    concat_ws(' ', code, name_zh, name_en, gtin) AS search_text FROM item
UNION ALL SELECT l.org_id, l.id, 'lot', l.code, jsonb_build_object('zh', i.name_zh, 'en', i.name_en),
    concat_ws(' ', l.code, l.batch_code, l.supplier_lot, l.certificate_number)
    FROM lot l JOIN item i ON (i.org_id, i.id) = (l.org_id, l.item_id)
UNION ALL SELECT org_id, id, 'partner', code, jsonb_build_object('zh', name_zh, 'en', name_en),
    concat_ws(' ', code, name_zh, name_en) FROM partner
UNION ALL SELECT r.org_id, r.id, 'receipt', r.number, jsonb_build_object('zh', p.name_zh, 'en', p.name_en),
    concat_ws(' ', r.number, r.delivery_note) FROM receipt r JOIN partner p ON (p.org_id, p.id) = (r.org_id, r.supplier_id)
UNION ALL SELECT o.org_id, o.id, 'order', o.number, jsonb_build_object('zh', i.name_zh, 'en', i.name_en), o.number
    FROM subcontract_order o JOIN item i ON (i.org_id, i.id) = (o.org_id, o.product_id)
UNION ALL SELECT r.org_id, r.id, 'requisition', r.number, r.product -> 'name', r.number FROM requisition_view r
UNION ALL SELECT t.org_id, t.id, 'pick', t.number, t.partner -> 'name', t.number FROM pick_view t
UNION ALL SELECT n.org_id, n.id, 'issue', n.number, n.product_name, n.number FROM issue_note_view n;

-- ---------------------------------------------------------------- what the app's role may do

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM lotline_app;
GRANT USAGE ON SCHEMA public TO lotline_app;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO lotline_app;
REVOKE UPDATE ON audit_event, stock_movement, scan, attachment, audit_log_leaf, audit_log_node, audit_log_key,
    audit_log_checkpoint, audit_log_anchor, audit_log_cosignature, audit_unsealed, personal_datum, access_entry, approval_entry,
    approval_ask, signature, signing_key, signing_failure FROM lotline_app;
GRANT UPDATE (times, last_at) ON access_entry TO lotline_app;
-- The name under a signature goes when a person is erased, and nothing else of it ever changes.
GRANT UPDATE (printed_name) ON signature TO lotline_app;
REVOKE ALL ON __diesel_schema_migrations FROM lotline_app;
GRANT SELECT ON __diesel_schema_migrations TO lotline_app;
-- Rows that are rewritten as a whole, each rewrite being one audit event, and what has run out.
GRANT DELETE ON bom_line, order_component, requisition_line, pick_line, membership_role, role_permission, clause,
    order_agreement, material_document_line, subcontract_receipt_line, consumption_line, tool_use TO lotline_app;
GRANT DELETE ON idempotency_key, login_attempt, session, audit_unsealed, personal_datum, access_entry, approval_ask,
    signing_request, authenticator, free_document_number TO lotline_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO lotline_app;
