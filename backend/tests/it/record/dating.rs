//! The clock that heads are dated with is compared with a time server; as long as it is off, nothing is signed.

use chrono::TimeDelta;
use lotline::clock::Clock as _;
use lotline_common::record::RecordTrouble;
use serde_json::Value;

use super::*;
use crate::support::clock::ManualClock;
use crate::support::outside::TimeServer;

/// A server that compares its clock with a time server that agrees.
fn compared() -> (TimeServer, TestApp) {
    let server = TimeServer::open(ManualClock::new().now());
    let address = server.address.to_string();
    let record = Box::new(move |settings: &mut lotline::audit::log::LogSettings| {
        settings.clock.server = Some(address.clone());
    });
    (server, TestApp::start_with(&Setup { record, ..Setup::default() }))
}

fn sealed(app: &TestApp) -> u64 {
    number(app, "SELECT count(*) AS count FROM audit_log_leaf")
}

#[test]
fn nothing_is_signed_while_the_clock_is_off_and_all_of_it_once_it_is_right() {
    let (server, app) = compared();
    let record = &app.state.record;
    write_events(&app, "A", 1);
    record.seal_all(&app.db).unwrap();
    assert_eq!(sealed(&app), 0, "not before the clock was compared");
    record.check_clock_when_due(&app.db);
    app.seal();
    let before = sealed(&app);
    assert!(before > 0);
    let status = app.client("auditor").get("/record").ok();
    assert_eq!((&status["clock"]["server"], &status["troubles"]), (&json!(server.address.to_string()), &json!([])));
    assert!(status["clock"]["drift_milliseconds"].as_i64().unwrap().abs() < 1_000, "{status}");

    for seconds in [-6, 6] {
        *server.time.lock().unwrap() = Some(app.clock.now() + TimeDelta::seconds(64 + seconds));
        app.clock.advance(TimeDelta::seconds(64));
        record.check_clock_when_due(&app.db);
        write_events(&app, &format!("B{}-", seconds + 6), 1);
        record.seal_all(&app.db).unwrap();
        assert_eq!(sealed(&app), before, "{seconds}");
        assert_eq!(record.all_troubles(), [RecordTrouble::ClockOff].into());
        let troubles = &app.client("auditor").get("/record").ok()["troubles"];
        assert!(troubles.as_array().unwrap().contains(&json!(RecordTrouble::ClockOff)), "{troubles}");
        let ready = app.nobody().absolute(Method::GET, "/readyz").send();
        assert!(ready.status == 200 && ready.text.contains("clock_off"), "{}", ready.text);
    }
    *server.time.lock().unwrap() = Some(app.clock.now() + TimeDelta::seconds(8 + 4));
    app.clock.advance(TimeDelta::seconds(8));
    record.check_clock_when_due(&app.db);
    app.seal();
    assert_eq!(sealed(&app), events_written(&app), "within the limit, everything that waited is sealed");
    assert_eq!(app.client("auditor").get("/record").ok()["troubles"], json!([]));
}

#[test]
fn a_time_server_is_asked_at_intervals_and_its_silence_is_told() {
    let (server, app) = compared();
    let record = &app.state.record;
    record.check_clock_when_due(&app.db);
    record.check_clock_when_due(&app.db);
    assert_eq!(*server.asked.lock().unwrap(), 1);
    *server.time.lock().unwrap() = None;
    app.clock.advance(TimeDelta::minutes(9));
    record.check_clock_when_due(&app.db);
    assert_eq!(*server.asked.lock().unwrap(), 2);
    write_events(&app, "A", 1);
    app.seal();
    assert_eq!(app.client("auditor").get("/record").ok()["troubles"], json!([]));
    app.clock.advance(TimeDelta::minutes(2));
    let troubles = &app.client("auditor").get("/record").ok()["troubles"];
    assert!(troubles.as_array().unwrap().contains(&json!(RecordTrouble::ClockUnchecked)), "{troubles}");
    write_events(&app, "B", 1);
    app.seal();
    assert_eq!(sealed(&app), events_written(&app), "a time server that is silent keeps nothing from being signed");
}

#[test]
fn without_a_time_server_the_clock_is_not_compared() {
    let (app, _) = sealed_record();
    app.state.record.check_clock_when_due(&app.db);
    assert_eq!(app.client("auditor").get("/record").ok()["clock"], Value::Null);
}

#[test]
fn the_time_of_a_head_never_goes_back() {
    let (app, _) = sealed_record();
    let last = || texts(&mut app.database.owner(), "SELECT max(signed_at)::text AS text FROM audit_log_checkpoint");
    let (before, many) = (last(), sealed(&app));
    write_events(&app, "A", 1);
    let back = |by: TimeDelta| {
        let clock = ManualClock::new();
        clock.advance(app.clock.now() - clock.now() - by);
        app.db.with_clock(std::sync::Arc::new(clock))
    };
    app.state.record.seal_all(&back(TimeDelta::seconds(6))).unwrap();
    assert_eq!(sealed(&app), many, "a clock that is far behind is off");
    assert_eq!(app.state.record.all_troubles(), [RecordTrouble::ClockOff].into());
    app.state.record.seal_all(&back(TimeDelta::seconds(2))).unwrap();
    assert_eq!((app.state.record.all_troubles(), sealed(&app)), ([].into(), events_written(&app)));
    assert_eq!(last(), before);
}
