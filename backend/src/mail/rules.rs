//! Pure decisions about mails: who gets one, what it says, and what becomes of one that was not taken.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use lotline_common::flows::engine::Effect;
use lotline_common::flows::run::{Mark, Run};
use lotline_common::id::{ApprovalId, MailId, PersonId};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::locale::Locale;
use lotline_common::mail::{MailFault, MailKind};
use serde::Deserialize;

/// How long a mail is tried.
const LIFETIME: TimeDelta = TimeDelta::hours(48);
/// The pause after the first try; each later one is twice as long as the one before.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// The longest pause.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(6);
/// Characters that are kept of what a mail server says.
const MAXIMUM_ERROR: usize = 300;

/// Who gets a mail of what happened to an approval, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called {
    /// Those who are named, each once: for what asks most of them.
    pub people: BTreeMap<PersonId, MailKind>,
    /// Administrators: nobody was found who may decide.
    pub administrators: bool,
}

impl Called {
    fn call(&mut self, person: PersonId, kind: MailKind) {
        let known = self.people.entry(person).or_insert(kind);
        *known = kind.max(*known);
    }
}

/// Whom to call after all this happened to a run. Who is not asked any more at the end of it is not called.
#[must_use]
pub fn called(effects: &[Effect], run: &Run) -> Called {
    let mut called = Called::default();
    for effect in effects {
        match effect {
            Effect::Asked { step, candidate } if waiting_at(run, step).contains(&candidate.person) => {
                called.call(candidate.person, MailKind::Asked);
            }
            Effect::Overdue { step } => {
                waiting_at(run, step).into_iter().for_each(|person| called.call(person, MailKind::Overdue));
            }
            Effect::Told { person, .. } => called.call(*person, MailKind::Told),
            Effect::Stuck { step } => called.administrators |= is_stuck_at(run, step),
            _ => {}
        }
    }
    called
}

/// Those who have to decide at a step now.
fn waiting_at(run: &Run, step: &str) -> Vec<PersonId> {
    let asked = run.asked(step).filter(|_| run.outcome.is_none());
    asked.map(|asked| asked.open().collect()).unwrap_or_default()
}

fn is_stuck_at(run: &Run, step: &str) -> bool {
    run.outcome.is_none() && matches!(run.marks.get(step), Some(Mark::Stuck { .. }))
}

/// A mail with what has to be known to send it.
#[derive(Debug, Clone, Deserialize)]
pub struct Letter {
    /// The mail.
    pub id: MailId,
    /// Why.
    pub kind: MailKind,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// How often it was tried, this time included.
    pub tries: i32,
    /// Whether what it asks for is still asked of this person.
    pub needed: bool,
    /// Where to; nothing: the person has no address, wants no mails, or left.
    pub email: Option<String>,
    /// In which language.
    pub locale: Locale,
    /// The person works for the subcontractor.
    pub portal: bool,
    /// The approval.
    pub approval_id: ApprovalId,
    /// Its document.
    pub document: DocumentRef,
    /// Ranked first.
    pub urgent: bool,
    /// Printed name of whoever asked for it.
    pub requested_by: String,
    /// When the person's decision is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Zone of the organisation.
    pub time_zone: String,
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Subject, in one line.
    pub subject: String,
    /// Body, plain text.
    pub body: String,
}

/// A word in both languages, Chinese first.
type Both = (&'static str, &'static str);

/// What stands over the link.
const SEE: Both = ("登录后查看：", "Sign in to see it:");
/// What stands at the end.
const FOOTER: Both = (
    "此邮件由 Lotline 自动发送，可在“我的账号”中关闭。",
    "Sent by Lotline. Switch these mails off under “My account”.",
);

const fn in_locale((zh, en): Both, locale: Locale) -> &'static str {
    match locale {
        Locale::ZhCn => zh,
        Locale::En => en,
    }
}

/// What people call a kind of document that is approved.
const fn document_kind(kind: DocumentKind) -> Both {
    match kind {
        DocumentKind::Requisition => ("发料申请", "Requisition"),
        DocumentKind::Material => ("物料单据", "Material document"),
        DocumentKind::Agreement => ("协议", "Agreement"),
        DocumentKind::ClauseOverride => ("条款豁免", "Override"),
        DocumentKind::ApprovalFlow => ("审批流", "Approval flow"),
        DocumentKind::LotRelease => ("批次放行", "Release of a lot"),
        DocumentKind::MasterdataChange => ("主数据变更", "Change of master data"),
        DocumentKind::AccessChange => ("权限变更", "Change of rights"),
        _ => ("单据", "Document"),
    }
}

/// How a mail begins: its subject's first words, and what is asked of the document.
const fn opening(kind: MailKind, portal: bool) -> (Both, Both) {
    match (kind, portal) {
        (MailKind::Told, _) => {
            (("知会", "For your information"), ("知会您，无需处理。", "You are told of it; nothing is asked of you."))
        }
        (MailKind::Stuck, _) => (
            ("待指派", "To be assigned"),
            ("找不到可以审批的人，请指派。", "Nobody was found who may decide. Please name somebody."),
        ),
        (MailKind::Asked, false) => (("待审批", "To approve"), ("等待您审批。", "It waits for your decision.")),
        (MailKind::Asked, true) => {
            (("待会签", "To countersign"), ("等待您会签。", "It waits for your countersignature."))
        }
        (MailKind::Overdue, _) => (
            ("已超时", "Overdue"),
            ("已超过处理时限，仍等待您处理。", "The time for it is over, and it still waits for you."),
        ),
    }
}

/// What a mail says: which document, who asked, until when, and where it is found. Everything else takes signing in. A
/// subcontractor's person is told of nobody at the maker's.
#[must_use]
pub fn text(letter: &Letter, home: &str) -> Text {
    let locale = letter.locale;
    let (head, asked) = opening(letter.kind, letter.portal);
    let (head, asked) = (in_locale(head, locale), in_locale(asked, locale));
    let number = plain(&letter.document.number);
    let document = format!("{} {number}", in_locale(document_kind(letter.document.kind), locale));
    let subject = match (locale, letter.urgent) {
        (Locale::ZhCn, false) => format!("{head}：{number}"),
        (Locale::ZhCn, true) => format!("{head}：{number}（加急）"),
        (Locale::En, false) => format!("{head}: {number}"),
        (Locale::En, true) => format!("{head}: {number} (urgent)"),
    };
    let by = Some(plain(&letter.requested_by)).filter(|_| !letter.portal);
    let fact = |name: Both, value: String| match locale {
        Locale::ZhCn => format!("{}：{value}", in_locale(name, locale)),
        Locale::En => format!("{}: {value}", in_locale(name, locale)),
    };
    let lines = [
        Some(document),
        Some(asked.to_owned()),
        by.map(|name| fact(("申请人", "Requested by"), name)),
        due(letter).map(|time| fact(("时限", "Due"), time)),
        Some(String::new()),
        Some(in_locale(SEE, locale).to_owned()),
        Some(link(letter, home)),
        Some(String::new()),
        Some(in_locale(FOOTER, locale).to_owned()),
        Some(String::new()),
    ];
    Text { subject, body: lines.into_iter().flatten().collect::<Vec<_>>().join("\n") }
}

/// A text of somebody's as it can stand in a line.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

/// When it is due, as the organisation's clocks show it.
fn due(letter: &Letter) -> Option<String> {
    let at = letter.due_at?;
    let zone: Tz = letter.time_zone.parse().unwrap_or(Tz::UTC);
    Some(format!("{} ({})", at.with_timezone(&zone).format("%Y-%m-%d %H:%M"), zone.name()))
}

/// Where the app shows documents of a kind, below its address.
const fn folder(kind: DocumentKind) -> Option<&'static str> {
    match kind {
        DocumentKind::Requisition => Some("requisitions"),
        DocumentKind::Material => Some("material-documents"),
        DocumentKind::Agreement => Some("agreements"),
        DocumentKind::ClauseOverride => Some("clause-overrides"),
        DocumentKind::ApprovalFlow => Some("approval-flows"),
        DocumentKind::LotRelease | DocumentKind::MasterdataChange | DocumentKind::AccessChange => {
            Some("change-requests")
        }
        _ => None,
    }
}

/// The page that the mail leads to. Who is only told sees the document, as there may be nothing left in the inbox.
fn link(letter: &Letter, home: &str) -> String {
    let (approval, document) = (letter.approval_id, letter.document.id);
    let page = match (letter.portal, letter.kind, folder(letter.document.kind)) {
        (true, MailKind::Told | MailKind::Stuck, _) => String::new(),
        (true, ..) => format!("portal/countersignatures/{approval}"),
        (false, MailKind::Told, Some(folder)) => format!("{folder}/{document}"),
        (false, ..) => format!("inbox?approval={approval}"),
    };
    format!("{}/{page}", home.trim_end_matches('/'))
}

/// What becomes of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The mail server took it.
    Sent,
    /// It is tried again then, for what was said.
    Again(DateTime<Utc>, String),
    /// It is not sent any more, for this reason and what was said.
    GivenUp(MailFault, String),
}

/// Whether there is any sense in sending a mail: where to, or why not.
///
/// # Errors
/// Why not.
pub fn check(letter: &Letter) -> Result<&str, MailFault> {
    if !letter.needed {
        return Err(MailFault::NotNeeded);
    }
    letter.email.as_deref().ok_or(MailFault::NoAddress)
}

/// What becomes of a mail that did not go out, without that being final: it is tried again after a pause, twice as long as
/// the one before, until it is two days old.
#[must_use]
pub fn after_failure((created_at, tries): (DateTime<Utc>, i32), now: DateTime<Utc>, said: String) -> End {
    let last = created_at + LIFETIME;
    if now >= last {
        return End::GivenUp(MailFault::TooLate, said);
    }
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or_default().min(9);
    let pause = (FIRST_PAUSE * 2_i32.pow(doublings)).min(LONGEST_PAUSE);
    End::Again((now + pause).min(last), said)
}

/// Whether a lasting refusal (5yz) is about this mail. Those about signing in (RFC 4954, section 6) are about the server's
/// own settings, which somebody will put right: until then nothing is lost.
#[must_use]
pub fn is_about_the_mail(code: &str) -> bool {
    !matches!(code, "530" | "534" | "535" | "538")
}

/// What a mail server said, without whom it was about: many repeat the address, and this is kept and shown.
#[must_use]
pub fn without_address(said: &str, address: &str) -> String {
    let name = address.split('@').next().unwrap_or_default().to_lowercase();
    let tells = |word: &str| word.contains('@') || (name.len() > 2 && word.to_lowercase().contains(&name));
    let words: Vec<_> = said.split_whitespace().map(|word| if tells(word) { "…" } else { word }).collect();
    plain(&words.join(" ")).chars().take(MAXIMUM_ERROR).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use lotline_common::flows::candidates::Candidate;
    use lotline_common::flows::facts::Facts;
    use lotline_common::flows::run::{Ask, Asked, Outcome};

    use super::*;

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 2, 1, 0, 0).unwrap()
    }

    fn candidate(person: PersonId) -> Candidate {
        Candidate { person, in_place_of: None }
    }

    /// A run that asks people at the step `a`.
    fn asking(people: &[PersonId]) -> Run {
        let asks = people.iter().map(|person| Ask { candidate: candidate(*person), decided: None }).collect();
        let asked = Asked { asks, need: 1, since: now(), due_at: None, escalated: false };
        let marks = BTreeMap::from([("a".to_owned(), Mark::Asked(asked))]);
        Run { marks, ..Run::new(PersonId::new(), now(), Facts::default()) }
    }

    fn asked(person: PersonId) -> Effect {
        Effect::Asked { step: "a".to_owned(), candidate: candidate(person) }
    }

    #[test]
    fn each_is_called_once_for_what_asks_most_of_them() {
        let (one, other, third) = (PersonId::new(), PersonId::new(), PersonId::new());
        let run = asking(&[one, other]);
        let told = |person| Effect::Told { step: "b".to_owned(), person };
        let effects = [told(one), asked(one), told(third)];
        let called_people = called(&effects, &run).people;
        assert_eq!(called_people, [(one, MailKind::Asked), (third, MailKind::Told)].into());
        let overdue = called(&[asked(other), Effect::Overdue { step: "a".to_owned() }], &run).people;
        assert_eq!(overdue, [(one, MailKind::Overdue), (other, MailKind::Overdue)].into());
    }

    #[test]
    fn who_is_not_asked_any_more_is_not_called() {
        let (one, gone) = (PersonId::new(), PersonId::new());
        let mut run = asking(&[one]);
        assert_eq!(called(&[asked(gone)], &run), Called::default());
        run.outcome = Some(Outcome::Withdrawn);
        assert_eq!(called(&[asked(one)], &run), Called::default());
    }

    #[test]
    fn administrators_are_called_as_long_as_nobody_may_decide() {
        let stuck = [Effect::Stuck { step: "a".to_owned() }];
        let mut run = asking(&[PersonId::new()]);
        assert!(!called(&stuck, &run).administrators);
        run.marks.insert("a".to_owned(), Mark::Stuck { since: now() });
        assert!(called(&stuck, &run).administrators);
    }

    fn letter(kind: MailKind, locale: Locale) -> Letter {
        Letter {
            id: MailId::new(),
            kind,
            created_at: now(),
            tries: 1,
            needed: true,
            email: Some("li.na@maker.example".to_owned()),
            locale,
            portal: false,
            approval_id: uuid::Uuid::nil().into(),
            document: DocumentRef {
                kind: DocumentKind::Requisition,
                id: uuid::Uuid::nil(),
                number: "SL-2026-000012".to_owned(),
            },
            urgent: true,
            requested_by: "王强".to_owned(),
            due_at: Some(now()),
            time_zone: "Asia/Shanghai".to_owned(),
        }
    }

    #[test]
    fn a_mail_says_which_document_by_whom_until_when_and_where() {
        let chinese = text(&letter(MailKind::Asked, Locale::ZhCn), "https://lotline.example/");
        assert_eq!(chinese.subject, "待审批：SL-2026-000012（加急）");
        let lines: Vec<_> = chinese.body.lines().take(7).collect();
        let expected = [
            "发料申请 SL-2026-000012",
            "等待您审批。",
            "申请人：王强",
            "时限：2026-03-02 09:00 (Asia/Shanghai)",
            "",
            "登录后查看：",
            "https://lotline.example/inbox?approval=00000000-0000-0000-0000-000000000000",
        ];
        assert_eq!(lines, expected);
        let english = text(&letter(MailKind::Asked, Locale::En), "https://lotline.example");
        assert_eq!(english.subject, "To approve: SL-2026-000012 (urgent)");
        assert!(
            english.body.starts_with("Requisition SL-2026-000012\nIt waits for your decision.\nRequested by: 王强\n")
        );
        let plain = Letter { urgent: false, due_at: None, ..letter(MailKind::Overdue, Locale::En) };
        let plain = text(&plain, "https://lotline.example");
        assert_eq!(plain.subject, "Overdue: SL-2026-000012");
        assert!(!plain.body.contains("Due:"), "{}", plain.body);
    }

    #[test]
    fn a_subcontractors_person_is_led_to_the_portal_and_told_of_nobody() {
        let asked = text(&Letter { portal: true, ..letter(MailKind::Asked, Locale::ZhCn) }, "https://lotline.example");
        assert!(asked.subject.starts_with("待会签："), "{}", asked.subject);
        assert!(asked.body.contains("https://lotline.example/portal/countersignatures/00000000"), "{}", asked.body);
        assert!(!asked.body.contains("王强"), "{}", asked.body);
        let told = text(&Letter { portal: true, ..letter(MailKind::Told, Locale::En) }, "https://lotline.example");
        assert!(told.body.contains("\nhttps://lotline.example/\n"), "{}", told.body);
    }

    #[test]
    fn who_is_told_is_led_to_the_document() {
        let told = text(&letter(MailKind::Told, Locale::En), "https://lotline.example");
        assert!(told.body.contains("/requisitions/00000000"), "{}", told.body);
    }

    #[test]
    fn nothing_that_somebody_wrote_ends_a_line() {
        let mut wicked = letter(MailKind::Asked, Locale::En);
        wicked.document.number = "SL-1\r\nBcc: other@example.com".to_owned();
        wicked.requested_by = "Wang\nDue: never".to_owned();
        let text = text(&wicked, "https://lotline.example");
        assert_eq!(text.subject, "To approve: SL-1Bcc: other@example.com (urgent)");
        assert!(text.body.contains("Requested by: WangDue: never\n"), "{}", text.body);
    }

    #[test]
    fn a_mail_is_sent_only_where_it_is_needed_and_can_arrive() {
        let asked = letter(MailKind::Asked, Locale::En);
        assert_eq!(check(&asked), Ok("li.na@maker.example"));
        assert_eq!(check(&Letter { needed: false, ..asked.clone() }), Err(MailFault::NotNeeded));
        assert_eq!(check(&Letter { email: None, ..asked }), Err(MailFault::NoAddress));
    }

    #[test]
    fn pauses_grow_from_a_minute_to_six_hours_and_end_after_two_days() {
        let pause = |tries, age: TimeDelta| match after_failure((now() - age, tries), now(), "busy".to_owned()) {
            End::Again(at, _) => Some(at - now()),
            _ => None,
        };
        let young = TimeDelta::zero();
        let pauses: Vec<_> = [1, 2, 3, 9, 10, 100].map(|tries| pause(tries, young).unwrap().num_minutes()).into();
        assert_eq!(pauses, [1, 2, 4, 256, 360, 360]);
        assert_eq!(pause(20, TimeDelta::hours(47)), Some(TimeDelta::hours(1)), "tried once more at the end");
        let over = after_failure((now() - LIFETIME, 20), now(), "busy".to_owned());
        assert_eq!(over, End::GivenUp(MailFault::TooLate, "busy".to_owned()));
    }

    #[test]
    fn a_refused_login_is_no_refusal_of_the_mail() {
        assert!(is_about_the_mail("550") && is_about_the_mail("554"));
        assert!(!is_about_the_mail("535"));
    }

    #[test]
    fn what_a_mail_server_says_is_kept_without_the_address() {
        let said = "permanent error (550): 5.1.1 <Li.Na@maker.example>: user li.na unknown";
        assert_eq!(without_address(said, "li.na@maker.example"), "permanent error (550): 5.1.1 … user … unknown");
        assert_eq!(without_address("550 a b", "a@maker.example"), "550 a b");
        assert_eq!(without_address(&"x ".repeat(900), "li.na@maker.example").chars().count(), MAXIMUM_ERROR);
    }
}
