//! Settings, from flags and environment, checked at start.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Lotline: material at subcontractors, every gram of every lot.
#[derive(Debug, Parser)]
#[command(name = "lotline", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the app and the API.
    Serve(ServeArgs),
    /// Bring the database to this program's schema.
    Migrate(StoreArgs),
    /// Load the demonstration organisation.
    Demo(StoreArgs),
    /// Make an organisation with its first administrator; the password is read from standard input.
    CreateOrganisation(OrganisationArgs),
    /// Print the OpenAPI description.
    Openapi,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// Directory of the managed database and of the server's keys.
    #[arg(long, env = "LOTLINE_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// A PostgreSQL that somebody else runs, as the app's role. Unset: Lotline manages its own.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The same database as its owner, for migrations. Unset: the app's login is tried.
    #[arg(long, env = "LOTLINE_OWNER_DATABASE_URL", hide_env_values = true)]
    pub owner_database_url: Option<String>,
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Where the data is.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "LOTLINE_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Directory of the built app.
    #[arg(long, env = "LOTLINE_DIST_DIR", default_value = "./dist")]
    pub dist_dir: PathBuf,
    /// Address that browsers use, when a proxy stands before the server. `https://` makes the
    /// session cookie secure.
    #[arg(long, env = "LOTLINE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Requests a second that one session may make in the long run; 0 for no limit.
    #[arg(long, env = "LOTLINE_RATE_LIMIT", default_value_t = 100)]
    pub rate_limit: u32,
    /// Connections to the database at most.
    #[arg(long, env = "LOTLINE_DATABASE_CONNECTIONS", default_value_t = 16)]
    pub database_connections: u32,
    /// Load the demonstration organisation if it is not there.
    #[arg(long)]
    pub demo: bool,
}

/// A new organisation.
#[derive(Debug, Clone, Args)]
pub struct OrganisationArgs {
    /// Where the data is.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Code of the organisation.
    #[arg(long)]
    pub code: String,
    /// Its name.
    #[arg(long)]
    pub name: String,
    /// Sign-in name of its first administrator.
    #[arg(long)]
    pub admin_login: String,
    /// Printed name of its first administrator.
    #[arg(long)]
    pub admin_name: String,
}
