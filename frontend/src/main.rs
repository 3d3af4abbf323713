//! The Lotline app: a single page in the browser that talks to the API of the server it came from.

mod api;
mod app;
mod components;
mod i18n;
mod pages;
mod state;

fn main() {
    console_error_panic_hook::set_once();
    state::start();
    leptos::mount::mount_to_body(app::App);
}
