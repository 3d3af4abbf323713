//! Which part of a picture is seen, and how large.

/// Nodes are drawn as such from this scale on; smaller ones are blocks without words.
const WORDS_FROM: f64 = 0.42;
/// Scales between which one can zoom.
const SCALES: (f64, f64) = (0.02, 2.0);
/// Room around a picture that is fitted.
const MARGIN: f64 = 16.0;

/// The part of a picture that is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// Left edge, in the picture's measure.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Pixels of the screen for one of the picture.
    pub scale: f64,
    /// Width and height on the screen.
    pub size: (f64, f64),
}

impl Viewport {
    /// All of a picture, not larger than it is.
    pub fn fitted(picture: (f64, f64), size: (f64, f64)) -> Self {
        let room = |length: f64| (length - 2.0 * MARGIN).max(1.0);
        let scale = (room(size.0) / picture.0.max(1.0)).min(room(size.1) / picture.1.max(1.0));
        let scale = scale.clamp(SCALES.0, 1.0);
        let start = |picture: f64, size: f64| (picture - size / scale) / 2.0;
        Self { x: start(picture.0, size.0), y: start(picture.1, size.1), scale, size }
    }

    /// A point of the picture in the middle, large enough to be read.
    pub fn centred(self, (x, y): (f64, f64)) -> Self {
        let scale = self.scale.max(WORDS_FROM * 1.5);
        Self { x: x - self.size.0 / scale / 2.0, y: y - self.size.1 / scale / 2.0, scale, ..self }
    }

    /// Moved by pixels of the screen.
    pub fn moved(self, (x, y): (f64, f64)) -> Self {
        Self { x: self.x + x / self.scale, y: self.y + y / self.scale, ..self }
    }

    /// Larger or smaller by a factor; the point of the screen stays where it is.
    pub fn zoomed(self, factor: f64, (x, y): (f64, f64)) -> Self {
        let scale = (self.scale * factor).clamp(SCALES.0, SCALES.1);
        Self { x: self.x + x / self.scale - x / scale, y: self.y + y / self.scale - y / scale, scale, ..self }
    }

    /// The middle of the screen.
    pub fn middle(self) -> (f64, f64) {
        (self.size.0 / 2.0, self.size.1 / 2.0)
    }

    /// For the picture's `viewBox`.
    pub fn view_box(self) -> String {
        format!("{:.1} {:.1} {:.1} {:.1}", self.x, self.y, self.size.0 / self.scale, self.size.1 / self.scale)
    }

    /// How what was drawn for another part comes to show this one: moved by pixels of the screen, and so much larger about
    /// the upper left corner.
    pub fn carried_from(self, drawn: Self) -> ((f64, f64), f64) {
        (((drawn.x - self.x) * self.scale, (drawn.y - self.y) * self.scale), self.scale / drawn.scale)
    }

    /// The point of the picture at a point of the screen.
    pub fn point_at(self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x + x / self.scale, self.y + y / self.scale)
    }

    /// Whether words can be read.
    pub fn has_words(self) -> bool {
        self.scale >= WORDS_FROM
    }

    /// What is drawn: half a screen more on each side, in steps of half a screen, so that moving draws anew only now and
    /// then. Left, upper, right and lower edge.
    pub fn window(self) -> (i32, i32, i32, i32) {
        let edges = |start: f64, size: f64| {
            let step = (size / self.scale / 2.0).max(1.0);
            let first = (start / step).floor() - 1.0;
            (whole(first * step), whole((first + 5.0) * step))
        };
        let ((left, right), (upper, lower)) = (edges(self.x, self.size.0), edges(self.y, self.size.1));
        (left, upper, right, lower)
    }
}

/// The fingers (or the mouse) that hold a picture, and where on the screen.
#[derive(Debug, Clone, Default)]
pub struct Fingers(Vec<(i32, (f64, f64))>);

/// What a movement of the fingers does: moves by so much, and zooms by a factor about a point of the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    by: (f64, f64),
    factor: f64,
    about: (f64, f64),
}

impl Step {
    /// The part of the picture that is seen after it; `corner` is the picture's upper left corner on the screen.
    pub fn applied(self, view: Viewport, corner: (f64, f64)) -> Viewport {
        view.moved(self.by).zoomed(self.factor, (self.about.0 - corner.0, self.about.1 - corner.1))
    }
}

impl Fingers {
    /// A finger is put down.
    pub fn put(&mut self, finger: i32, place: (f64, f64)) {
        self.lift(finger);
        self.0.push((finger, place));
    }

    /// It is lifted.
    pub fn lift(&mut self, finger: i32) {
        self.0.retain(|(known, _)| *known != finger);
    }

    /// It moves: one finger takes the picture along, two zoom it between them.
    pub fn step(&mut self, finger: i32, to: (f64, f64)) -> Option<Step> {
        let before = self.spread();
        self.0.iter_mut().find(|(known, _)| *known == finger)?.1 = to;
        let (middle, distance) = before?;
        let (about, now) = self.spread()?;
        let factor = if distance > 0.0 && now > 0.0 { now / distance } else { 1.0 };
        Some(Step { by: (middle.0 - about.0, middle.1 - about.1), factor, about })
    }

    /// The middle of the first two fingers, and how far they are apart.
    fn spread(&self) -> Option<((f64, f64), f64)> {
        let first = self.0.first()?.1;
        let second = self.0.get(1).map_or(first, |second| second.1);
        let middle = (f64::midpoint(first.0, second.0), f64::midpoint(first.1, second.1));
        Some((middle, (first.0 - second.0).hypot(first.1 - second.1)))
    }
}

#[expect(clippy::as_conversions, reason = "a place in a picture; beyond its range it stands at the edge")]
fn whole(place: f64) -> i32 {
    place as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: (f64, f64) = (800.0, 600.0);

    #[test]
    fn a_small_picture_is_not_blown_up_and_a_large_one_fits() {
        let small = Viewport::fitted((200.0, 100.0), SCREEN);
        assert_eq!((small.scale, small.x, small.y), (1.0, -300.0, -250.0));
        let large = Viewport::fitted((8_000.0, 100.0), SCREEN);
        assert!(large.scale < 0.1 && large.x < 0.0);
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let view = Viewport::fitted((3_000.0, 3_000.0), SCREEN);
        let under = |view: Viewport| (view.x + 100.0 / view.scale, view.y + 50.0 / view.scale);
        let near = view.zoomed(1.5, (100.0, 50.0));
        assert!((under(view).0 - under(near).0).abs() < 1e-6 && (under(view).1 - under(near).1).abs() < 1e-6);
    }

    #[test]
    fn one_finger_moves_and_two_zoom_between_them() {
        let view = Viewport { x: 0.0, y: 0.0, scale: 1.0, size: SCREEN };
        let mut fingers = Fingers::default();
        fingers.put(1, (100.0, 100.0));
        let moved = fingers.step(1, (90.0, 120.0)).unwrap().applied(view, (0.0, 0.0));
        assert_eq!((moved.x, moved.y, moved.scale), (10.0, -20.0, 1.0));
        fingers.put(2, (290.0, 120.0));
        let zoomed = fingers.step(2, (490.0, 120.0)).unwrap().applied(moved, (0.0, 0.0));
        assert!((zoomed.scale - 2.0).abs() < 1e-9);
        // What lay under each finger still does.
        let under = |view: Viewport, x: f64| view.x + x / view.scale;
        assert!((under(moved, 90.0) - under(zoomed, 90.0)).abs() < 1e-9);
        assert!((under(moved, 290.0) - under(zoomed, 490.0)).abs() < 1e-9);
        fingers.lift(2);
        assert_eq!(fingers.step(2, (0.0, 0.0)), None);
    }

    #[test]
    fn what_is_drawn_covers_what_is_seen_and_stays_while_one_moves_a_little() {
        let view = Viewport { x: 130.0, y: -40.0, scale: 0.5, size: SCREEN };
        let (left, upper, right, lower) = view.window();
        assert!(f64::from(left) <= view.x && f64::from(right) >= view.x + 1_600.0);
        assert!(f64::from(upper) <= view.y && f64::from(lower) >= view.y + 1_200.0);
        assert_eq!(view.moved((20.0, 10.0)).window(), view.window());
    }

    #[test]
    fn what_was_drawn_is_carried_to_where_it_would_be_drawn_anew() {
        let drawn = Viewport { x: 100.0, y: 50.0, scale: 0.1, size: SCREEN };
        let now = drawn.moved((30.0, -20.0)).zoomed(1.5, (200.0, 120.0));
        let ((x, y), factor) = now.carried_from(drawn);
        for point in [(0.0, 0.0), (640.0, 480.0)] {
            // Where it was on the screen, carried; and where it is to be.
            let (left, upper) = ((point.0 - drawn.x) * drawn.scale, (point.1 - drawn.y) * drawn.scale);
            let carried = (left * factor + x, upper * factor + y);
            let there = now.point_at(carried);
            assert!((there.0 - point.0).abs() < 1e-6 && (there.1 - point.1).abs() < 1e-6, "{there:?}");
        }
        assert_eq!(drawn.carried_from(drawn), ((0.0, 0.0), 1.0));
    }
}
