//! The desk at which a version is drawn: what is on it, and what can be done there.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use leptos::leptos_dom::helpers::{IntervalHandle, TimeoutHandle};
use leptos::prelude::*;
use lotline_common::approvals::flow::{ApprovalFlow, ApprovalFlowDetail, FlowVersion, deciding_right};
use lotline_common::flows::candidates::Directory;
use lotline_common::flows::check::{Fault, Flaw, Surroundings, check};
use lotline_common::flows::facts::{Fact, offered};
use lotline_common::flows::{Act, Branch, Choose, Condition, Drawing, Step};
use lotline_common::id::{FlowId, FlowVersionId};
use lotline_common::locale::Name;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;

use super::drag::{Drag, Ghost};
use crate::components::status::Tone;
use crate::i18n::{t, tf};
use crate::pages::flows::edit::{self, History, Keys, Node, Plan, Slot};
use crate::pages::flows::picture::{Notes, note_key};
use crate::pages::flows::words::{self, Names};

/// How long after an edit its flaws are looked for: typing is not slowed down by it.
const LOOKING: Duration = Duration::from_millis(120);

/// What a drawing is held against.
pub struct Around {
    /// The people there are.
    pub directory: Directory,
    /// Every published flow.
    pub published: BTreeMap<FlowId, Drawing>,
    /// The right that deciding needs.
    pub permission: Permission,
}

impl Around {
    /// What a directory says of a kind of documents.
    pub fn of(names: Names, flow: &ApprovalFlow) -> Self {
        let known = |all: &lotline_common::approvals::flow::FlowDirectory| {
            (all.directory(None, std::collections::BTreeSet::new()), all.drawings())
        };
        let (directory, published) = names.directory.with_value(known);
        let permission = deciding_right(flow.document_kind).unwrap_or(Permission::FlowApprove);
        Self { directory, published, permission }
    }
}

/// What is chosen: a step, one of its branches or lanes, or the whole flow, which has an empty key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The step.
    pub step: String,
    /// Its branch or lane.
    pub place: Option<usize>,
}

/// The desk.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The flow that is drawn.
    pub flow: StoredValue<ApprovalFlow>,
    /// All its versions as they were when drawing began.
    pub versions: StoredValue<Vec<FlowVersion>>,
    /// The version that is drawn, and its version for `If-Match`.
    pub version: RwSignal<(FlowVersionId, i64)>,
    /// Who and what it can name.
    pub names: Names,
    /// What it is held against.
    pub around: StoredValue<Around>,
    /// The drawing as it is now.
    pub plan: RwSignal<Plan>,
    /// As it was last saved.
    pub saved: RwSignal<Plan>,
    /// What can be undone.
    pub history: RwSignal<History>,
    /// Keys that are taken.
    pub keys: StoredValue<Keys>,
    /// What is chosen.
    pub chosen: RwSignal<Option<Chosen>>,
    /// Changes with every edit but typing: the properties are then made anew.
    pub epoch: RwSignal<usize>,
    /// What is wrong.
    pub flaws: RwSignal<Vec<Flaw>>,
    /// What is told to those who do not see the picture.
    pub told: RwSignal<String>,
    /// The step that was copied.
    pub copied: StoredValue<Option<Step>>,
    /// The place where the menu of steps is open.
    pub menu: RwSignal<Option<Slot>>,
    /// What is dragged.
    pub drag: StoredValue<Option<Drag>>,
    /// Where it is shown.
    pub ghost: RwSignal<Option<Ghost>>,
    /// The place over which it is.
    pub over: RwSignal<Option<Slot>>,
    /// Scrolls meanwhile.
    pub scrolling: StoredValue<Option<IntervalHandle>>,
    /// Why the last saving was refused.
    pub problem: RwSignal<Option<Problem>>,
    /// It is being saved.
    pub pending: RwSignal<bool>,
    /// It was handed in: there is nothing more to draw.
    pub submitted: RwSignal<bool>,
}

/// What a version says.
pub fn plan_of(version: &FlowVersion) -> Plan {
    let (condition, note) = (version.condition.clone(), version.change_note.clone());
    Plan { drawing: version.drawing.clone(), condition, note }
}

thread_local! {
    /// What was drawn, not saved, and left: it is there again when one comes back.
    static LEFT: RefCell<Option<(FlowVersionId, i64, Plan)>> = const { RefCell::new(None) };
}

impl Desk {
    /// A version on the desk.
    pub fn new(detail: &ApprovalFlowDetail, version: &FlowVersion, names: Names) -> Self {
        let saved = plan_of(version);
        let left = LEFT.take().filter(|(id, stamp, _)| (*id, *stamp) == (version.id, version.version));
        let mut keys = Keys::default();
        for known in
            detail.versions.iter().map(|version| &version.drawing).chain(left.iter().map(|left| &left.2.drawing))
        {
            keys.know(known);
        }
        let plan = left.map_or_else(|| saved.clone(), |(.., plan)| plan);
        let desk = Self {
            flow: StoredValue::new(detail.flow.clone()),
            versions: StoredValue::new(detail.versions.clone()),
            version: RwSignal::new((version.id, version.version)),
            names,
            around: StoredValue::new(Around::of(names, &detail.flow)),
            plan: RwSignal::new(plan),
            saved: RwSignal::new(saved),
            history: RwSignal::new(History::default()),
            keys: StoredValue::new(keys),
            chosen: RwSignal::new(None),
            epoch: RwSignal::new(0),
            flaws: RwSignal::new(Vec::new()),
            told: RwSignal::new(String::new()),
            copied: StoredValue::new(None),
            menu: RwSignal::new(None),
            drag: StoredValue::new(None),
            ghost: RwSignal::new(None),
            over: RwSignal::new(None),
            scrolling: StoredValue::new(None),
            problem: RwSignal::new(None),
            pending: RwSignal::new(false),
            submitted: RwSignal::new(false),
        };
        desk.keep_looking();
        desk
    }

    /// Looks for flaws after every edit, and keeps what was not saved when the desk is left.
    fn keep_looking(self) {
        Effect::new(move |before: Option<Option<TimeoutHandle>>| {
            self.plan.track();
            if let Some(handle) = before.flatten() {
                handle.clear();
            }
            set_timeout_with_handle(move || self.look(), LOOKING).ok()
        });
        on_cleanup(move || {
            if self.is_changed() {
                let (id, stamp) = self.version.get_untracked();
                LEFT.set(Some((id, stamp, self.plan.get_untracked())));
            }
        });
    }

    /// Facts that the flow's documents have.
    pub fn facts(self) -> &'static [Fact] {
        offered(self.flow.with_value(|flow| flow.document_kind))
    }

    fn look(self) {
        // The desk may have been left meanwhile.
        let Some(plan) = self.plan.try_get_untracked() else { return };
        let found = self.around.with_value(|around| {
            let surroundings = Surroundings {
                flow: self.flow.with_value(|flow| flow.id),
                facts: self.facts(),
                directory: &around.directory,
                permission: around.permission,
                published: &around.published,
            };
            let mut found: Vec<_> = plan.condition.iter().flat_map(|of| condition_flaws(of, &surroundings)).collect();
            found.extend(check(&plan.drawing, &surroundings));
            found
        });
        if self.flaws.with_untracked(|known| *known != found) {
            self.flaws.set(found);
        }
    }

    /// Whether something is not saved.
    pub fn is_changed(self) -> bool {
        self.plan.with(|plan| self.saved.with(|saved| plan != saved))
    }

    /// Whether this is chosen.
    pub fn is_chosen(self, step: &str, place: Option<usize>) -> bool {
        self.chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.step == step && chosen.place == place))
    }

    /// Chooses a step, or a branch of it.
    pub fn choose(self, step: &str, place: Option<usize>) {
        self.chosen.set(Some(Chosen { step: step.to_owned(), place }));
    }

    /// The step that is chosen now.
    pub fn chosen_step(self) -> Option<String> {
        self.chosen.get_untracked().map(|chosen| chosen.step).filter(|step| !step.is_empty())
    }

    /// Changes the plan. `about` says what is being typed; an edit that is not typing is about nothing.
    pub fn edit(self, about: &str, change: &mut dyn FnMut(&mut Plan)) {
        let before = self.plan.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return;
        }
        self.history.update(|history| history.note(before, about));
        self.plan.set(after);
        if about.is_empty() {
            self.epoch.update(|epoch| *epoch += 1);
        }
    }

    /// Takes an edit back, or does it again.
    pub fn turn_back(self, redo: bool) {
        let now = self.plan.get_untracked();
        let turned =
            self.history.try_update(|history| if redo { history.redo(now) } else { history.undo(now) }).flatten();
        let Some(plan) = turned else { return };
        let is_there = |chosen: &Chosen| chosen.step.is_empty() || plan.drawing.step(&chosen.step).is_some();
        self.chosen.update(|chosen| *chosen = chosen.take().filter(is_there));
        self.plan.set(plan);
        self.epoch.update(|epoch| *epoch += 1);
        self.told.set(t(if redo { "flows.redone" } else { "flows.undone" }));
    }

    /// Puts a step in, and chooses it.
    pub fn put(self, slot: &Slot, step: &Step) {
        self.menu.set(None);
        self.edit("", &mut |plan| edit::insert(&mut plan.drawing, slot, step.clone()));
        self.told.set(tf("flows.inserted", &[("step", &words::title(step))]));
        self.choose(&step.key, None);
        super::focus_step(&step.key);
    }

    /// Puts a new step in.
    pub fn put_new(self, slot: &Slot, node: Node) {
        let step = self.keys.try_update_value(|keys| keys.step(node.act()));
        if let Some(step) = step {
            self.put(slot, &step);
        }
    }

    /// Puts the copied step in.
    pub fn paste(self, slot: &Slot) {
        let copied = self.copied.get_value();
        let step = copied.and_then(|step| self.keys.try_update_value(|keys| keys.renewed(&step)));
        if let Some(step) = step {
            self.put(slot, &step);
        }
    }

    /// Remembers a step, to be put in elsewhere.
    pub fn copy(self, key: &str) {
        let step = self.plan.with_untracked(|plan| plan.drawing.step(key).cloned());
        if let Some(step) = step {
            self.told.set(tf("flows.copied", &[("step", &words::title(&step))]));
            self.copied.set_value(Some(step));
        }
    }

    /// Takes a step out.
    pub fn remove(self, key: &str) {
        let mut removed = None;
        self.edit("", &mut |plan| removed = edit::remove(&mut plan.drawing, key));
        if let Some((slot, step)) = removed {
            self.chosen.set(None);
            self.told.set(tf("flows.removed", &[("step", &words::title(&step))]));
            super::focus_later(&format!("[data-drop='{}'] .fadd", slot.write()));
        }
    }

    /// Moves a step to a place.
    pub fn relocate(self, key: &str, to: &Slot) {
        let mut moved = false;
        self.edit("", &mut |plan| moved = edit::relocate(&mut plan.drawing, key, to));
        if moved {
            let title = self.plan.with_untracked(|plan| words::title_of(&plan.drawing, key));
            let place = self.plan.with_untracked(|plan| place_in_words(&plan.drawing, key));
            self.told.set(tf("flows.moved", &[("step", &title), ("place", &place)]));
            super::focus_step(key);
        }
    }

    /// Moves a step one place up or down.
    pub fn nudge(self, key: &str, up: bool) {
        if let Some(to) = self.plan.with_untracked(|plan| edit::next_place(&plan.drawing, key, up)) {
            self.relocate(key, &to);
        }
    }

    /// Adds a branch or lane to a step.
    pub fn add_side(self, key: &str) {
        self.edit("", &mut |plan| {
            if let Some(step) = edit::step_mut(&mut plan.drawing.steps, key) {
                edit::add_side(&mut step.act);
            }
        });
    }

    /// What is wrong, step by step, for the picture.
    pub fn notes(self) -> Signal<Notes> {
        Signal::derive(move || {
            let mut notes = Notes::new();
            for flaw in self.flaws.get() {
                // Fields are places of a step that has no blocks for them.
                let place = flaw.place.filter(|_| flaw.fault != Fault::FieldMalformed);
                let key = note_key(flaw.step.as_deref().unwrap_or_default(), place);
                notes.entry(key).or_default().push((Tone::Danger, words::fault(&flaw)));
            }
            notes
        })
    }
}

/// What is wrong with the condition of the whole flow: found as that of a branch is.
fn condition_flaws(of: &Condition, around: &Surroundings) -> Vec<Flaw> {
    let branches = vec![Branch { condition: of.clone(), steps: Vec::new() }];
    let act = Act::Choose(Choose { branches, otherwise: Vec::new() });
    let alone = Drawing { steps: vec![Step { key: String::new(), name: Name::default(), act }] };
    let of_conditions = [Fault::ConditionEmpty, Fault::FactNotOffered, Fault::NeverTaken];
    let found = check(&alone, around).into_iter().filter(|flaw| of_conditions.contains(&flaw.fault));
    found.map(|flaw| Flaw { step: Some(String::new()), place: None, ..flaw }).collect()
}

/// Where a step stands, for those who do not see it.
fn place_in_words(drawing: &Drawing, key: &str) -> String {
    let Some(slot) = edit::place_of(drawing, key) else { return String::new() };
    let number = (slot.index + 1).to_string();
    match &slot.inside {
        None => number,
        Some((host, side)) => format!("{} {} · {number}", words::title_of(drawing, host), side + 1),
    }
}
