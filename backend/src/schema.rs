// @generated automatically by Diesel CLI.

diesel::table! {
    approval (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        document_kind -> Text,
        document_id -> Uuid,
        document_number -> Text,
        permission -> Text,
        state -> Text,
        urgent -> Bool,
        due_on -> Nullable<Date>,
        requested_by -> Uuid,
        requested_at -> Timestamptz,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        reason -> Text,
    }
}

diesel::table! {
    attachment (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        partner_id -> Nullable<Uuid>,
        document_kind -> Text,
        document_id -> Uuid,
        document_line -> Nullable<Int4>,
        media_type -> Text,
        file_name -> Text,
        sha256 -> Bytea,
        content -> Bytea,
        created_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    audit_event (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        aggregate_kind -> Text,
        aggregate_id -> Uuid,
        aggregate_seq -> Int8,
        action -> Text,
        actor_id -> Uuid,
        partner_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        at -> Timestamptz,
        request_id -> Uuid,
        details -> Jsonb,
        canonical_bytes -> Bytea,
        leaf_hash -> Bytea,
        previous_hash -> Nullable<Bytea>,
    }
}

diesel::table! {
    bom (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        product_id -> Uuid,
        operation_id -> Uuid,
        revision -> Text,
        state -> Text,
        base_quantity -> Numeric,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    bom_line (org_id, bom_id, line_number) {
        org_id -> Uuid,
        bom_id -> Uuid,
        line_number -> Int4,
        component_id -> Uuid,
        net_usage -> Numeric,
        loss_norm_percent -> Numeric,
        issue_multiple -> Nullable<Numeric>,
    }
}

diesel::table! {
    claim (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        issue_note_id -> Uuid,
        issue_note_line -> Int4,
        partner_id -> Uuid,
        item_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        kind -> Text,
        quantity -> Numeric,
        state -> Text,
        remark -> Text,
        created_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    document_counter (org_id, kind, year) {
        org_id -> Uuid,
        kind -> Text,
        year -> Int4,
        last_number -> Int8,
    }
}

diesel::table! {
    idempotency_key (org_id, person_id, key) {
        org_id -> Uuid,
        person_id -> Uuid,
        key -> Text,
        operation -> Text,
        body_digest -> Bytea,
        status -> Int4,
        answer -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    issue_note (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        order_id -> Uuid,
        requisition_id -> Uuid,
        pick_id -> Uuid,
        partner_id -> Uuid,
        record_state -> Text,
        custody_state -> Text,
        carrier -> Text,
        seal_number -> Text,
        remark -> Text,
        occurred_at -> Timestamptz,
        created_by -> Uuid,
        confirmed_by -> Nullable<Uuid>,
        confirmed_at -> Nullable<Timestamptz>,
        confirmation_remark -> Text,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    issue_note_line (org_id, issue_note_id, line_number) {
        org_id -> Uuid,
        issue_note_id -> Uuid,
        line_number -> Int4,
        partner_id -> Uuid,
        requisition_line -> Int4,
        item_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        from_location_id -> Uuid,
        quantity -> Numeric,
        received_quantity -> Nullable<Numeric>,
        short_quantity -> Nullable<Numeric>,
        damaged_quantity -> Nullable<Numeric>,
        over_quantity -> Nullable<Numeric>,
        confirmation_remark -> Text,
    }
}

diesel::table! {
    item (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        kind -> Text,
        tracking -> Text,
        unit_id -> Uuid,
        gtin -> Nullable<Text>,
        shelf_life_days -> Nullable<Int4>,
        storage_class -> Text,
        specification -> Text,
        active -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    location (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        kind -> Text,
        partner_id -> Nullable<Uuid>,
        system_made -> Bool,
        active -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    login_attempt (id) {
        id -> Uuid,
        login -> Text,
        address -> Text,
        succeeded -> Bool,
        at -> Timestamptz,
    }
}

diesel::table! {
    lot (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        item_id -> Uuid,
        code -> Text,
        status -> Text,
        supplier_id -> Nullable<Uuid>,
        supplier_lot -> Text,
        certificate_number -> Text,
        manufactured_on -> Nullable<Date>,
        expires_on -> Nullable<Date>,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    membership (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        partner_id -> Nullable<Uuid>,
        active -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    membership_role (org_id, membership_id, role_id) {
        org_id -> Uuid,
        membership_id -> Uuid,
        role_id -> Uuid,
    }
}

diesel::table! {
    operation (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        active -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    order_component (org_id, order_id, line_number) {
        org_id -> Uuid,
        order_id -> Uuid,
        line_number -> Int4,
        item_id -> Uuid,
        net_quantity -> Numeric,
        loss_norm_percent -> Numeric,
        issue_multiple -> Nullable<Numeric>,
        issued_quantity -> Numeric,
    }
}

diesel::table! {
    organisation (id) {
        id -> Uuid,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        time_zone -> Text,
        blind_count -> Bool,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    partner (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        supplier -> Bool,
        subcontractor -> Bool,
        contact_name -> Text,
        phone -> Text,
        email -> Text,
        address -> Text,
        active -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    person (id) {
        id -> Uuid,
        login -> Text,
        display_name -> Text,
        password_hash -> Text,
        must_change_password -> Bool,
        active -> Bool,
        locale -> Text,
        home_organisation_id -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    pick_line (org_id, pick_id, line_number) {
        org_id -> Uuid,
        pick_id -> Uuid,
        line_number -> Int4,
        requisition_line -> Int4,
        item_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        proposed_lot_id -> Nullable<Uuid>,
        location_id -> Uuid,
        quantity -> Numeric,
        reservation_id -> Uuid,
        picked_by -> Nullable<Uuid>,
        picked_at -> Nullable<Timestamptz>,
        substitution_reason -> Text,
        scan_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    pick_task (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        requisition_id -> Uuid,
        state -> Text,
        created_by -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    receipt (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        supplier_id -> Uuid,
        delivery_note -> Text,
        state -> Text,
        occurred_at -> Timestamptz,
        remark -> Text,
        created_by -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    receipt_line (org_id, receipt_id, line_number) {
        org_id -> Uuid,
        receipt_id -> Uuid,
        line_number -> Int4,
        item_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        location_id -> Uuid,
        quantity -> Numeric,
    }
}

diesel::table! {
    requisition (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        order_id -> Uuid,
        needed_on -> Date,
        priority -> Text,
        reason -> Text,
        approval_state -> Text,
        issue_state -> Text,
        requested_by -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    requisition_line (org_id, requisition_id, line_number) {
        org_id -> Uuid,
        requisition_id -> Uuid,
        line_number -> Int4,
        item_id -> Uuid,
        proposed_quantity -> Numeric,
        requested_quantity -> Numeric,
    }
}

diesel::table! {
    reservation (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        balance_id -> Uuid,
        quantity -> Numeric,
        state -> Text,
        document_kind -> Text,
        document_id -> Uuid,
        document_line -> Int4,
        created_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    role (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        version -> Int8,
    }
}

diesel::table! {
    role_permission (org_id, role_id, permission) {
        org_id -> Uuid,
        role_id -> Uuid,
        permission -> Text,
    }
}

diesel::table! {
    scan (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        raw -> Text,
        capture -> Text,
        decoded -> Jsonb,
        scanned_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    session (id) {
        id -> Uuid,
        person_id -> Uuid,
        organisation_id -> Uuid,
        created_at -> Timestamptz,
        last_seen_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        user_agent -> Text,
        address -> Text,
    }
}

diesel::table! {
    stock_balance (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        location_id -> Uuid,
        item_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        status -> Text,
        owner_id -> Nullable<Uuid>,
        on_hand -> Numeric,
        reserved -> Numeric,
    }
}

diesel::table! {
    stock_movement (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        item_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        serial -> Nullable<Text>,
        quantity -> Numeric,
        unit_id -> Uuid,
        owner_id -> Nullable<Uuid>,
        from_location_id -> Uuid,
        from_status -> Text,
        to_location_id -> Uuid,
        to_status -> Text,
        occurred_at -> Timestamptz,
        recorded_at -> Timestamptz,
        evidence_at -> Nullable<Timestamptz>,
        document_kind -> Text,
        document_id -> Uuid,
        document_line -> Nullable<Int4>,
        reverses_id -> Nullable<Uuid>,
        actor_id -> Uuid,
        capture -> Text,
        scan_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    subcontract_order (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        partner_id -> Uuid,
        operation_id -> Uuid,
        product_id -> Uuid,
        bom_id -> Uuid,
        quantity -> Numeric,
        due_on -> Date,
        record_state -> Text,
        issue_state -> Text,
        custody_state -> Text,
        remark -> Text,
        created_by -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    unit (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        decimal_places -> Int2,
        active -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::joinable!(approval -> organisation (org_id));
diesel::joinable!(attachment -> organisation (org_id));
diesel::joinable!(attachment -> person (created_by));
diesel::joinable!(audit_event -> organisation (org_id));
diesel::joinable!(audit_event -> person (actor_id));
diesel::joinable!(bom -> organisation (org_id));
diesel::joinable!(bom_line -> organisation (org_id));
diesel::joinable!(claim -> organisation (org_id));
diesel::joinable!(claim -> person (created_by));
diesel::joinable!(document_counter -> organisation (org_id));
diesel::joinable!(idempotency_key -> organisation (org_id));
diesel::joinable!(idempotency_key -> person (person_id));
diesel::joinable!(issue_note -> organisation (org_id));
diesel::joinable!(issue_note_line -> organisation (org_id));
diesel::joinable!(item -> organisation (org_id));
diesel::joinable!(location -> organisation (org_id));
diesel::joinable!(lot -> organisation (org_id));
diesel::joinable!(membership -> organisation (org_id));
diesel::joinable!(membership -> person (person_id));
diesel::joinable!(membership_role -> organisation (org_id));
diesel::joinable!(operation -> organisation (org_id));
diesel::joinable!(order_component -> organisation (org_id));
diesel::joinable!(partner -> organisation (org_id));
diesel::joinable!(person -> organisation (home_organisation_id));
diesel::joinable!(pick_line -> organisation (org_id));
diesel::joinable!(pick_line -> person (picked_by));
diesel::joinable!(pick_task -> organisation (org_id));
diesel::joinable!(pick_task -> person (created_by));
diesel::joinable!(receipt -> organisation (org_id));
diesel::joinable!(receipt -> person (created_by));
diesel::joinable!(receipt_line -> organisation (org_id));
diesel::joinable!(requisition -> organisation (org_id));
diesel::joinable!(requisition -> person (requested_by));
diesel::joinable!(requisition_line -> organisation (org_id));
diesel::joinable!(reservation -> organisation (org_id));
diesel::joinable!(role -> organisation (org_id));
diesel::joinable!(role_permission -> organisation (org_id));
diesel::joinable!(scan -> organisation (org_id));
diesel::joinable!(scan -> person (scanned_by));
diesel::joinable!(session -> organisation (organisation_id));
diesel::joinable!(session -> person (person_id));
diesel::joinable!(stock_balance -> organisation (org_id));
diesel::joinable!(stock_movement -> organisation (org_id));
diesel::joinable!(stock_movement -> person (actor_id));
diesel::joinable!(subcontract_order -> organisation (org_id));
diesel::joinable!(subcontract_order -> person (created_by));
diesel::joinable!(unit -> organisation (org_id));

diesel::allow_tables_to_appear_in_same_query!(
    approval,
    attachment,
    audit_event,
    bom,
    bom_line,
    claim,
    document_counter,
    idempotency_key,
    issue_note,
    issue_note_line,
    item,
    location,
    login_attempt,
    lot,
    membership,
    membership_role,
    operation,
    order_component,
    organisation,
    partner,
    person,
    pick_line,
    pick_task,
    receipt,
    receipt_line,
    requisition,
    requisition_line,
    reservation,
    role,
    role_permission,
    scan,
    session,
    stock_balance,
    stock_movement,
    subcontract_order,
    unit,
);
