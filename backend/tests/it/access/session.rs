//! A token is worth as much as its session row.

use lotline_common::problem::ProblemCode;

use crate::support::TestApp;

#[test]
fn somebody_who_signed_in_sees_who_they_are() {
    let app = TestApp::start();
    let session = app.client("clerk").get("/sessions/current").ok();
    assert_eq!(session["person"]["login"], "clerk");
    assert_eq!(session["organisation"]["code"], "acme");
    app.nobody().get("/sessions/current").problem(ProblemCode::NotSignedIn);
}
