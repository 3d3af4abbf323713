//! The frame of a page: title, actions, and content that has to be waited for.

use leptos::prelude::*;
use lotline_common::problem::{Problem, ProblemCode};

use super::Icon;
use super::problem::ProblemBanner;
use crate::api::Reading;
use crate::i18n::tx;

/// Title and actions of a page.
#[component]
pub fn PageHead(
    /// Title.
    #[prop(into)]
    title: Signal<String>,
    /// What stands under it.
    #[prop(optional, into)]
    sub: Signal<String>,
    /// Actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                <div class="page-head__sub">{sub}</div>
            </div>
            {children.map(|children| view! { <div class="page-head__actions">{children()}</div> })}
        </div>
    }
}

/// Content that has to be waited for: its shape while it comes, the refusal when it does not. It is made anew only when
/// another answer comes: what is being typed into it survives news about others.
pub fn loaded<T: Clone + Send + Sync + 'static, V: IntoView + 'static>(
    resource: Reading<Result<T, Problem>>,
    show: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView {
    shaped(Box::new(move || resource.get_changed().map(|known| known.map(|value| show(value).into_any()))))
}

/// The same, of a part of what was read: news of the rest does not make it anew.
pub fn loaded_part<T: Clone + Send + Sync + 'static, V: IntoView + 'static>(
    part: Memo<Option<Result<T, Problem>>>,
    show: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView {
    shaped(Box::new(move || part.get().map(|known| known.map(|value| show(value).into_any()))))
}

/// Content that stands beside the rest of a page: nothing while it comes, and nothing for those who may not see it.
pub fn beside<T: Clone + Send + Sync + 'static>(
    resource: Reading<Result<T, Problem>>,
    show: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let shown = move || match resource.get_changed()? {
        Ok(value) => Some(show(value)),
        Err(problem) if problem.code == ProblemCode::PermissionMissing => None,
        Err(problem) => Some(view! { <ProblemBanner problem=Some(problem) /> }.into_any()),
    };
    shown.into_any()
}

/// What to show of something that was read, whatever it is; none while it comes.
type Shape = Box<dyn Fn() -> Option<Result<AnyView, Problem>> + Send + Sync>;

fn shaped(known: Shape) -> AnyView {
    let shape = move || match known() {
        None => view! { <Skeleton /> }.into_any(),
        Some(Err(problem)) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
        Some(Ok(view)) => view,
    };
    shape.into_any()
}

/// The shape of what is coming.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="stack" role="status" aria-label=tx("common.loading")>
            <span class="skeleton skeleton--title"></span>
            <span class="skeleton"></span>
            <span class="skeleton skeleton--mid"></span>
            <span class="skeleton skeleton--short"></span>
        </div>
    }
}

/// Nothing is there, and why that may be.
#[component]
pub fn Empty(
    /// What to say.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! { <div class="empty"><Icon name="box" /><p>{text}</p></div> }
}

/// One fact of a thing.
#[component]
pub fn Fact(
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// The fact.
    children: Children,
) -> impl IntoView {
    view! { <dt>{label}</dt><dd>{children()}</dd> }
}
