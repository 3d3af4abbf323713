//! The picture: only what is seen is drawn, and beyond what can be read, as blocks.

use std::time::Duration;

use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use lotline_common::locale::Locale;
use lotline_common::trace::{PictureEdge, PictureNode, TracePicture};

use super::viewport::{Fingers, Viewport};
use crate::components::Icon;
use crate::i18n::{t, tf, tx, word};
use crate::state::state;

/// Width and height of a node.
pub const NODE: (i32, i32) = (126, 50);
/// Colours for the companies that work on lots; more of them begin again.
const COLOURS: usize = 6;
/// How long a picture of blocks rests before it is drawn anew.
const REST: Duration = Duration::from_millis(120);

/// A picture on the screen.
#[derive(Clone, Copy)]
pub struct Canvas {
    /// What is drawn.
    pub picture: StoredValue<TracePicture>,
    /// The part that is seen.
    pub view: RwSignal<Viewport>,
    /// The node that is chosen, by its place.
    pub chosen: RwSignal<usize>,
}

impl Canvas {
    /// A picture, not yet on the screen.
    pub fn new(picture: TracePicture) -> Self {
        let view = Viewport { x: 0.0, y: 0.0, scale: 1.0, size: (1.0, 1.0) };
        Self { picture: StoredValue::new(picture), view: RwSignal::new(view), chosen: RwSignal::new(0) }
    }

    /// Brings a node into the middle and chooses it.
    pub fn show(self, place: usize) {
        let middle = self.picture.with_value(|picture| picture.nodes.get(place).map(middle_of));
        if let Some(middle) = middle {
            self.view.update(|view| *view = view.centred(middle));
            self.chosen.set(place);
        }
    }

    fn fit(self, size: (f64, f64)) {
        let whole = self.picture.with_value(|picture| (f64::from(picture.width), f64::from(picture.height)));
        let fitted = Viewport::fitted(whole, size);
        self.view.set(fitted);
        // What is too large to be read at once begins at the lot that was asked for.
        if !fitted.has_words() && self.picture.with_value(|picture| picture.nodes.len()) <= 400 {
            self.show(0);
        }
    }

    fn zoom(self, factor: f64) {
        self.view.update(|view| *view = view.zoomed(factor, view.middle()));
    }
}

fn middle_of(node: &PictureNode) -> (f64, f64) {
    (f64::from(node.x + NODE.0 / 2), f64::from(node.y + NODE.1 / 2))
}

/// The number of a company's colour.
pub fn colour(picture: &TracePicture, node: &PictureNode) -> Option<usize> {
    let place = picture.partners.iter().position(|partner| Some(partner.id) == node.partner_id)?;
    Some(place % COLOURS + 1)
}

/// The name of a node's item, in a language.
pub fn item_name(picture: &TracePicture, node: &PictureNode, locale: Locale) -> String {
    let item = picture.items.iter().find(|item| item.id == node.item_id);
    item.map(|item| item.name.in_locale(locale).to_owned()).unwrap_or_default()
}

/// What stands in a node: its lot, or how many.
pub fn title(node: &PictureNode) -> String {
    node.lot.as_ref().map_or_else(|| tf("trace.lots", &[("count", &node.count.to_string())]), |lot| lot.code.clone())
}

/// A curve from one node to another.
pub fn curve(from: &PictureNode, to: &PictureNode) -> String {
    let (x, y) = (from.x + NODE.0, from.y + NODE.1 / 2);
    let (end, end_y) = (to.x, to.y + NODE.1 / 2);
    let bend = ((end - x) / 2).abs().clamp(16, 60);
    format!("M{x} {y}C{} {y} {} {end_y} {end} {end_y}", x + bend, end - bend)
}

/// Curves of the edges that a condition lets through, as one path.
fn curves(picture: &TracePicture, keep: impl Fn(&PictureEdge, &PictureNode, &PictureNode) -> bool) -> String {
    let ends = |edge: &PictureEdge| Some((picture.nodes.get(edge.from)?, picture.nodes.get(edge.to)?));
    let kept = picture.edges.iter().filter_map(|edge| {
        let (from, to) = ends(edge)?;
        keep(edge, from, to).then(|| curve(from, to))
    });
    kept.collect()
}

/// Whether a curve can cross a window.
fn crosses(from: &PictureNode, to: &PictureNode, (left, upper, right, lower): (i32, i32, i32, i32)) -> bool {
    let (first, last) = (from.x.min(to.x), from.x.max(to.x) + NODE.0);
    let (top, bottom) = (from.y.min(to.y), from.y.max(to.y) + NODE.1);
    first <= right && last >= left && top <= lower && bottom >= upper
}

fn stands_in(node: &PictureNode, window: (i32, i32, i32, i32)) -> bool {
    crosses(node, node, window)
}

/// The picture, with its buttons.
#[component]
pub fn Graph(canvas: Canvas, unfold: Callback<usize>) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let size = move || {
        let element = frame.get_untracked()?;
        Some((f64::from(element.client_width()), f64::from(element.client_height())))
    };
    let fit = move || {
        if let Some(size) = size() {
            canvas.fit(size);
        }
    };
    Effect::new(move |_| {
        if frame.get().is_some() {
            request_animation_frame(fit);
        }
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| {
        // A phone's bars come and go and change the height only: that is no reason to lose one's place.
        if let Some(size) = size() {
            if (size.0 - canvas.view.get_untracked().size.0).abs() < 1.0 {
                canvas.view.update(|view| view.size = size);
            } else {
                canvas.fit(size);
            }
        }
    });
    on_cleanup(move || resized.remove());
    let tool = |icon: &'static str, label: &'static str, act: Callback<()>| {
        view! {
            <button class="btn btn--icon btn--sm" type="button" aria-label=tx(label) on:click=move |_| act.run(())>
                <Icon name=icon />
            </button>
        }
    };
    view! {
        <div class="trace__canvas" node_ref=frame data-testid="trace-canvas">
            <Drawing canvas unfold />
            <div class="trace__tools">
                {tool("plus", "trace.zoom_in", Callback::new(move |()| canvas.zoom(1.4)))}
                {tool("minus", "trace.zoom_out", Callback::new(move |()| canvas.zoom(1.0 / 1.4)))}
                {tool("fit", "trace.fit", Callback::new(move |()| fit()))}
            </div>
        </div>
    }
}

/// The part that is drawn. Many thousand blocks take longer to draw than a frame lasts: while they move, what was drawn is
/// moved as a whole, and once they rest, it is drawn anew.
fn drawn_part(view: RwSignal<Viewport>) -> RwSignal<Viewport> {
    let drawn = RwSignal::new(view.get_untracked());
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        if let Some(waiting) = waiting.flatten() {
            waiting.clear();
        }
        let (now, before) = (view.get(), drawn.get_untracked());
        if now.has_words() || before.has_words() || now.size != before.size {
            drawn.set(now);
            return None;
        }
        // A picture that is gone is not drawn any more.
        let rested = move || {
            if let Some(view) = view.try_get_untracked() {
                drawn.set(view);
            }
        };
        set_timeout_with_handle(rested, REST).ok()
    });
    drawn
}

/// The upper left corner of something on the screen.
fn corner_of(frame: NodeRef<html::Div>) -> (f64, f64) {
    let corner = frame.get_untracked().map(|frame| frame.get_bounding_client_rect());
    corner.map_or((0.0, 0.0), |corner| (corner.left(), corner.top()))
}

/// Moving and zooming: by dragging, by two fingers, by the wheel, by the keyboard.
#[component]
fn Drawing(canvas: Canvas, unfold: Callback<usize>) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let held = StoredValue::new(Fingers::default());
    let at = |event: &leptos::ev::PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
    let down =
        move |event: leptos::ev::PointerEvent| held.update_value(|held| held.put(event.pointer_id(), at(&event)));
    let moved = move |event: leptos::ev::PointerEvent| {
        if event.buttons() == 0 {
            return;
        }
        let step = held.try_update_value(|held| held.step(event.pointer_id(), at(&event))).flatten();
        if let Some(step) = step {
            canvas.view.update(|view| *view = step.applied(*view, corner_of(frame)));
        }
    };
    let up = move |event: leptos::ev::PointerEvent| held.update_value(|held| held.lift(event.pointer_id()));
    let wheel = move |event: leptos::ev::WheelEvent| {
        event.prevent_default();
        let factor = (-event.delta_y() / 400.0).clamp(-1.0, 1.0).exp();
        let (left, upper) = corner_of(frame);
        let point = (f64::from(event.client_x()) - left, f64::from(event.client_y()) - upper);
        canvas.view.update(|view| *view = view.zoomed(factor, point));
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        let step = 80.0;
        let by = match event.key().as_str() {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" => (0.0, -step),
            "ArrowDown" => (0.0, step),
            "+" | "=" => return canvas.zoom(1.4),
            "-" => return canvas.zoom(1.0 / 1.4),
            "0" => return canvas.fit(canvas.view.get_untracked().size),
            _ => return,
        };
        event.prevent_default();
        canvas.view.update(|view| *view = view.moved(by));
    };
    view! {
        <div
            class="graph" node_ref=frame role="group" tabindex="0" aria-label=tx("trace.picture")
            on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointercancel=up on:pointerleave=up
            on:wheel=wheel on:keydown=key
        >
            <Drawn canvas frame unfold />
        </div>
    }
}

/// What is drawn, carried to where it is seen.
#[component]
fn Drawn(canvas: Canvas, frame: NodeRef<html::Div>, unfold: Callback<usize>) -> impl IntoView {
    let drawn = drawn_part(canvas.view);
    let carried = move || {
        let ((x, y), factor) = canvas.view.get().carried_from(drawn.get());
        format!("translate({x:.2}px,{y:.2}px) scale({factor:.5})")
    };
    let window = Memo::new(move |_| drawn.with(|drawn| drawn.window()));
    let words = Memo::new(move |_| drawn.with(|drawn| drawn.has_words()));
    view! {
        <svg
            class="graph__drawn" class:graph__drawn--far=move || !words.get() style:transform=carried
            viewBox=move || drawn.get().view_box()
        >
            {move || if words.get() {
                view! { <Near canvas window unfold /> }.into_any()
            } else {
                view! { <Far canvas frame /> }.into_any()
            }}
        </svg>
    }
}

/// Lots as such, those that are seen.
#[component]
fn Near(canvas: Canvas, window: Memo<(i32, i32, i32, i32)>, unfold: Callback<usize>) -> impl IntoView {
    let lines = move |certain: bool| {
        move || {
            let window = window.get();
            canvas.picture.with_value(|picture| {
                curves(picture, |edge, from, to| edge.certainty.is_certain() == certain && crosses(from, to, window))
            })
        }
    };
    let chosen_lines = move || {
        let chosen = canvas.chosen.get();
        canvas.picture.with_value(|picture| curves(picture, |edge, _, _| edge.from == chosen || edge.to == chosen))
    };
    let seen = move || {
        let window = window.get();
        let seen = |picture: &TracePicture| {
            let nodes = picture.nodes.iter().enumerate();
            nodes.filter(|(_, node)| stands_in(node, window)).map(|(place, _)| place).collect::<Vec<_>>()
        };
        canvas.picture.with_value(seen)
    };
    view! {
        <path class="ge" d=lines(true)></path>
        <path class="ge maybe" d=lines(false)></path>
        <path class="ge on" d=chosen_lines></path>
        <For each=seen key=|place| *place children=move |place| view! { <Node canvas place unfold /> } />
    }
}

#[component]
fn Node(canvas: Canvas, place: usize, unfold: Callback<usize>) -> impl IntoView {
    let known = canvas.picture.with_value(|picture| {
        let node = picture.nodes.get(place)?.clone();
        let colour = colour(picture, &node);
        Some((node, colour))
    });
    let Some((node, colour)) = known else { return ().into_any() };
    let node = StoredValue::new(node);
    let folded = node.with_value(|node| node.lot.is_none());
    let name = move || {
        let locale = state().locale.get();
        canvas.picture.with_value(|picture| node.with_value(|node| item_name(picture, node, locale)))
    };
    let heading = move || node.with_value(title);
    let certainty = node.with_value(|node| node.certainty);
    let label = move || format!("{} {} {}", heading(), name(), word("certainty", certainty));
    let act = move || if folded { unfold.run(place) } else { canvas.chosen.set(place) };
    let press = move |event: leptos::ev::KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            event.stop_propagation();
            act();
        }
    };
    let (x, y) = node.with_value(|node| (node.x, node.y));
    let held = node.with_value(|node| node.lot.as_ref().map(|lot| lot.status));
    let mark = held.map(|status| {
        let (glyph, class) = crate::components::status::glyph_of(status);
        let class = format!("glyph {}", class.trim_start_matches("status "));
        view! {
            <svg x=x + 10 y=y + 29 width="13" height="13" class=class viewBox="0 0 16 16">
                <use href=format!("#{glyph}")></use>
            </svg>
        }
    });
    let text = if mark.is_some() { x + 27 } else { x + 11 };
    view! {
        <g
            class="gn" class:sel=move || canvas.chosen.get() == place class:maybe=!certainty.is_certain() role="button"
            tabindex="0" aria-label=label on:click=move |_| act() on:keydown=press data-testid="trace-node"
        >
            {folded.then(|| view! {
                <rect class="gn__stack" x=x + 4 y=y + 4 width=NODE.0 height=NODE.1 rx="6"></rect>
            })}
            <rect class="gn__box" x=x y=y width=NODE.0 height=NODE.1 rx="6"></rect>
            {colour.map(|colour| view! {
                <rect class=format!("holder-{colour}") x=x y=y + 8 width="3" height=NODE.1 - 16></rect>
            })}
            <text class="gn__code" x=x + 11 y=y + 21>{move || short(&heading(), 14)}</text>
            {mark}
            <text class="gn__sub" x=text y=y + 40>{move || short(&name(), 15)}</text>
            {folded.then(|| view! { <text class="gn__fold" x=x + NODE.0 - 10 y=y + 21 text-anchor="end">"+"</text> })}
        </g>
    }
    .into_any()
}

/// As much of a text as there is room for; a Chinese character takes two places.
pub fn short(text: &str, places: usize) -> String {
    let width = |letter: char| if letter.is_ascii() { 1 } else { 2 };
    if text.chars().map(width).sum::<usize>() <= places {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = text.chars().take_while(|letter| {
        used += width(*letter);
        used <= places
    });
    fits.chain(['…']).collect()
}

/// All lots as blocks: one path for each kind, whatever their number.
#[component]
fn Far(canvas: Canvas, frame: NodeRef<html::Div>) -> impl IntoView {
    let blocks = |certain: bool| {
        canvas.picture.with_value(|picture| {
            let kept = picture.nodes.iter().filter(|node| node.certainty.is_certain() == certain);
            let block = |node: &PictureNode| format!("M{} {}h{}v{}h-{}z", node.x, node.y, NODE.0, NODE.1, NODE.0);
            kept.map(block).collect::<String>()
        })
    };
    let straight = |certain: bool| {
        canvas.picture.with_value(|picture| {
            let ends = |edge: &PictureEdge| Some((picture.nodes.get(edge.from)?, picture.nodes.get(edge.to)?));
            let kept = picture.edges.iter().filter(|edge| edge.certainty.is_certain() == certain).filter_map(ends);
            let line = |(from, to): (&PictureNode, &PictureNode)| {
                format!("M{} {}L{} {}", from.x + NODE.0, from.y + NODE.1 / 2, to.x, to.y + NODE.1 / 2)
            };
            kept.map(line).collect::<String>()
        })
    };
    let chosen = move || {
        let node =
            canvas.picture.with_value(|picture| picture.nodes.get(canvas.chosen.get()).map(|node| (node.x, node.y)));
        node.map(|(x, y)| view! { <rect class="gn__far sel" x=x y=y width=NODE.0 height=NODE.1></rect> })
    };
    let click = move |event: leptos::ev::MouseEvent| {
        let (left, upper) = corner_of(frame);
        let point = (f64::from(event.client_x()) - left, f64::from(event.client_y()) - upper);
        let (x, y) = canvas.view.get_untracked().point_at(point);
        let hit = canvas.picture.with_value(|picture| {
            let inside = |node: &PictureNode| {
                (f64::from(node.x)..f64::from(node.x + NODE.0)).contains(&x)
                    && (f64::from(node.y)..f64::from(node.y + NODE.1)).contains(&y)
            };
            picture.nodes.iter().position(inside)
        });
        if let Some(place) = hit {
            canvas.show(place);
        }
    };
    view! {
        <g class="far" on:click=click>
            <path class="ge" d=straight(true)></path>
            <path class="ge maybe" d=straight(false)></path>
            <path class="gn__far" d=blocks(true)></path>
            <path class="gn__far maybe" d=blocks(false)></path>
            {chosen}
        </g>
    }
}

/// The legend of a picture.
#[component]
pub fn Legend(canvas: Canvas) -> impl IntoView {
    let sign = |class: &'static str, label: &'static str| {
        view! {
            <span>
                <svg class="leg" viewBox="0 0 28 8" aria-hidden="true"><path class=class d="M0 4h28"></path></svg>{tx(label)}
            </span>
        }
    };
    let holders = move || {
        let locale = state().locale.get();
        canvas.picture.with_value(|picture| {
            let worked = |id| picture.nodes.iter().any(|node| node.partner_id == Some(id));
            let partners = picture.partners.iter().enumerate().filter(|(_, partner)| worked(partner.id));
            let holder = |(place, partner): (usize, &lotline_common::masterdata::PartnerRef)| {
                let class = format!("holder-{}", place % COLOURS + 1);
                let name = partner.name.in_locale(locale).to_owned();
                view! {
                    <span>
                        <svg class="leg leg--box" viewBox="0 0 8 8" aria-hidden="true">
                            <rect class=class width="8" height="8" rx="2"></rect>
                        </svg>
                        {name}
                    </span>
                }
            };
            partners.map(holder).collect_view()
        })
    };
    let sum = move || {
        canvas.picture.with_value(|picture| {
            let (certain, possible) = (picture.certain_count.to_string(), picture.possible_count.to_string());
            let sum = tf("trace.sum", &[("certain", &certain), ("possible", &possible)]);
            if picture.complete { sum } else { format!("{sum} {}", t("trace.cut")) }
        })
    };
    view! {
        <footer class="legend trace__legend">
            {sign("ge", "trace.certain")}{sign("ge maybe", "trace.possible")}{holders}
            <span class="push" data-testid="trace-sum">{sum}</span>
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_chinese_takes_twice_the_room() {
        assert_eq!(short("L-2026-0001", 14), "L-2026-0001");
        assert_eq!(short("L-2026-0001-A-LONG", 14), "L-2026-0001-A…");
        assert_eq!(short("钛合金骨螺钉", 12), "钛合金骨螺钉");
        assert_eq!(short("钛合金骨螺钉", 10), "钛合金骨…");
    }
}
