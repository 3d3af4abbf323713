//! The engine of approval flows as WebAssembly, asked by a test whether it answers as the server does.
#![allow(missing_docs, reason = "a test's program, not a library")]

use lotline_common::flows::case::Question;
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// The engine's answer to a question, both as JSON.
#[wasm_bindgen]
pub fn answer(question: &str) -> String {
    let asked: Result<Question, _> = serde_json::from_str(question);
    let answered = asked.and_then(|question| serde_json::to_string(&question.answer()));
    answered.unwrap_or_else(|error| error.to_string())
}
