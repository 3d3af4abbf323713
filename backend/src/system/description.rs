//! The description of the API as it is served: its text, and which methods a path knows. The tree it is
//! made from is large and not kept.

use actix_web::web::Bytes;
use utoipa::openapi::OpenApi;

/// The description of the API.
pub struct ApiDescription {
    text: Bytes,
    methods: Vec<(String, Vec<&'static str>)>,
}

impl ApiDescription {
    /// Writes a description down.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn of(openapi: &OpenApi) -> anyhow::Result<Self> {
        let paths = openapi.paths.paths.iter().map(|(template, item)| {
            let known = [
                ("GET", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            (template.clone(), known.into_iter().filter_map(|(method, known)| known.then_some(method)).collect())
        });
        Ok(Self { methods: paths.collect(), text: Bytes::from(openapi.to_json()?) })
    }

    /// Its text, JSON.
    #[must_use]
    pub fn text(&self) -> Bytes {
        self.text.clone()
    }

    /// The methods that a path knows.
    #[must_use]
    pub fn allowed_methods(&self, path: &str) -> Vec<&'static str> {
        let known = self.methods.iter().filter(|(template, _)| matches_template(template, path));
        known.flat_map(|(_, methods)| methods.iter().copied()).collect()
    }
}

fn matches_template(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(expected), Some(given)) if expected == given || expected.starts_with('{') => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_known_by_its_template() {
        assert!(matches_template("/api/v1/items/{id}", "/api/v1/items/7"));
        assert!(!matches_template("/api/v1/items/{id}", "/api/v1/items"));
        assert!(!matches_template("/api/v1/items", "/api/v1/lots"));
    }
}
