//! Who gets in, how, for how long, and with which rights.

mod cross_site;
mod members;
mod roles;
mod session;
mod settings;
mod sign_in;
