//! What the owner of the database can do to the record, and how it is found. He has every right in the database, passes
//! its triggers, and makes every hash anew; to sign he needs the key as well, and against that only anchors help.

use lotline_common::merkle::checkpoint::Checkpoint;
use lotline_common::merkle::note::NoteSigner;
use lotline_common::merkle::proof::Tree;
use lotline_common::merkle::range::CompactRange;
use lotline_common::merkle::{EVENT_PREFIX, event_hash, hex as hashes};
use lotline_common::record::{Fault, FaultKind};

use super::*;

/// The fault that an auditor finds who knows the key but no anchor.
#[track_caller]
fn found(app: &TestApp) -> Fault {
    let trust = Trust { keys: published_keys(app), ..Trust::default() };
    verdict(&lines(app), trust).fault.unwrap_or_else(|| panic!("nothing was found"))
}

/// Whether a fault names this index, exactly or among those that one head signs.
fn names(fault: &Fault, index: i64) -> bool {
    let index = u64::try_from(index).unwrap();
    let first = fault.index.unwrap();
    (first..=fault.until.unwrap_or(first)).contains(&index)
}

fn size(app: &TestApp) -> i64 {
    count(&mut app.database.owner(), "SELECT count(*) AS count FROM audit_log_leaf")
}

/// Sizes of the heads, oldest first.
fn sizes(app: &TestApp) -> Vec<i64> {
    let sizes = texts(&mut app.database.owner(), "SELECT size::text AS text FROM audit_log_checkpoint ORDER BY size");
    sizes.iter().map(|size| size.parse().unwrap()).collect()
}

const OF_INDEX: &str = "(SELECT event_id FROM audit_log_leaf WHERE log_index = $INDEX)";
/// Alters a letter of the JSON and nothing else.
const EDIT: &str = "UPDATE audit_event SET canonical_bytes = convert_to(replace(convert_from(substr(canonical_bytes, 22), 'UTF8'),
    '\"action\":\"', '\"action\":\"X'), 'UTF8') WHERE id = $EVENT;
    UPDATE audit_event SET canonical_bytes = '\\x01'::bytea || 'lotline.audit-event'::bytea || '\\x00'::bytea || canonical_bytes
    WHERE id = $EVENT;";
const HASH_EVENT: &str =
    "UPDATE audit_event SET leaf_hash = sha256('\\x00'::bytea || canonical_bytes) WHERE id = $EVENT;";
const HASH_LEAF: &str = "UPDATE audit_log_leaf SET leaf_hash = (SELECT leaf_hash FROM audit_event WHERE id = $EVENT)
    WHERE log_index = $INDEX;";
/// Renumbering passes through numbers below zero.
const RENUMBER: &str = "ALTER TABLE audit_log_leaf DROP CONSTRAINT IF EXISTS audit_log_leaf_log_index_check;";
/// Closes the gap of an index.
const CLOSE_UP: &str = "UPDATE audit_log_leaf SET log_index = -log_index WHERE log_index > $INDEX;
    UPDATE audit_log_leaf SET log_index = -log_index - 1 WHERE log_index < 0;";

fn statement(parts: &[&str], index: i64) -> String {
    parts.concat().replace("$EVENT", OF_INDEX).replace("$INDEX", &index.to_string())
}

#[test]
fn an_event_edited_or_deleted_is_named_by_its_index() {
    let (app, _) = sealed_record();
    for (parts, expected) in [
        (vec![EDIT], FaultKind::EventAltered),
        (vec![EDIT, HASH_EVENT], FaultKind::EventAltered),
        (vec!["DELETE FROM audit_event WHERE id = $EVENT;"], FaultKind::OutOfPlace),
        (vec!["DELETE FROM audit_log_leaf WHERE log_index = $INDEX;"], FaultKind::OutOfPlace),
    ] {
        for index in [0, 5, size(&app) - 2] {
            let spoiled = Copy::of(&app);
            as_owner(&app, &statement(&parts, index));
            let fault = found(&app);
            let is_gone = expected == FaultKind::OutOfPlace;
            let is_unlogged = fault.kind == FaultKind::Unlogged && parts[0].contains("audit_log_leaf");
            assert!(is_unlogged || fault.kind == expected, "{parts:?} {index}: {fault:?}");
            assert!(is_unlogged || fault.index == u64::try_from(index).ok(), "{parts:?} {index}: {fault:?}");
            assert!(is_unlogged || is_gone || fault.aggregate.is_some());
            spoiled.restore(&app);
        }
    }
}

/// The tables of the record as they are now, to be put back.
struct Copy;

const TABLES: [&str; 3] = ["audit_event", "audit_log_leaf", "audit_log_checkpoint"];

impl Copy {
    fn of(app: &TestApp) -> Self {
        let copies = TABLES
            .map(|table| format!("DROP TABLE IF EXISTS kept_{table}; CREATE TABLE kept_{table} AS TABLE {table};"));
        as_owner(app, &copies.concat());
        Self
    }

    fn restore(self, app: &TestApp) {
        let back = TABLES.map(|table| {
            format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}; DROP TABLE kept_{table};")
        });
        as_owner(app, &format!("DELETE FROM audit_log_anchor; {}", back.concat()));
        assert_eq!(verdict(&lines(app), Trust::default()).fault, None);
    }
}

#[test]
fn an_event_edited_with_every_hash_made_anew_is_found_at_its_head() {
    let (app, _) = sealed_record();
    let heads = sizes(&app);
    for index in [1, 6, size(&app) - 3] {
        let spoiled = Copy::of(&app);
        as_owner(&app, &statement(&[EDIT, HASH_EVENT, HASH_LEAF], index));
        let fault = found(&app);
        assert!(matches!(fault.kind, FaultKind::RootDiffers | FaultKind::ChainBroken), "{fault:?}");
        assert!(names(&fault, index), "{index}: {fault:?}");
        let end = *heads.iter().find(|size| **size > index).unwrap();
        assert!(fault.until.or(fault.index).unwrap() < u64::try_from(end).unwrap(), "not beyond its head");
        spoiled.restore(&app);
    }
}

#[test]
fn events_taken_out_put_in_or_moved_with_new_indexes_are_found_at_their_head() {
    let (app, _) = sealed_record();
    let index = sizes(&app)[0] + 1;
    let take_out = [
        "DELETE FROM audit_event WHERE id = $EVENT; DELETE FROM audit_log_leaf WHERE log_index = $INDEX;",
        RENUMBER,
        CLOSE_UP,
    ];
    let put_in = "UPDATE audit_log_leaf SET log_index = -log_index WHERE log_index >= $INDEX;
        UPDATE audit_log_leaf SET log_index = -log_index + 1 WHERE log_index < 0;
        INSERT INTO audit_event SELECT org_id, gen_random_uuid(), aggregate_kind, gen_random_uuid(), 1, action, actor_id,
            partner_id, reason, at, request_id, details, canonical_bytes, leaf_hash, NULL FROM audit_event WHERE aggregate_seq = 1 LIMIT 1;
        INSERT INTO audit_log_leaf SELECT org_id, $INDEX, id, leaf_hash FROM audit_event e
            WHERE NOT EXISTS (SELECT FROM audit_log_leaf l WHERE l.event_id = e.id);";
    let moved = "CREATE TEMP TABLE moved ON COMMIT DROP AS SELECT * FROM audit_log_leaf WHERE log_index IN ($INDEX, $INDEX + 1);
        DELETE FROM audit_log_leaf WHERE log_index IN ($INDEX, $INDEX + 1);
        INSERT INTO audit_log_leaf SELECT org_id, 2 * $INDEX + 1 - log_index, event_id, leaf_hash FROM moved;";
    for parts in [&take_out[..], &[RENUMBER, put_in], &[moved]] {
        let spoiled = Copy::of(&app);
        as_owner(&app, &statement(parts, index));
        let fault = found(&app);
        let first = u64::try_from(sizes(&app)[0]).unwrap();
        assert!(fault.index >= Some(first), "what was sealed before is right: {fault:?}");
        let is_near = names(&fault, index) || fault.kind == FaultKind::ChainBroken;
        assert!(is_near, "{parts:?}: {fault:?}");
        spoiled.restore(&app);
    }
}

#[test]
fn an_event_written_past_the_queue_is_found() {
    let (app, _) = sealed_record();
    as_owner(
        &app,
        "INSERT INTO audit_event SELECT org_id, gen_random_uuid(), aggregate_kind, gen_random_uuid(), 1, action, actor_id,
            partner_id, reason, at, request_id, details, canonical_bytes, leaf_hash, NULL FROM audit_event
         WHERE aggregate_seq = 1 LIMIT 1",
    );
    assert_eq!(found(&app).kind, FaultKind::Unlogged);
}

#[test]
fn signatures_exchanged_and_heads_left_out_are_found() {
    let (app, _) = sealed_record();
    let (first, last) = (sizes(&app)[0], *sizes(&app).last().unwrap());
    let of = |size: i64| format!("(SELECT note FROM audit_log_checkpoint WHERE size = {size})");
    for forgery in [
        format!("UPDATE audit_log_checkpoint SET note = {} WHERE size = {first}", of(last)),
        format!(
            "UPDATE audit_log_checkpoint SET note = split_part(note, '— ', 1) || '— ' || split_part({}, '— ', 2)
            WHERE size = {first}",
            of(last)
        ),
        format!("UPDATE audit_log_checkpoint SET note = replace(note, 'acme', 'acne') WHERE size = {first}"),
        format!("UPDATE audit_log_checkpoint SET note = 'none' WHERE size = {first}"),
    ] {
        let spoiled = Copy::of(&app);
        as_owner(&app, &format!("{forgery};"));
        let fault = found(&app);
        assert!(matches!(fault.kind, FaultKind::SignatureInvalid | FaultKind::OutOfPlace), "{forgery}: {fault:?}");
        assert!(names(&fault, first - 1) || fault.index == u64::try_from(first).ok(), "{fault:?}");
        spoiled.restore(&app);
    }
}

#[test]
fn another_key_is_not_taken_for_the_logs() {
    let (app, _) = sealed_record();
    let keys = published_keys(&app);
    let kept = heads(&app);
    let forger = NoteSigner::new(keys[0].name(), &[66; 32]);
    sign_anew(&app, &forger);
    as_owner(&app, &format!("UPDATE audit_log_key SET verifier_key = '{}';", forger.key()));
    let lines = lines(&app);
    let fault = |trust| verdict(&lines, trust).fault.map(|fault: Fault| fault.kind);
    assert_eq!(fault(Trust { keys, ..Trust::default() }), Some(FaultKind::KeyUnknown));
    assert_eq!(fault(Trust { anchors: kept, ..Trust::default() }), Some(FaultKind::AnchorDiffers));
    assert_eq!(fault(Trust::default()), None, "who compares neither key nor anchor believes whoever made the export");
}

#[test]
fn a_log_cut_at_a_head_needs_an_anchor() {
    let (app, _) = sealed_record();
    let (keys, kept) = (published_keys(&app), heads(&app));
    cut_to_an_earlier_head(&app);
    let lines = lines(&app);
    assert_eq!(
        verdict(&lines, Trust { keys: keys.clone(), ..Trust::default() }).fault,
        None,
        "an older record is a record"
    );
    let fault = verdict(&lines, Trust { keys, anchors: kept }).fault.unwrap();
    assert_eq!((fault.kind, fault.index), (FaultKind::AnchorBeyond, u64::try_from(size(&app)).ok()));
}

#[test]
fn a_record_rewritten_and_signed_anew_needs_an_anchor_and_is_found_at_the_right_head() {
    let (app, _) = sealed_record();
    let (keys, kept, heads) = (published_keys(&app), heads(&app), sizes(&app));
    let index = heads[1] + 1;
    rewrite_and_sign_anew(&app, index);
    let lines = lines(&app);
    assert_eq!(
        verdict(&lines, Trust { keys: keys.clone(), ..Trust::default() }).fault,
        None,
        "database and key suffice"
    );
    let fault = verdict(&lines, Trust { keys, anchors: kept }).fault.unwrap();
    assert_eq!(fault.kind, FaultKind::AnchorDiffers);
    assert!(names(&fault, index), "{index} in {heads:?}: {fault:?}");
}

#[test]
fn a_fork_is_found_by_whoever_holds_a_head_of_the_other_branch() {
    let (app, _) = sealed_record();
    let (keys, kept) = (published_keys(&app), heads(&app));
    cut_to_an_earlier_head(&app);
    let forked = size(&app);
    write_events(&app, "F", 40);
    // A server without memory and without its folder of anchors.
    std::fs::remove_dir_all(app.folder.0.join("anchors")).ok();
    assert!(app.folder.record().seal_all(&app.db).unwrap());
    let lines = lines(&app);
    assert_eq!(verdict(&lines, Trust { keys: keys.clone(), ..Trust::default() }).fault, None);
    let fault = verdict(&lines, Trust { keys, anchors: kept }).fault.unwrap();
    assert_eq!(fault.kind, FaultKind::AnchorDiffers);
    assert!(names(&fault, forked), "{fault:?}");
}

#[test]
fn what_is_altered_while_it_waits_is_not_sealed() {
    for (alteration, expected) in [
        ("UPDATE audit_event SET canonical_bytes = canonical_bytes || ' '", "event_altered"),
        ("DELETE FROM audit_event", "event_missing"),
    ] {
        let (app, crew) = sealed_record();
        let sealed = size(&app);
        write_events(&app, "W", 3);
        as_owner(
            &app,
            &format!("{alteration} WHERE id IN (SELECT event_id FROM audit_unsealed ORDER BY seq LIMIT 1);"),
        );
        app.state.record.seal_all(&app.db).unwrap();
        assert_eq!(crew.auditor.get("/record").ok()["troubles"], json!([expected]));
        assert_eq!(size(&app), sealed);
    }
}

#[test]
fn a_stored_tree_that_was_altered_is_not_signed_over() {
    for alteration in [
        "UPDATE audit_log_leaf SET leaf_hash = sha256('') WHERE log_index = (SELECT max(log_index) FROM audit_log_leaf);",
        "INSERT INTO audit_log_leaf SELECT org_id, log_index + 1, gen_random_uuid(), leaf_hash FROM audit_log_leaf
            ORDER BY log_index DESC LIMIT 1;",
        "UPDATE audit_log_checkpoint SET root = sha256('') WHERE size = (SELECT max(size) FROM audit_log_checkpoint);",
    ] {
        let (app, _) = sealed_record();
        write_events(&app, "W", 3);
        as_owner(&app, alteration);
        let fresh = app.folder.record();
        fresh.seal_all(&app.db).unwrap();
        assert_eq!(fresh.all_troubles(), [lotline_common::record::RecordTrouble::LogAltered].into(), "{alteration}");
    }
}

/// Takes the log back to its third head, as if nothing had come after it.
pub fn cut_to_an_earlier_head(app: &TestApp) {
    let size = sizes(app)[2];
    as_owner(
        app,
        &format!(
            "DELETE FROM audit_log_anchor; DELETE FROM audit_log_cosignature; DELETE FROM audit_unsealed;
             DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_log_leaf WHERE log_index >= {size});
             DELETE FROM audit_log_leaf WHERE log_index >= {size};
             DELETE FROM audit_log_checkpoint WHERE size > {size};"
        ),
    );
}

/// Alters the event at an index, makes every hash after it anew, and signs every head anew with the log's own key.
pub fn rewrite_and_sign_anew(app: &TestApp, index: i64) {
    let mut ends = std::collections::BTreeMap::new();
    let mut statement = String::new();
    for leaf in leaves(app) {
        let json = leaf.canonical_bytes.strip_prefix(EVENT_PREFIX).unwrap();
        let mut event: serde_json::Value = serde_json::from_slice(json).unwrap();
        if leaf.log_index == index {
            event["reason"] = json!("nothing of the kind");
        }
        let thing = (event["aggregate_kind"].to_string(), event["aggregate_id"].to_string());
        if let Some(previous) = ends.get(&thing) {
            event["previous_hash"] = json!(previous);
        }
        let json = serde_json_canonicalizer::to_vec(&event).unwrap();
        let hash = hashes::encode(&event_hash(&json));
        let bytes = hex::encode([EVENT_PREFIX, &json].concat());
        statement += &format!(
            "UPDATE audit_event SET canonical_bytes = '\\x{bytes}', leaf_hash = '\\x{hash}' WHERE id = '{}';
             UPDATE audit_log_leaf SET leaf_hash = '\\x{hash}' WHERE log_index = {};",
            event["id"].as_str().unwrap(),
            leaf.log_index,
        );
        ends.insert(thing, hash);
    }
    as_owner(app, &statement);
    let name = published_keys(app)[0].name().to_owned();
    let file = app.folder.0.join("record-keys").join(format!("{}.1.key", app.acme.founder.org));
    let secret = std::fs::read(file).unwrap();
    sign_anew(app, &NoteSigner::new(&name, secret.first_chunk().unwrap()));
}

/// Signs every head anew over the events as they are now.
fn sign_anew(app: &TestApp, signer: &NoteSigner) {
    let (mut range, mut statement, sizes) = (CompactRange::default(), String::new(), sizes(app));
    for leaf in leaves(app) {
        range.append(event_hash(leaf.canonical_bytes.strip_prefix(EVENT_PREFIX).unwrap()), |_, _, _| ());
        if sizes.contains(&(leaf.log_index + 1)) {
            let tree = Tree { size: range.size(), root: range.root() };
            let checkpoint = Checkpoint { origin: signer.key().name().to_owned(), tree };
            statement += &format!(
                "UPDATE audit_log_checkpoint SET root = '\\x{}', note = '{}' WHERE size = {};",
                hashes::encode(&tree.root),
                signer.sign(&checkpoint.text()),
                tree.size,
            );
        }
    }
    as_owner(app, &statement);
}
