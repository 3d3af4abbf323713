//! Editing a drawing. Pure, so that the mouse, a finger, the keyboard and the tests do the same.

use std::collections::BTreeSet;

use lotline_common::flows::{
    Act, Branch, Choose, Condition, Drawing, Lane, Notify, Parallel, Quorum, SignatureMeaning, Step, SubFlow, Task,
    Until, Wait, Who,
};
use lotline_common::id::FlowId;
use lotline_common::locale::Name;

/// What one can put into a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// The maker's people decide.
    Approve,
    /// The subcontractor's people decide.
    Countersign,
    /// One of several branches is taken.
    Choose,
    /// Lanes beside one another.
    Parallel,
    /// People are told.
    Notify,
    /// A time is waited for.
    Wait,
    /// Another flow.
    SubFlow,
}

impl Node {
    /// In the order of the palette; its digit on the keyboard is its place from 1.
    pub const ALL: [Self; 7] =
        [Self::Approve, Self::Countersign, Self::Choose, Self::Parallel, Self::Notify, Self::Wait, Self::SubFlow];

    /// What a step is.
    pub const fn of(act: &Act) -> Self {
        match act {
            Act::Approve(_) => Self::Approve,
            Act::Countersign(_) => Self::Countersign,
            Act::Choose(_) => Self::Choose,
            Act::Parallel(_) => Self::Parallel,
            Act::Notify(_) => Self::Notify,
            Act::Wait(_) => Self::Wait,
            Act::SubFlow(_) => Self::SubFlow,
        }
    }

    /// Its word in the catalogues, in keys of steps and in the page.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Countersign => "countersign",
            Self::Choose => "choose",
            Self::Parallel => "parallel",
            Self::Notify => "notify",
            Self::Wait => "wait",
            Self::SubFlow => "flow",
        }
    }

    /// Its icon.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Approve => "user",
            Self::Countersign => "users",
            Self::Choose => "branch",
            Self::Parallel => "parallel",
            Self::Notify => "send",
            Self::Wait => "clock",
            Self::SubFlow => "list",
        }
    }

    /// What it is when it is new: as much as can be right without asking.
    pub fn act(self) -> Act {
        let task = |who, meaning| Task {
            who: vec![who],
            quorum: Quorum::One {},
            meaning,
            due: None,
            may_delegate: true,
            in_bulk: false,
            fields: Vec::new(),
        };
        match self {
            Self::Approve => Act::Approve(task(Who::Entitled {}, SignatureMeaning::Approval)),
            Self::Countersign => Act::Countersign(task(Who::Subcontractor {}, SignatureMeaning::Countersignature)),
            Self::Choose => Act::Choose(Choose { branches: vec![branch()], otherwise: Vec::new() }),
            Self::Parallel => Act::Parallel(Parallel { lanes: vec![lane(), lane()], join: Quorum::All {} }),
            Self::Notify => Act::Notify(Notify { who: Vec::new() }),
            Self::Wait => Act::Wait(Wait { until: Until::Hours { hours: 24 } }),
            Self::SubFlow => Act::SubFlow(SubFlow { flow_id: FlowId(uuid::Uuid::nil()) }),
        }
    }
}

const fn branch() -> Branch {
    Branch { condition: Condition::All { of: Vec::new() }, steps: Vec::new() }
}

const fn lane() -> Lane {
    Lane { steps: Vec::new() }
}

/// Which list of steps: the drawing's own, or a branch or lane of a step by its number.
pub type Inside = Option<(String, usize)>;

/// A place where a step can be put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// In which list.
    pub inside: Inside,
    /// Before which of its steps.
    pub index: usize,
}

impl Slot {
    /// For an attribute of the page.
    pub fn write(&self) -> String {
        let (host, number) = self.inside.clone().unwrap_or_default();
        format!("{host}.{number}.{}", self.index)
    }

    /// Out of such an attribute.
    pub fn read(text: &str) -> Option<Self> {
        let (host, rest) = text.split_once('.')?;
        let (number, index) = rest.split_once('.')?;
        let inside = if host.is_empty() { None } else { Some((host.to_owned(), number.parse().ok()?)) };
        Some(Self { inside, index: index.parse().ok()? })
    }
}

/// The step of a key, to be changed.
pub fn step_mut<'a>(steps: &'a mut [Step], key: &str) -> Option<&'a mut Step> {
    for step in steps {
        if step.key == key {
            return Some(step);
        }
        for list in step.act.lists_mut() {
            if let Some(found) = step_mut(list, key) {
                return Some(found);
            }
        }
    }
    None
}

fn list_mut<'a>(drawing: &'a mut Drawing, inside: &Inside) -> Option<&'a mut Vec<Step>> {
    match inside {
        None => Some(&mut drawing.steps),
        Some((host, number)) => step_mut(&mut drawing.steps, host)?.act.lists_mut().into_iter().nth(*number),
    }
}

/// Where a step stands.
pub fn place_of(drawing: &Drawing, key: &str) -> Option<Slot> {
    fn find(steps: &[Step], inside: &Inside, key: &str) -> Option<Slot> {
        steps.iter().enumerate().find_map(|(index, step)| {
            if step.key == key {
                return Some(Slot { inside: inside.clone(), index });
            }
            let mut lists = step.act.lists().into_iter().enumerate();
            lists.find_map(|(number, list)| find(list, &Some((step.key.clone(), number)), key))
        })
    }
    find(&drawing.steps, &None, key)
}

/// Puts a step in.
pub fn insert(drawing: &mut Drawing, slot: &Slot, step: Step) {
    if let Some(list) = list_mut(drawing, &slot.inside) {
        list.insert(slot.index.min(list.len()), step);
    }
}

/// Takes a step out, with those inside it; where it stood is told.
pub fn remove(drawing: &mut Drawing, key: &str) -> Option<(Slot, Step)> {
    let slot = place_of(drawing, key)?;
    let list = list_mut(drawing, &slot.inside)?;
    let step = (slot.index < list.len()).then(|| list.remove(slot.index))?;
    Some((slot, step))
}

/// Where a step lands that is moved to a slot; nowhere when it stands there, or would stand in itself.
pub fn landing(drawing: &Drawing, key: &str, to: &Slot) -> Option<Slot> {
    let from = place_of(drawing, key)?;
    let mut inside_itself = false;
    drawing.step(key)?.walk(&mut |step| inside_itself |= to.inside.as_ref().is_some_and(|(host, _)| *host == step.key));
    let mut to = to.clone();
    if to.inside == from.inside && to.index > from.index {
        to.index -= 1;
    }
    (!inside_itself && to != from).then_some(to)
}

/// Moves a step to a slot; whether it moved.
pub fn relocate(drawing: &mut Drawing, key: &str, to: &Slot) -> bool {
    let moved = landing(drawing, key, to).and_then(|to| Some((to, remove(drawing, key)?.1)));
    let Some((to, step)) = moved else { return false };
    insert(drawing, &to, step);
    true
}

/// The next place up or down for a step, as one reads: into branches and out of them.
pub fn next_place(drawing: &Drawing, key: &str, up: bool) -> Option<Slot> {
    fn gather(steps: &[Step], inside: &Inside, slots: &mut Vec<Slot>) {
        for (index, step) in steps.iter().enumerate() {
            slots.push(Slot { inside: inside.clone(), index });
            for (number, list) in step.act.lists().into_iter().enumerate() {
                gather(list, &Some((step.key.clone(), number)), slots);
            }
        }
        slots.push(Slot { inside: inside.clone(), index: steps.len() });
    }
    let mut slots = Vec::new();
    gather(&drawing.steps, &None, &mut slots);
    let own = place_of(drawing, key)?;
    let at = |wanted: Slot| slots.iter().position(|slot| *slot == wanted);
    let place =
        if up { at(own)?.checked_sub(1) } else { at(Slot { index: own.index + 1, ..own }).map(|place| place + 1) };
    slots.get(place?).cloned()
}

/// The steps of a list from above: the drawing's, or a branch's.
pub fn slot_after(drawing: &Drawing, key: &str) -> Slot {
    let place = place_of(drawing, key).map(|place| Slot { index: place.index + 1, ..place });
    place.unwrap_or(Slot { inside: None, index: drawing.steps.len() })
}

/// One more branch or lane, behind the others.
pub fn add_side(act: &mut Act) {
    match act {
        Act::Choose(choose) => choose.branches.push(branch()),
        Act::Parallel(parallel) => parallel.lanes.push(lane()),
        Act::Approve(_) | Act::Countersign(_) | Act::Notify(_) | Act::Wait(_) | Act::SubFlow(_) => {}
    }
}

/// Takes a branch or lane away, with what is in it.
pub fn remove_side(act: &mut Act, place: usize) {
    match act {
        Act::Choose(choose) if place < choose.branches.len() => drop(choose.branches.remove(place)),
        Act::Parallel(parallel) if place < parallel.lanes.len() => drop(parallel.lanes.remove(place)),
        _ => {}
    }
}

/// Changes the order of a branch or lane and the one before it.
pub fn raise_side(act: &mut Act, place: usize) {
    let Some(before) = place.checked_sub(1) else { return };
    match act {
        Act::Choose(choose) if place < choose.branches.len() => choose.branches.swap(before, place),
        Act::Parallel(parallel) if place < parallel.lanes.len() => parallel.lanes.swap(before, place),
        _ => {}
    }
}

/// Keys that were ever used in a flow: a new step never gets one of them, or it would be taken for the old one.
#[derive(Debug, Default, Clone)]
pub struct Keys(BTreeSet<String>);

impl Keys {
    /// Remembers the keys of a drawing.
    pub fn know(&mut self, drawing: &Drawing) {
        drawing.walk(&mut |step| self.0.extend([step.key.clone()]));
    }

    fn fresh(&mut self, act: &Act) -> String {
        let word = Node::of(act).word();
        let key = (1..).map(|number| format!("{word}-{number}")).find(|key| !self.0.contains(key)).unwrap_or_default();
        self.0.insert(key.clone());
        key
    }

    /// A new step.
    pub fn step(&mut self, act: Act) -> Step {
        Step { key: self.fresh(&act), name: Name::default(), act }
    }

    /// The same step with keys of its own, and so those inside it.
    pub fn renewed(&mut self, step: &Step) -> Step {
        let mut copy = Step { key: self.fresh(&step.act), ..step.clone() };
        for list in copy.act.lists_mut() {
            *list = list.iter().map(|inner| self.renewed(inner)).collect();
        }
        copy
    }
}

/// What is drawn of a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Its steps.
    pub drawing: Drawing,
    /// Documents that go through it.
    pub condition: Option<Condition>,
    /// What it changes, in words.
    pub note: String,
}

/// Steps that can be undone.
const REMEMBERED: usize = 200;

/// What was drawn before, and what was undone.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<Plan>,
    future: Vec<Plan>,
    about: String,
}

impl History {
    /// Remembers how it was before an edit. What is typed into one field is one edit: it is about the same.
    pub fn note(&mut self, before: Plan, about: &str) {
        self.future.clear();
        if about.is_empty() || about != self.about {
            self.past.push(before);
            if self.past.len() > REMEMBERED {
                self.past.remove(0);
            }
        }
        about.clone_into(&mut self.about);
    }

    /// How it was before the last edit.
    pub fn undo(&mut self, now: Plan) -> Option<Plan> {
        let before = self.past.pop()?;
        self.future.push(now);
        self.about.clear();
        Some(before)
    }

    /// How it was before the last undoing.
    pub fn redo(&mut self, now: Plan) -> Option<Plan> {
        let after = self.future.pop()?;
        self.past.push(now);
        self.about.clear();
        Some(after)
    }

    /// Whether something can be undone, and redone.
    pub const fn can(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A step, a choice of one branch with a step in it and one in the other way, and a step.
    fn drawing() -> (Drawing, Keys) {
        let mut keys = Keys::default();
        let approve = |keys: &mut Keys| keys.step(Node::Approve.act());
        let (first, inner, other) = (approve(&mut keys), approve(&mut keys), approve(&mut keys));
        let mut choice = keys.step(Node::Choose.act());
        for (list, step) in choice.act.lists_mut().into_iter().zip([inner, other]) {
            list.push(step);
        }
        let last = approve(&mut keys);
        (Drawing { steps: vec![first, choice, last] }, keys)
    }

    fn order(drawing: &Drawing) -> String {
        let mut keys = Vec::new();
        drawing.walk(&mut |step| keys.push(step.key.replace("approve-", "a").replace("choose-", "c")));
        keys.join(" ")
    }

    #[test]
    fn keys_are_new_even_when_a_step_is_gone() {
        let (mut drawing, mut keys) = drawing();
        assert_eq!(order(&drawing), "a1 c1 a2 a3 a4");
        remove(&mut drawing, "approve-4").unwrap();
        assert_eq!(keys.step(Node::Approve.act()).key, "approve-5");
        assert_eq!(keys.step(Node::SubFlow.act()).key, "flow-1");
    }

    #[test]
    fn a_copy_has_keys_of_its_own_at_every_depth() {
        let (drawing, mut keys) = drawing();
        let copy = keys.renewed(drawing.step("choose-1").unwrap());
        let mut found = Vec::new();
        copy.walk(&mut |step| found.push(step.key.clone()));
        assert_eq!(found, ["choose-2", "approve-5", "approve-6"]);
    }

    #[test]
    fn slots_are_written_and_read() {
        for slot in [Slot { inside: None, index: 3 }, Slot { inside: Some(("choose-1".to_owned(), 2)), index: 0 }] {
            assert_eq!(Slot::read(&slot.write()), Some(slot));
        }
        assert_eq!(Slot::read("nonsense"), None);
    }

    #[test]
    fn a_step_moves_within_its_list_and_into_another() {
        let (mut drawing, _) = drawing();
        assert!(relocate(&mut drawing, "approve-1", &Slot { inside: None, index: 3 }));
        assert_eq!(order(&drawing), "c1 a2 a3 a4 a1");
        assert!(relocate(&mut drawing, "approve-1", &Slot { inside: Some(("choose-1".to_owned(), 1)), index: 0 }));
        assert_eq!(order(&drawing), "c1 a2 a1 a3 a4");
    }

    #[test]
    fn nothing_moves_into_itself_or_to_where_it_stands() {
        let (mut drawing, _) = drawing();
        let before = drawing.clone();
        assert!(!relocate(&mut drawing, "choose-1", &Slot { inside: Some(("choose-1".to_owned(), 0)), index: 0 }));
        assert!(!relocate(&mut drawing, "choose-1", &Slot { inside: None, index: 1 }));
        assert!(!relocate(&mut drawing, "choose-1", &Slot { inside: None, index: 2 }));
        assert_eq!(drawing, before);
    }

    #[test]
    fn downwards_a_step_goes_through_the_branches_and_out_and_upwards_back() {
        let (mut drawing, _) = drawing();
        let start = drawing.clone();
        let mut seen = vec![order(&drawing)];
        while let Some(next) = next_place(&drawing, "approve-1", false) {
            assert!(relocate(&mut drawing, "approve-1", &next));
            seen.push(order(&drawing));
        }
        let expected = [
            "a1 c1 a2 a3 a4",
            "c1 a1 a2 a3 a4",
            "c1 a2 a1 a3 a4",
            "c1 a2 a1 a3 a4",
            "c1 a2 a3 a1 a4",
            "c1 a2 a3 a1 a4",
            "c1 a2 a3 a4 a1",
        ];
        assert_eq!(seen, expected);
        while let Some(next) = next_place(&drawing, "approve-1", true) {
            assert!(relocate(&mut drawing, "approve-1", &next));
        }
        assert_eq!(drawing, start);
    }

    #[test]
    fn branches_are_added_raised_and_removed_but_not_the_other_way() {
        let (drawing, _) = drawing();
        let mut act = drawing.step("choose-1").unwrap().act.clone();
        add_side(&mut act);
        raise_side(&mut act, 1);
        assert!(act.lists()[0].is_empty() && act.lists()[1].len() == 1);
        remove_side(&mut act, 2);
        remove_side(&mut act, 0);
        assert_eq!(act.lists().len(), 2);
    }

    #[test]
    fn edits_are_undone_and_redone_and_typing_is_one_edit() {
        let plan = |note: &str| Plan { note: note.to_owned(), ..Plan::default() };
        let mut history = History::default();
        history.note(plan(""), "note");
        history.note(plan("a"), "note");
        history.note(plan("ab"), "");
        assert_eq!(history.undo(plan("abc")), Some(plan("ab")));
        assert_eq!(history.undo(plan("ab")), Some(plan("")));
        assert_eq!(history.undo(plan("")), None);
        assert_eq!(history.redo(plan("")), Some(plan("ab")));
        assert_eq!(history.can(), (true, true));
        history.note(plan("ab"), "");
        assert_eq!(history.redo(plan("x")), None);
    }
}
