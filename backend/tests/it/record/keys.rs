//! Keys stand outside the database, are replaced in the open, and a record without its own is not signed.

use std::os::unix::fs::PermissionsExt as _;

use lotline_common::record::{FaultKind, RecordTrouble};

use super::*;

fn key_file(app: &TestApp, number: u8) -> std::path::PathBuf {
    app.folder.0.join("record-keys").join(format!("{}.{number}.key", app.acme.founder.org))
}

/// Runs `lotline rotate-key`.
fn rotate(app: &TestApp, login: &str) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lotline"))
        .args(["rotate-key", "--organisation", "acme", "--login", login, "--reason", "yearly"])
        .env("DATABASE_URL", app.database.url())
        .env("LOTLINE_DATA_DIR", &app.folder.0)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.success(), said)
}

#[test]
fn the_secret_key_is_a_file_for_the_server_alone_and_never_in_the_database() {
    let (app, _) = sealed_record();
    let file = key_file(&app, 1);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let secret = hex::encode(std::fs::read(&file).unwrap());
    let dump = texts(&mut app.database.owner(), "SELECT (t.*)::text AS text FROM audit_log_key t");
    assert!(dump.iter().all(|row| !row.contains(&secret)));
}

#[test]
fn a_replaced_key_is_recorded_in_the_log_and_old_heads_still_verify() {
    let (app, _) = sealed_record();
    let first = published_keys(&app);
    let (done, said) = rotate(&app, "clerk");
    assert!(!done && said.contains("may not change access"), "{said}");
    let (done, said) = rotate(&app, "admin");
    assert!(done, "{said}");
    write_events(&app, "A", 2);
    app.seal();
    write_events(&app, "B", 2);
    app.seal();
    rotate(&app, "admin");
    app.seal();
    write_events(&app, "C", 2);
    app.seal();
    let keys = published_keys(&app);
    assert_eq!(keys.len(), 3);
    let signed_by = texts(
        &mut app.database.owner(),
        "SELECT DISTINCT key_number::text AS text FROM audit_log_checkpoint ORDER BY 1",
    );
    assert_eq!(signed_by, ["1", "2", "3"]);
    // Who knows the first key only follows the change through the log.
    let found = verdict(&lines(&app), Trust { keys: first.clone(), anchors: heads(&app) });
    assert_eq!((found.fault, found.keys.len(), found.anchors), (None, 3, found.checkpoints));
    let event = texts(&mut app.database.owner(), "SELECT event_id::text AS text FROM audit_log_key WHERE number = 2");
    let told = app.client("auditor").get("/audit-events?aggregate_kind=organisation").ok();
    let told = told["items"].as_array().unwrap().iter().find(|told| id(told) == event[0]).unwrap().clone();
    assert_eq!((&told["action"], &told["reason"]), (&json!("key_rotated"), &json!("yearly")));
    assert_eq!(told["details"]["old_key"], first[0].to_string());
    // The old key, were it stolen now, signs no head that anybody takes.
    let mut stolen = lines(&app);
    let last = stolen.len() - 1;
    let note = heads(&app).pop().unwrap();
    let text = format!("{}\n", note.split_once("\n\n").unwrap().0);
    let secret = std::fs::read(key_file(&app, 1)).unwrap();
    let signer = lotline_common::merkle::note::NoteSigner::new(first[0].name(), secret.first_chunk().unwrap());
    stolen[last] = lotline_common::merkle::export::checkpoint_line(&signer.sign(&text)).unwrap().trim_end().to_owned();
    let found = verdict(&stolen, Trust { keys: first, ..Trust::default() });
    assert_eq!(found.fault.map(|fault| fault.kind), Some(FaultKind::SignatureInvalid));
}

#[test]
fn without_its_own_key_nothing_is_signed_and_nothing_is_lost() {
    let (app, crew) = sealed_record();
    let (file, kept) = (key_file(&app, 1), std::fs::read(key_file(&app, 1)).unwrap());
    let sealed = number(&app, "SELECT count(*) AS count FROM audit_log_leaf");
    let in_trouble = |expected: RecordTrouble| {
        app.state.record.seal_all(&app.db).unwrap();
        assert_eq!(app.state.record.all_troubles(), [expected].into());
        assert_eq!(number(&app, "SELECT count(*) AS count FROM audit_log_leaf"), sealed);
        assert_eq!(crew.auditor.get("/record").ok()["troubles"], json!([expected]));
        let ready = app.nobody().absolute(Method::GET, "/readyz").send();
        assert!(ready.status == 200 && ready.text.contains(expected.as_str()), "{}", ready.text);
    };
    write_events(&app, "A", 2);
    std::fs::remove_file(&file).unwrap();
    in_trouble(RecordTrouble::KeyMissing);
    std::fs::write(&file, &kept).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    in_trouble(RecordTrouble::KeyUnfit);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&file, [9; 32]).unwrap();
    in_trouble(RecordTrouble::KeyUnfit);
    std::fs::write(&file, &kept).unwrap();
    app.seal();
    assert_eq!(verdict(&lines(&app), Trust { keys: published_keys(&app), anchors: heads(&app) }).fault, None);
    assert_eq!(number(&app, "SELECT count(*) AS count FROM audit_log_leaf"), sealed + 2);
}
