//! Flows in words: steps, whom they ask, conditions, what is wrong with them.

use leptos::prelude::*;
use lotline_common::access::RoleRef;
use lotline_common::approvals::flow::{FlowDirectory, FlowPerson};
use lotline_common::changes::ChangeAct;
use lotline_common::flows::check::Flaw;
use lotline_common::flows::condition::{Comparison, Condition};
use lotline_common::flows::facts::TextFact;
use lotline_common::flows::{Act, Drawing, Fact, Quorum, Step, Until, Who};
use lotline_common::id::{FlowId, PersonId};
use lotline_common::locale::Name;
use lotline_common::masterdata::{ItemKind, PartnerRisk};
use lotline_common::material::MaterialKind;

use super::edit::Node;
use crate::components::choices::{operation_choices, partner_choices, records, words};
use crate::components::field::Choice;
use crate::i18n::{name, quantity, t, tf, word};

/// Who and what a flow can name.
#[derive(Clone, Copy)]
pub struct Names {
    /// People, roles and flows.
    pub directory: StoredValue<FlowDirectory>,
    partners: Signal<Vec<Choice>>,
    operations: Signal<Vec<Choice>>,
}

impl Names {
    /// With the master data that conditions name.
    pub fn new(directory: FlowDirectory) -> Self {
        Self {
            directory: StoredValue::new(directory),
            partners: partner_choices(records("/partners?subcontractor=true&limit=500")),
            operations: operation_choices(records("/operations?limit=500")),
        }
    }

    fn find(self, pick: impl Fn(&FlowDirectory) -> Option<String>) -> String {
        self.directory.with_value(pick).unwrap_or_else(|| t("flows.unknown"))
    }

    /// Somebody's name.
    pub fn person(self, id: PersonId) -> String {
        let known = |person: &&FlowPerson| person.person.id == id;
        self.find(|all| all.people.iter().find(known).map(|person| person.person.display_name.clone()))
    }

    /// A flow's name.
    pub fn flow(self, id: FlowId) -> String {
        self.find(|all| all.published.iter().find(|flow| flow.id == id).map(|flow| name(&flow.name)))
    }

    /// The words that a document's word can be.
    pub fn words_of(self, fact: TextFact) -> Vec<Choice> {
        match fact {
            TextFact::ItemClass => words("item_kind", ItemKind::ALL),
            TextFact::SubcontractorRisk => words("partner_risk", PartnerRisk::ALL),
            TextFact::MaterialKind => words("material_kind", MaterialKind::ALL),
            TextFact::Act => words("change_request_act", ChangeAct::ALL),
            TextFact::Subcontractor => self.partners.get(),
            TextFact::Operation => self.operations.get(),
        }
    }
}

/// Several things as a list.
pub fn listed(things: impl IntoIterator<Item = String>) -> String {
    things.into_iter().collect::<Vec<_>>().join(&t("flows.comma"))
}

/// What a step is called: its name, or what it is.
pub fn title(step: &Step) -> String {
    called(&step.name, Node::of(&step.act))
}

/// The same of what was kept of a step.
pub fn called(given: &Name, node: Node) -> String {
    Some(name(given)).filter(|given| !given.is_empty()).unwrap_or_else(|| word("flow_node", node.word()))
}

/// A step's title by its key; the key itself where there is no such step.
pub fn title_of(drawing: &Drawing, key: &str) -> String {
    drawing.step(key).map_or_else(|| key.to_owned(), title)
}

/// Whom a step names, one of them.
pub fn named(names: Names, who: &Who) -> String {
    match who {
        Who::Person { person_id } => names.person(*person_id),
        Who::Role { role_id } => {
            let known = |role: &&RoleRef| role.id == *role_id;
            names.find(|all| all.roles.iter().find(known).map(|role| name(&role.name)))
        }
        Who::Entitled {} | Who::RequesterManager {} | Who::ItemOwner {} | Who::Subcontractor {} => {
            word("flow_who", who_key(who))
        }
    }
}

/// Tells those whom one can name apart.
pub fn who_key(who: &Who) -> String {
    match who {
        Who::Person { person_id } => person_id.to_string(),
        Who::Role { role_id } => role_id.to_string(),
        Who::Entitled {} => "entitled".to_owned(),
        Who::RequesterManager {} => "requester_manager".to_owned(),
        Who::ItemOwner {} => "item_owner".to_owned(),
        Who::Subcontractor {} => "subcontractor".to_owned(),
    }
}

/// All whom a step names.
pub fn everybody(names: Names, who: &[Who]) -> String {
    if who.is_empty() { t("flows.nobody") } else { listed(who.iter().map(|who| named(names, who))) }
}

/// How many have to agree.
pub fn quorum(of: Quorum) -> String {
    match of {
        Quorum::One {} => word("flow_quorum", "one"),
        Quorum::All {} => word("flow_quorum", "all"),
        Quorum::AtLeast { count } => tf("flows.at_least", &[("count", &count.to_string())]),
    }
}

/// What stands in a step: what people have to know of it.
pub fn lines(names: Names, step: &Step) -> Vec<String> {
    match &step.act {
        Act::Approve(task) | Act::Countersign(task) => {
            let due = task.due.as_ref().map(|due| tf("flows.due_in", &[("hours", &due.hours.to_string())]));
            let terms = [Some(quorum(task.quorum)), Some(word("signature_meaning", task.meaning)), due];
            vec![everybody(names, &task.who), terms.into_iter().flatten().collect::<Vec<_>>().join(" · ")]
        }
        Act::Choose(_) => vec![t("flows.first_branch")],
        Act::Parallel(parallel) => vec![tf("flows.goes_on_after", &[("lanes", &quorum(parallel.join))])],
        Act::Notify(notify) => vec![everybody(names, &notify.who)],
        Act::Wait(wait) => vec![until(&wait.until)],
        Act::SubFlow(sub) => vec![names.flow(sub.flow_id)],
    }
}

fn until(until: &Until) -> String {
    match until {
        Until::Hours { hours } => tf("flows.waits_hours", &[("hours", &hours.to_string())]),
        Until::Day { fact, days_before } => {
            let days = days_before.to_string();
            tf("flows.waits_day", &[("day", &word("date_fact", fact)), ("days", &days)])
        }
    }
}

/// A fact's name.
pub fn fact(fact: Fact) -> String {
    match fact {
        Fact::Number(fact) => word("number_fact", fact),
        Fact::Text(fact) => word("text_fact", fact),
        Fact::Flag(fact) => word("flag_fact", fact),
        Fact::Date(fact) => word("date_fact", fact),
    }
}

/// The sign of a comparison.
pub const fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::LessThan => "<",
        Comparison::AtMost => "≤",
        Comparison::Equal => "=",
        Comparison::NotEqual => "≠",
        Comparison::AtLeast => "≥",
        Comparison::MoreThan => ">",
    }
}

/// A word of a document in the reader's words.
pub fn text_value(names: Names, fact: TextFact, value: &str) -> String {
    let known = names.words_of(fact).into_iter().find(|(key, _)| key == value);
    known.map_or_else(|| value.to_owned(), |(_, words)| words)
}

/// A condition as a sentence.
pub fn condition(names: Names, of: &Condition) -> String {
    let joined = |of: &[Condition], key| {
        let parts: Vec<_> = of.iter().map(|part| within(names, part)).collect();
        if parts.is_empty() { t("flows.nothing_asked") } else { parts.join(&t(key)) }
    };
    match of {
        Condition::All { of } => joined(of, "flows.and"),
        Condition::Any { of } => joined(of, "flows.or"),
        Condition::Not { of } => tf("flows.not", &[("what", &within(names, of))]),
        Condition::Number { fact, is, than } => {
            format!("{} {} {}", word("number_fact", fact), sign(*is), quantity(*than))
        }
        Condition::Text { fact, one_of } => {
            let words = listed(one_of.iter().map(|value| text_value(names, *fact, value)));
            tf("flows.is_one_of", &[("fact", &word("text_fact", fact)), ("words", &words)])
        }
        Condition::Flag { fact, is: true } => word("flag_fact", fact),
        Condition::Flag { fact, is: false } => tf("flows.not", &[("what", &word("flag_fact", fact))]),
    }
}

/// A condition inside another.
fn within(names: Names, of: &Condition) -> String {
    let inner = condition(names, of);
    match of {
        Condition::All { of } | Condition::Any { of } if of.len() > 1 => tf("flows.brackets", &[("what", &inner)]),
        _ => inner,
    }
}

/// The documents that go through a flow.
pub fn documents(names: Names, of: Option<&Condition>) -> String {
    of.map_or_else(|| t("flows.all_documents"), |of| condition(names, of))
}

/// What is wrong, without where.
pub fn fault(flaw: &Flaw) -> String {
    word("fault", flaw.fault)
}

/// What is wrong, and where.
pub fn flaw(drawing: &Drawing, flaw: &Flaw) -> String {
    let Some(key) = flaw.step.as_deref() else { return fault(flaw) };
    let step = if key.is_empty() { t("flows.start") } else { title_of(drawing, key) };
    let place = flaw.place.map(|place| format!(" {}", place + 1)).unwrap_or_default();
    tf("common.field_problem", &[("field", &format!("{step}{place}")), ("problem", &fault(flaw))])
}

/// A time that passes, in what is near to it.
pub fn duration(seconds: i64) -> String {
    let (key, unit) = match seconds {
        ..3_600 => ("flows.minutes", 60),
        3_600..172_800 => ("flows.hours", 3_600),
        _ => ("flows.days", 86_400),
    };
    let tenths = seconds.max(0) * 10 / unit;
    let whole = unit == 60 || tenths >= 100 || tenths % 10 == 0;
    let count = if whole { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) };
    tf(key, &[("count", &count)])
}
