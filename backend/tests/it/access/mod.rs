mod members;
mod roles;
mod session;
mod settings;
