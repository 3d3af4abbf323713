//! Finds the installed PostgreSQL programs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest PostgreSQL that Lotline runs on.
const OLDEST_MAJOR_VERSION: u32 = 15;

/// Folders that hold one folder for each installed version, and the programs' folder inside.
const VERSIONED: &[(&str, &str)] = &[
    ("/usr/lib/postgresql", "bin"),
    ("/usr", "bin"),
    ("/opt/homebrew/opt", "bin"),
    ("/usr/local/opt", "bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "bin"),
];
/// Beginnings of the names of such folders: a number, `pgsql-17`, `postgresql@17`.
const VERSION_PREFIXES: &[&str] = &["pgsql-", "postgresql@", "postgresql"];
/// Folders that hold the programs of the one version.
const SINGLE: &[&str] = &["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/usr/local/pgsql/bin"];

const HOW_TO_INSTALL: &str = "  Debian, Ubuntu:  apt-get install postgresql
  Fedora:          dnf install postgresql-server
  macOS:           brew install postgresql@17
or set DATABASE_URL to a PostgreSQL server that is already there.";

/// The programs of one PostgreSQL version.
#[derive(Debug, Clone)]
pub struct Programs {
    folder: PathBuf,
    version: Version,
}

/// A version as `postgres --version` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
}

impl std::fmt::Display for Version {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

impl Programs {
    /// The newest programs, or those of the version that made the cluster.
    ///
    /// # Errors
    /// When they are not there, with what to install.
    pub fn find(major_version: Option<u32>) -> anyhow::Result<Self> {
        let installed = installed_programs();
        let chosen = choose_version(installed.keys().copied(), major_version);
        match (chosen.and_then(|version| Some((version, installed.get(&version)?))), major_version) {
            (Some((version, folder)), _) => Ok(Self { folder: folder.clone(), version }),
            (None, Some(wanted)) => anyhow::bail!(
                "the database was made by PostgreSQL {wanted}, whose programs are not installed (found: {}). \
                 Install PostgreSQL {wanted}, or load a backup into a new data directory.",
                list(installed.keys()),
            ),
            (None, None) => anyhow::bail!(
                "PostgreSQL {OLDEST_MAJOR_VERSION} or later is not installed (found: {}). Install it:\n{HOW_TO_INSTALL}",
                list(installed.keys()),
            ),
        }
    }

    /// Path of one of the programs.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Their version.
    pub const fn version(&self) -> Version {
        self.version
    }
}

fn list<'a>(versions: impl Iterator<Item = &'a Version>) -> String {
    let versions: Vec<String> = versions.map(Version::to_string).collect();
    if versions.is_empty() { "none".to_owned() } else { versions.join(", ") }
}

fn choose_version(installed: impl Iterator<Item = Version>, major_version: Option<u32>) -> Option<Version> {
    installed
        .filter(|version| match major_version {
            Some(wanted) => version.major == wanted,
            None => version.major >= OLDEST_MAJOR_VERSION,
        })
        .max()
}

/// Every installed version with its folder; an earlier folder wins over a later one.
fn installed_programs() -> BTreeMap<Version, PathBuf> {
    let mut installed = BTreeMap::new();
    for folder in candidate_folders() {
        // A link such as /usr/local/bin/postgres leads to the folder with the rest of the programs.
        let Ok(program) = folder.join("postgres").canonicalize() else { continue };
        let Some(folder) = program.parent().filter(|folder| folder.join("initdb").exists()) else { continue };
        if let Some(version) = version_of(&program) {
            installed.entry(version).or_insert_with(|| folder.to_path_buf());
        }
    }
    installed
}

fn candidate_folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(SINGLE.iter().map(PathBuf::from));
    for (parent, inside) in VERSIONED {
        let Ok(entries) = std::fs::read_dir(parent) else { continue };
        let versions = entries.flatten().filter(|entry| entry.file_name().to_str().is_some_and(names_a_version));
        folders.extend(versions.map(|entry| entry.path().join(inside)));
    }
    folders.dedup();
    folders
}

fn names_a_version(name: &str) -> bool {
    let number = VERSION_PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    number.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
}

fn version_of(program: &Path) -> Option<Version> {
    let output = Command::new(program).arg("--version").current_dir("/").output().ok()?;
    parse_version(std::str::from_utf8(&output.stdout).ok()?)
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`; `18beta1` counts as 18.0.
fn parse_version(text: &str) -> Option<Version> {
    let number = text.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let mut parts = number.split(|letter: char| !letter.is_ascii_digit());
    let major = parts.next()?.parse().ok()?;
    let minor = if number.contains('.') { parts.next()?.parse().ok()? } else { 0 };
    Some(Version { major, minor })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn version(major: u32, minor: u32) -> Version {
        Version { major, minor }
    }

    #[test]
    fn versions_are_read_as_the_program_prints_them() {
        assert_eq!(parse_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(version(15, 18)));
        assert_eq!(parse_version("postgres (PostgreSQL) 17.2"), Some(version(17, 2)));
        assert_eq!(parse_version("postgres (PostgreSQL) 18beta1"), Some(version(18, 0)));
        assert_eq!(parse_version("postgres: not found"), None);
    }

    #[test]
    fn a_new_cluster_takes_the_newest_and_an_old_one_its_own_version() {
        let installed = [version(14, 9), version(15, 18), version(15, 20), version(17, 2)];
        assert_eq!(choose_version(installed.into_iter(), None), Some(version(17, 2)));
        assert_eq!(choose_version(installed.into_iter(), Some(15)), Some(version(15, 20)));
        assert_eq!(choose_version(installed.into_iter(), Some(16)), None);
        assert_eq!(choose_version([version(14, 9)].into_iter(), None), None);
    }

    #[test]
    fn folders_of_the_usual_packages_are_known() {
        for name in ["15", "17", "pgsql-16", "postgresql@17", "postgresql", "9.6"] {
            assert!(names_a_version(name), "{name}");
        }
        for name in ["local", "share", "postgresql-common", "lib"] {
            assert!(!names_a_version(name), "{name}");
        }
    }
}
