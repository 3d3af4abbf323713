// @generated automatically by Diesel CLI.

diesel::table! {
    absence (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        stand_in_id -> Nullable<Uuid>,
        reason -> Text,
        cancelled_at -> Nullable<Timestamptz>,
        created_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    access_entry (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        kind -> Text,
        subject_id -> Nullable<Uuid>,
        filter -> Text,
        portal -> Bool,
        request_id -> Uuid,
        times -> Int4,
        period_start -> Timestamptz,
        first_at -> Timestamptz,
        last_at -> Timestamptz,
    }
}

diesel::table! {
    agreement (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        partner_id -> Uuid,
        kind -> Text,
        title_zh -> Text,
        title_en -> Text,
        created_by -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    agreement_version (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        agreement_id -> Uuid,
        partner_id -> Uuid,
        version_number -> Int4,
        state -> Text,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        change_note -> Text,
        created_by -> Uuid,
        approved_by -> Nullable<Uuid>,
        approved_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

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
        flow_version_id -> Nullable<Uuid>,
        drawing -> Jsonb,
        run -> Jsonb,
        subject -> Jsonb,
        stuck -> Bool,
        wakes_at -> Nullable<Timestamptz>,
        partner_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    approval_ask (org_id, approval_id, step, person_id) {
        org_id -> Uuid,
        approval_id -> Uuid,
        step -> Text,
        person_id -> Uuid,
        in_place_of -> Nullable<Uuid>,
        asked_at -> Timestamptz,
        due_at -> Nullable<Timestamptz>,
        in_bulk -> Bool,
    }
}

diesel::table! {
    approval_entry (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        approval_id -> Uuid,
        kind -> Text,
        at -> Timestamptz,
        step -> Nullable<Text>,
        person_id -> Nullable<Uuid>,
        other_id -> Nullable<Uuid>,
        meaning -> Nullable<Text>,
        text -> Text,
        filled -> Jsonb,
        asked_at -> Nullable<Timestamptz>,
        due_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    approval_flow (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        document_kind -> Text,
        name_zh -> Text,
        name_en -> Text,
        position -> Int4,
        active -> Bool,
        version -> Int8,
    }
}

diesel::table! {
    approval_flow_version (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        flow_id -> Uuid,
        version_number -> Int4,
        state -> Text,
        condition -> Nullable<Jsonb>,
        drawing -> Jsonb,
        change_note -> Text,
        flaws -> Jsonb,
        created_by -> Uuid,
        created_at -> Timestamptz,
        drawn_by -> Array<Nullable<Uuid>>,
        published_at -> Nullable<Timestamptz>,
        version -> Int8,
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
    audit_log_anchor (org_id, place, size) {
        org_id -> Uuid,
        place -> Text,
        size -> Int8,
        evidence -> Text,
        anchored_at -> Timestamptz,
    }
}

diesel::table! {
    audit_log_checkpoint (org_id, size) {
        org_id -> Uuid,
        size -> Int8,
        root -> Bytea,
        note -> Text,
        key_number -> Int4,
        signed_at -> Timestamptz,
    }
}

diesel::table! {
    audit_log_cosignature (org_id, witness, size) {
        org_id -> Uuid,
        witness -> Text,
        size -> Int8,
        line -> Text,
        cosigned_at -> Timestamptz,
    }
}

diesel::table! {
    audit_log_key (org_id, number) {
        org_id -> Uuid,
        number -> Int4,
        verifier_key -> Text,
        event_id -> Nullable<Uuid>,
        made_at -> Timestamptz,
    }
}

diesel::table! {
    audit_log_leaf (org_id, log_index) {
        org_id -> Uuid,
        log_index -> Int8,
        event_id -> Uuid,
        leaf_hash -> Bytea,
    }
}

diesel::table! {
    audit_log_node (org_id, level, node_index) {
        org_id -> Uuid,
        level -> Int2,
        node_index -> Int8,
        hash -> Bytea,
    }
}

diesel::table! {
    audit_unsealed (org_id, seq) {
        org_id -> Uuid,
        seq -> Int8,
        event_id -> Uuid,
    }
}

diesel::table! {
    authenticator (person_id) {
        person_id -> Uuid,
        salt -> Bytea,
        confirmed_at -> Nullable<Timestamptz>,
        last_step -> Int8,
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
        supply -> Text,
    }
}

diesel::table! {
    change_request (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        kind -> Text,
        act -> Text,
        target_id -> Nullable<Uuid>,
        subject -> Text,
        about -> Jsonb,
        command -> Nullable<Jsonb>,
        signed -> Jsonb,
        changes -> Jsonb,
        reason -> Text,
        state -> Text,
        requested_by -> Uuid,
        requested_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        result_id -> Nullable<Uuid>,
        version -> Int8,
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
        outcome -> Nullable<Text>,
        settlement_reason -> Text,
        settled_by -> Nullable<Uuid>,
        settled_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    clause (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        agreement_version_id -> Uuid,
        number -> Text,
        kind -> Text,
        text_zh -> Text,
        text_en -> Text,
        item_id -> Nullable<Uuid>,
        operation_id -> Nullable<Uuid>,
        parameters -> Jsonb,
        enforcement -> Text,
    }
}

diesel::table! {
    clause_override (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        clause_id -> Uuid,
        order_id -> Uuid,
        document_kind -> Text,
        figure_now -> Numeric,
        figure_after -> Numeric,
        reason -> Text,
        approval_state -> Text,
        requested_by -> Uuid,
        used_by_id -> Nullable<Uuid>,
        used_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    confirmation_link (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        issue_note_id -> Uuid,
        partner_id -> Uuid,
        token_digest -> Bytea,
        created_by -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    consumption_line (org_id, receipt_id, line_number) {
        org_id -> Uuid,
        receipt_id -> Uuid,
        line_number -> Int4,
        partner_id -> Uuid,
        receipt_line -> Int4,
        item_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        quantity -> Numeric,
        certainty -> Text,
        scan_id -> Nullable<Uuid>,
        remark -> Text,
    }
}

diesel::table! {
    cost_entry (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        order_id -> Uuid,
        kind -> Text,
        amount -> Numeric,
        invoice_number -> Text,
        occurred_on -> Date,
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
    free_document_number (org_id, kind, year, number) {
        org_id -> Uuid,
        kind -> Text,
        year -> Int4,
        number -> Int8,
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
        confirmed_name -> Nullable<Text>,
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
        life_uses -> Nullable<Int4>,
        safety_stock -> Numeric,
        owner_id -> Nullable<Uuid>,
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
        batch_code -> Text,
        unit_cost -> Nullable<Numeric>,
        uses -> Int4,
        life_uses -> Nullable<Int4>,
        uses_reset_at -> Nullable<Timestamptz>,
        released_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    lot_link (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        parent_lot_id -> Uuid,
        child_lot_id -> Uuid,
        quantity -> Numeric,
        certainty -> Text,
        order_id -> Nullable<Uuid>,
        document_kind -> Text,
        document_id -> Uuid,
        document_line -> Nullable<Int4>,
        linked_at -> Timestamptz,
        voided_at -> Nullable<Timestamptz>,
        strength -> Nullable<Int2>,
    }
}

diesel::table! {
    mail (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        approval_id -> Uuid,
        kind -> Text,
        created_at -> Timestamptz,
        tries -> Int4,
        next_try_at -> Nullable<Timestamptz>,
        sent_at -> Nullable<Timestamptz>,
        given_up_at -> Nullable<Timestamptz>,
        fault -> Nullable<Text>,
        last_error -> Text,
    }
}

diesel::table! {
    material_document (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        kind -> Text,
        order_id -> Nullable<Uuid>,
        to_order_id -> Nullable<Uuid>,
        partner_id -> Nullable<Uuid>,
        to_partner_id -> Nullable<Uuid>,
        customer_id -> Nullable<Uuid>,
        record_state -> Text,
        approval_state -> Text,
        custody_state -> Text,
        reason_code -> Text,
        reason -> Text,
        occurred_at -> Timestamptz,
        evidence_at -> Nullable<Timestamptz>,
        delivery_note -> Text,
        carrier -> Text,
        witness -> Text,
        certificate_number -> Text,
        contact -> Text,
        remark -> Text,
        created_by -> Uuid,
        posted_by -> Nullable<Uuid>,
        posted_at -> Nullable<Timestamptz>,
        confirmed_by -> Nullable<Uuid>,
        confirmed_at -> Nullable<Timestamptz>,
        confirmation_remark -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        borne_by -> Nullable<Text>,
        supplier_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    material_document_line (org_id, document_id, line_number) {
        org_id -> Uuid,
        document_id -> Uuid,
        line_number -> Int4,
        partner_id -> Nullable<Uuid>,
        to_partner_id -> Nullable<Uuid>,
        direction -> Text,
        item_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        new_lot_code -> Nullable<Text>,
        manufactured_on -> Nullable<Date>,
        expires_on -> Nullable<Date>,
        owner_id -> Nullable<Uuid>,
        quantity -> Numeric,
        book_quantity -> Nullable<Numeric>,
        received_quantity -> Nullable<Numeric>,
        condition -> Text,
        from_location_id -> Nullable<Uuid>,
        from_status -> Nullable<Text>,
        to_location_id -> Nullable<Uuid>,
        to_status -> Nullable<Text>,
        scan_id -> Nullable<Uuid>,
        remark -> Text,
        already_declared -> Bool,
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
        erased_at -> Nullable<Timestamptz>,
        manager_id -> Nullable<Uuid>,
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
    order_agreement (org_id, order_id, agreement_version_id) {
        org_id -> Uuid,
        order_id -> Uuid,
        agreement_version_id -> Uuid,
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
        supply -> Text,
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
        trace_threshold_percent -> Nullable<Int2>,
        second_factor_to_sign -> Bool,
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
        customer -> Bool,
        risk -> Nullable<Text>,
    }
}

diesel::table! {
    passkey (id) {
        id -> Uuid,
        person_id -> Uuid,
        credential_id -> Text,
        public_key -> Text,
        sign_count -> Int8,
        name -> Text,
        created_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
        removed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    period_close (org_id, month) {
        org_id -> Uuid,
        month -> Date,
        closed_by -> Uuid,
        closed_at -> Timestamptz,
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
        erased_at -> Nullable<Timestamptz>,
        password_reset_at -> Nullable<Timestamptz>,
        email -> Nullable<Text>,
        mail_notices -> Bool,
    }
}

diesel::table! {
    personal_datum (org_id, event_id, path) {
        org_id -> Uuid,
        event_id -> Uuid,
        path -> Text,
        subject_id -> Nullable<Uuid>,
        value -> Text,
        salt -> Bytea,
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
    recall (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        recall_class -> Text,
        record_state -> Text,
        reason -> Text,
        instruction -> Text,
        criteria -> Jsonb,
        created_by -> Uuid,
        created_at -> Timestamptz,
        held_by -> Nullable<Uuid>,
        held_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Uuid>,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Text,
        version -> Int8,
    }
}

diesel::table! {
    recall_drill (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        state -> Text,
        lot_id -> Uuid,
        draw -> Int8,
        candidate_count -> Int8,
        started_by -> Uuid,
        started_at -> Timestamptz,
        answered_by -> Nullable<Uuid>,
        answered_at -> Nullable<Timestamptz>,
        criteria -> Nullable<Jsonb>,
        result -> Nullable<Jsonb>,
        version -> Int8,
    }
}

diesel::table! {
    recall_lot (org_id, recall_id, lot_id) {
        org_id -> Uuid,
        recall_id -> Uuid,
        lot_id -> Uuid,
        certain -> Bool,
        distance -> Int4,
        hold_state -> Text,
        status_before -> Nullable<Text>,
        scoped_at -> Timestamptz,
        scoped_places -> Jsonb,
        held_at -> Nullable<Timestamptz>,
        lifted_by -> Nullable<Uuid>,
        lifted_at -> Nullable<Timestamptz>,
        lift_reason -> Text,
        closing_figures -> Nullable<Jsonb>,
    }
}

diesel::table! {
    recall_notice (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        recall_id -> Uuid,
        partner_id -> Uuid,
        kind -> Text,
        state -> Text,
        contact -> Text,
        recall_class -> Text,
        reason -> Text,
        instruction -> Text,
        created_at -> Timestamptz,
        due_at -> Timestamptz,
        sent_by_means -> Text,
        sent_evidence -> Text,
        sent_by -> Nullable<Uuid>,
        sent_at -> Nullable<Timestamptz>,
        acknowledged_by -> Nullable<Uuid>,
        acknowledged_at -> Nullable<Timestamptz>,
        remark -> Text,
        version -> Int8,
    }
}

diesel::table! {
    recall_notice_line (org_id, notice_id, line_number) {
        org_id -> Uuid,
        notice_id -> Uuid,
        line_number -> Int4,
        partner_id -> Uuid,
        lot_id -> Uuid,
        material_id -> Nullable<Uuid>,
        quantity -> Numeric,
        counted_quantity -> Nullable<Numeric>,
        place -> Text,
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
        evidence_at -> Nullable<Timestamptz>,
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
        unit_price -> Nullable<Numeric>,
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
        kind -> Text,
        reason_code -> Text,
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
        expires_at -> Nullable<Timestamptz>,
        soft -> Bool,
        priority -> Text,
        reason -> Text,
        created_by -> Nullable<Uuid>,
        settled_by -> Nullable<Uuid>,
        settled_reason -> Text,
        taken_over_by_id -> Nullable<Uuid>,
        version -> Int8,
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
    settlement_line (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        order_id -> Uuid,
        partner_id -> Uuid,
        kind -> Text,
        milestone -> Text,
        clause_id -> Nullable<Uuid>,
        document_kind -> Text,
        document_id -> Uuid,
        quantity -> Numeric,
        unit_price -> Numeric,
        amount -> Numeric,
        settlement_state -> Text,
        due_on -> Nullable<Date>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    signature (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        approval_id -> Uuid,
        document_kind -> Text,
        document_id -> Uuid,
        document_number -> Text,
        record_version -> Int4,
        record_digest -> Text,
        step -> Text,
        decision -> Text,
        meaning -> Text,
        person_id -> Uuid,
        printed_name -> Text,
        in_place_of -> Nullable<Uuid>,
        partner_id -> Nullable<Uuid>,
        signed_at -> Timestamptz,
        zone -> Text,
        method -> Text,
        passkey_id -> Nullable<Uuid>,
        digest -> Text,
    }
}

diesel::table! {
    signing_failure (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        at -> Timestamptz,
        method -> Text,
        cause -> Text,
    }
}

diesel::table! {
    signing_key (org_id, passkey_id) {
        org_id -> Uuid,
        passkey_id -> Uuid,
        person_id -> Uuid,
        credential_id -> Text,
        public_key -> Text,
        since -> Timestamptz,
    }
}

diesel::table! {
    signing_request (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        purpose -> Text,
        nonce -> Text,
        challenge -> Text,
        expires_at -> Timestamptz,
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
        order_id -> Nullable<Uuid>,
        outside -> Bool,
        in_stock -> Bool,
        since -> Nullable<Timestamptz>,
        location_kind -> Text,
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
        from_order_id -> Nullable<Uuid>,
        to_order_id -> Nullable<Uuid>,
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
        receipt_state -> Text,
        quality_state -> Text,
        settlement_state -> Text,
        good_quantity -> Numeric,
        rejected_quantity -> Numeric,
        unit_price -> Nullable<Numeric>,
        closed_by -> Nullable<Uuid>,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    subcontract_receipt (org_id, id) {
        org_id -> Uuid,
        id -> Uuid,
        number -> Text,
        order_id -> Uuid,
        partner_id -> Uuid,
        record_state -> Text,
        delivery_note -> Text,
        last -> Bool,
        occurred_at -> Timestamptz,
        remark -> Text,
        declared_by -> Nullable<Uuid>,
        declared_at -> Nullable<Timestamptz>,
        created_by -> Uuid,
        posted_by -> Nullable<Uuid>,
        posted_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        evidence_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    subcontract_receipt_line (org_id, receipt_id, line_number) {
        org_id -> Uuid,
        receipt_id -> Uuid,
        line_number -> Int4,
        partner_id -> Uuid,
        lot_code -> Text,
        lot_id -> Nullable<Uuid>,
        manufactured_on -> Nullable<Date>,
        expires_on -> Nullable<Date>,
        certificate_number -> Text,
        good_quantity -> Numeric,
        rejected_quantity -> Numeric,
        remark -> Text,
        batch_code -> Text,
    }
}

diesel::table! {
    tool_use (org_id, receipt_id, lot_id) {
        org_id -> Uuid,
        receipt_id -> Uuid,
        lot_id -> Uuid,
        partner_id -> Uuid,
        item_id -> Uuid,
        uses -> Int4,
        certainty -> Text,
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

diesel::joinable!(absence -> organisation (org_id));
diesel::joinable!(access_entry -> organisation (org_id));
diesel::joinable!(access_entry -> person (person_id));
diesel::joinable!(agreement -> organisation (org_id));
diesel::joinable!(agreement -> person (created_by));
diesel::joinable!(agreement_version -> organisation (org_id));
diesel::joinable!(approval -> organisation (org_id));
diesel::joinable!(approval_ask -> organisation (org_id));
diesel::joinable!(approval_entry -> organisation (org_id));
diesel::joinable!(approval_flow -> organisation (org_id));
diesel::joinable!(approval_flow_version -> organisation (org_id));
diesel::joinable!(approval_flow_version -> person (created_by));
diesel::joinable!(attachment -> organisation (org_id));
diesel::joinable!(attachment -> person (created_by));
diesel::joinable!(audit_event -> organisation (org_id));
diesel::joinable!(audit_event -> person (actor_id));
diesel::joinable!(audit_log_anchor -> organisation (org_id));
diesel::joinable!(audit_log_checkpoint -> organisation (org_id));
diesel::joinable!(audit_log_cosignature -> organisation (org_id));
diesel::joinable!(audit_log_key -> organisation (org_id));
diesel::joinable!(audit_log_leaf -> organisation (org_id));
diesel::joinable!(audit_log_node -> organisation (org_id));
diesel::joinable!(audit_unsealed -> organisation (org_id));
diesel::joinable!(authenticator -> person (person_id));
diesel::joinable!(bom -> organisation (org_id));
diesel::joinable!(bom_line -> organisation (org_id));
diesel::joinable!(change_request -> organisation (org_id));
diesel::joinable!(change_request -> person (requested_by));
diesel::joinable!(claim -> organisation (org_id));
diesel::joinable!(clause -> organisation (org_id));
diesel::joinable!(clause_override -> organisation (org_id));
diesel::joinable!(clause_override -> person (requested_by));
diesel::joinable!(confirmation_link -> organisation (org_id));
diesel::joinable!(confirmation_link -> person (created_by));
diesel::joinable!(consumption_line -> organisation (org_id));
diesel::joinable!(cost_entry -> organisation (org_id));
diesel::joinable!(cost_entry -> person (created_by));
diesel::joinable!(document_counter -> organisation (org_id));
diesel::joinable!(idempotency_key -> organisation (org_id));
diesel::joinable!(idempotency_key -> person (person_id));
diesel::joinable!(issue_note -> organisation (org_id));
diesel::joinable!(issue_note_line -> organisation (org_id));
diesel::joinable!(item -> organisation (org_id));
diesel::joinable!(item -> person (owner_id));
diesel::joinable!(location -> organisation (org_id));
diesel::joinable!(lot -> organisation (org_id));
diesel::joinable!(lot_link -> organisation (org_id));
diesel::joinable!(mail -> organisation (org_id));
diesel::joinable!(mail -> person (person_id));
diesel::joinable!(material_document -> organisation (org_id));
diesel::joinable!(material_document_line -> organisation (org_id));
diesel::joinable!(membership -> organisation (org_id));
diesel::joinable!(membership_role -> organisation (org_id));
diesel::joinable!(operation -> organisation (org_id));
diesel::joinable!(order_agreement -> organisation (org_id));
diesel::joinable!(order_component -> organisation (org_id));
diesel::joinable!(partner -> organisation (org_id));
diesel::joinable!(passkey -> person (person_id));
diesel::joinable!(period_close -> organisation (org_id));
diesel::joinable!(period_close -> person (closed_by));
diesel::joinable!(person -> organisation (home_organisation_id));
diesel::joinable!(personal_datum -> organisation (org_id));
diesel::joinable!(pick_line -> organisation (org_id));
diesel::joinable!(pick_line -> person (picked_by));
diesel::joinable!(pick_task -> organisation (org_id));
diesel::joinable!(pick_task -> person (created_by));
diesel::joinable!(recall -> organisation (org_id));
diesel::joinable!(recall_drill -> organisation (org_id));
diesel::joinable!(recall_lot -> organisation (org_id));
diesel::joinable!(recall_lot -> person (lifted_by));
diesel::joinable!(recall_notice -> organisation (org_id));
diesel::joinable!(recall_notice_line -> organisation (org_id));
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
diesel::joinable!(settlement_line -> organisation (org_id));
diesel::joinable!(signature -> organisation (org_id));
diesel::joinable!(signing_failure -> organisation (org_id));
diesel::joinable!(signing_failure -> person (person_id));
diesel::joinable!(signing_key -> organisation (org_id));
diesel::joinable!(signing_key -> passkey (passkey_id));
diesel::joinable!(signing_key -> person (person_id));
diesel::joinable!(signing_request -> organisation (org_id));
diesel::joinable!(signing_request -> person (person_id));
diesel::joinable!(stock_balance -> organisation (org_id));
diesel::joinable!(stock_movement -> organisation (org_id));
diesel::joinable!(stock_movement -> person (actor_id));
diesel::joinable!(subcontract_order -> organisation (org_id));
diesel::joinable!(subcontract_receipt -> organisation (org_id));
diesel::joinable!(subcontract_receipt_line -> organisation (org_id));
diesel::joinable!(tool_use -> organisation (org_id));
diesel::joinable!(unit -> organisation (org_id));

diesel::allow_tables_to_appear_in_same_query!(
    absence,
    access_entry,
    agreement,
    agreement_version,
    approval,
    approval_ask,
    approval_entry,
    approval_flow,
    approval_flow_version,
    attachment,
    audit_event,
    audit_log_anchor,
    audit_log_checkpoint,
    audit_log_cosignature,
    audit_log_key,
    audit_log_leaf,
    audit_log_node,
    audit_unsealed,
    authenticator,
    bom,
    bom_line,
    change_request,
    claim,
    clause,
    clause_override,
    confirmation_link,
    consumption_line,
    cost_entry,
    document_counter,
    free_document_number,
    idempotency_key,
    issue_note,
    issue_note_line,
    item,
    location,
    login_attempt,
    lot,
    lot_link,
    mail,
    material_document,
    material_document_line,
    membership,
    membership_role,
    operation,
    order_agreement,
    order_component,
    organisation,
    partner,
    passkey,
    period_close,
    person,
    personal_datum,
    pick_line,
    pick_task,
    recall,
    recall_drill,
    recall_lot,
    recall_notice,
    recall_notice_line,
    receipt,
    receipt_line,
    requisition,
    requisition_line,
    reservation,
    role,
    role_permission,
    scan,
    session,
    settlement_line,
    signature,
    signing_failure,
    signing_key,
    signing_request,
    stock_balance,
    stock_movement,
    subcontract_order,
    subcontract_receipt,
    subcontract_receipt_line,
    tool_use,
    unit,
);
