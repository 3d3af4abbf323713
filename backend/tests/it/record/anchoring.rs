//! Signed heads are laid down outside the database, and it is told when they are not.

use chrono::TimeDelta;
use lotline_common::merkle::checkpoint::split_notes;
use lotline_common::record::RecordTrouble;

use super::*;

fn anchored(app: &TestApp) -> Vec<String> {
    let folder = app.folder.0.join("anchors").join(app.acme.founder.org.to_string());
    let mut files: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().map(|file| file.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
    texts.flat_map(|text| split_notes(&text).map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn heads_are_appended_to_the_folder_at_intervals_and_the_record_agrees_with_all_of_them() {
    let (app, _) = sealed_record();
    let record = &app.state.record;
    record.anchor_when_due(&app.db).unwrap();
    record.anchor_when_due(&app.db).unwrap();
    assert_eq!(anchored(&app).len(), 1, "not before its time, and no head twice");
    for day in 0..3 {
        write_events(&app, &format!("A{day}-"), 1);
        app.seal();
        app.clock.advance(TimeDelta::days(1));
        record.anchor_when_due(&app.db).unwrap();
    }
    let kept = anchored(&app);
    assert_eq!(kept.len(), 4);
    let found = verdict(&lines(&app), Trust { keys: published_keys(&app), anchors: kept });
    assert_eq!((found.fault, found.anchors), (None, 4));
    let anchors = &app.client("auditor").get("/record").ok()["anchors"];
    assert_eq!((&anchors[0]["place"], &anchors[0]["size"]), (&json!("folder"), &json!(found.size)));
}

#[test]
fn a_gap_is_told() {
    let (app, crew) = sealed_record();
    let troubles = || crew.auditor.get("/record").ok()["troubles"].clone();
    app.state.record.anchor_all(&app.db).unwrap();
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(troubles(), json!([]), "when nothing is written there is nothing to lay down");
    write_events(&app, "A", 1);
    assert_eq!(troubles(), json!([]));
    app.clock.advance(TimeDelta::seconds(11));
    assert_eq!(troubles(), json!([RecordTrouble::SealingLate]));
    app.seal();
    assert_eq!(troubles(), json!([]));
    app.clock.advance(TimeDelta::minutes(4));
    assert_eq!(troubles(), json!([RecordTrouble::AnchorLate]));
    app.state.record.anchor_all(&app.db).unwrap();
    assert_eq!(troubles(), json!([]));
}

#[test]
fn a_folder_that_takes_nothing_keeps_nobody_from_working() {
    let (app, crew) = sealed_record();
    std::fs::write(app.folder.0.join("anchors"), "in the way").unwrap();
    app.state.record.anchor_all(&app.db).unwrap_err();
    write_events(&app, "A", 1);
    app.seal();
    app.clock.advance(TimeDelta::minutes(4));
    assert_eq!(crew.auditor.get("/record").ok()["troubles"], json!([RecordTrouble::AnchorLate]));
    std::fs::remove_file(app.folder.0.join("anchors")).unwrap();
    app.state.record.anchor_all(&app.db).unwrap();
    assert_eq!(anchored(&app).len(), 1);
}

#[test]
fn a_server_that_knows_a_later_head_signs_nothing_over_a_log_that_was_cut_or_forked() {
    for (what, knows) in [("running", true), ("started anew", false)] {
        let (app, _) = sealed_record();
        let record = &app.state.record;
        record.anchor_all(&app.db).unwrap();
        tampering::cut_to_an_earlier_head(&app);
        write_events(&app, "F", 30);
        let fresh = app.folder.record();
        let server = if knows { record } else { &fresh };
        server.seal_all(&app.db).unwrap();
        assert_eq!(server.all_troubles(), [RecordTrouble::LogRewound].into(), "{what}");
        let heads = heads(&app);
        server.seal_all(&app.db).unwrap();
        assert_eq!(super::heads(&app), heads, "{what}");
    }
}
