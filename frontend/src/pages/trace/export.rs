//! The picture and its table as files.

use lotline_common::locale::Locale;
use lotline_common::trace::{PictureNode, Trace, TracePicture};

use super::graph::{NODE, curve, item_name, short};
use super::table::by_id;

/// What must not stand in XML as it is.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The whole picture as a file of its own.
pub fn svg(picture: &TracePicture, locale: Locale) -> String {
    let (width, height) = (picture.width + 32, picture.height + 32);
    let mut drawn = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"-16 -16 {width} {height}\" \
         font-family=\"sans-serif\"><rect x=\"-16\" y=\"-16\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>"
    );
    for edge in &picture.edges {
        let (Some(from), Some(to)) = (picture.nodes.get(edge.from), picture.nodes.get(edge.to)) else { continue };
        let dashes = if edge.certainty.is_certain() { "" } else { " stroke-dasharray=\"5 4\"" };
        drawn.push_str(&format!("<path d=\"{}\" fill=\"none\" stroke=\"#556\"{dashes}/>", curve(from, to)));
    }
    for node in &picture.nodes {
        drawn.push_str(&block(picture, node, locale));
    }
    drawn.push_str("</svg>");
    drawn
}

fn block(picture: &TracePicture, node: &PictureNode, locale: Locale) -> String {
    let title = node.lot.as_ref().map_or_else(|| format!("× {}", node.count), |lot| lot.code.clone());
    let (title, name) = (escaped(&short(&title, 16)), escaped(&short(&item_name(picture, node, locale), 18)));
    let dashes = if node.certainty.is_certain() { "" } else { " stroke-dasharray=\"5 4\"" };
    let (x, y) = (node.x, node.y);
    format!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"#fff\" stroke=\"#556\"{dashes}/>\
         <text x=\"{}\" y=\"{}\" font-size=\"12.5\" font-weight=\"600\">{title}</text>\
         <text x=\"{}\" y=\"{}\" font-size=\"11\" fill=\"#445\">{name}</text>",
        NODE.0,
        NODE.1,
        x + 10,
        y + 21,
        x + 10,
        y + 40,
    )
}

/// A field of a CSV file. What a spreadsheet would take for a formula stands behind an apostrophe.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Every link of traces as CSV, with a byte-order mark, so that spreadsheets read the Chinese right.
pub fn csv(traces: &[Trace]) -> String {
    let mut rows = vec![
        "direction,parent,parent_item,child,child_item,quantity,certainty,partner,order,document,line,occurred_at,recorded_at"
            .to_owned(),
    ];
    for trace in traces {
        let lots = by_id(trace);
        let item = |id: uuid::Uuid| {
            let lot = trace.lots.iter().find(|lot| lot.lot.id.uuid() == id)?;
            trace.items.iter().find(|item| item.id == lot.item_id).map(|item| item.code.clone())
        };
        let code = |id: uuid::Uuid| lots.get(&id).map(|lot| lot.code.clone()).unwrap_or_default();
        for link in &trace.links {
            let partner = trace.partners.iter().find(|known| Some(known.id) == link.partner_id);
            let (parent, child) = (link.parent_id.uuid(), link.child_id.uuid());
            let fields = [
                trace.direction.to_string(),
                code(parent),
                item(parent).unwrap_or_default(),
                code(child),
                item(child).unwrap_or_default(),
                link.quantity.normalize().to_string(),
                link.certainty.to_string(),
                partner.map(|partner| partner.code.clone()).unwrap_or_default(),
                link.order.as_ref().map(|order| order.number.clone()).unwrap_or_default(),
                link.document.number.clone(),
                link.line.map(|line| line.to_string()).unwrap_or_default(),
                link.occurred_at.to_rfc3339(),
                link.recorded_at.to_rfc3339(),
            ];
            rows.push(fields.iter().map(|text| field(text)).collect::<Vec<_>>().join(","));
        }
    }
    format!("\u{feff}{}\r\n", rows.join("\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_neither_a_formula_nor_two_fields() {
        assert_eq!(field("L-1"), "L-1");
        assert_eq!(field("=1+1"), "'=1+1");
        assert_eq!(field("a, \"b\""), "\"a, \"\"b\"\"\"");
    }

    #[test]
    fn names_cannot_break_out_of_a_picture() {
        assert_eq!(escaped("<a b=\"c\">&"), "&lt;a b=&quot;c&quot;&gt;&amp;");
    }
}
