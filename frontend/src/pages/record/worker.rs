//! The verifier, which works in a worker of its own: a page stays alive however long it takes.

use js_sys::{Array, Object, Reflect};
use lotline_common::record::Verdict;
use wasm_bindgen::prelude::*;
use web_sys::{File, MessageEvent, Worker};

use crate::api;

/// Where the worker's program is.
const PROGRAM: &str = "/verifier_loader.js";

/// What the verifier answers: a verdict; nothing where no file could be verified.
pub type Outcome = Option<Verdict>;

/// Verifies files. `done` hears of it once.
pub fn verify(files: &[File], keys: &str, done: impl Fn(Outcome) + 'static) -> Result<(), JsValue> {
    let worker = Worker::new(PROGRAM)?;
    let told = Object::new();
    Reflect::set(&told, &"files".into(), &files.iter().collect::<Array>())?;
    Reflect::set(&told, &"keys".into(), &keys.into())?;
    let asked = worker.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let answer = event.data().as_string().unwrap_or_default();
        // Only then does it listen.
        if answer == "ready" {
            drop(asked.post_message(&told));
        } else {
            asked.terminate();
            done(api::decode(&answer).ok().flatten());
        }
    });
    worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    Ok(())
}
