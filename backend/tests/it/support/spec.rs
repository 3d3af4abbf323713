//! The description of the API as tests read it: its operations, and a body that fits a schema.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Map, Value, json};

/// The API's description.
pub struct Spec {
    /// As it is served.
    pub document: Value,
}

/// One operation.
pub struct Operation<'a> {
    /// HTTP method.
    pub method: Method,
    /// Path with its parameters' names.
    pub path: &'a str,
    /// Operation id.
    pub id: &'a str,
    /// Its description.
    pub spec: &'a Value,
}

/// An identifier for each type of identifier, e.g. `OrderId`.
pub type Identifiers = BTreeMap<&'static str, String>;

impl Spec {
    /// The description that the server gives.
    pub fn read() -> Self {
        Self { document: serde_json::to_value(lotline::app::openapi()).unwrap() }
    }

    /// Every operation, in the order of their paths.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.document["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, spec)| Operation {
                method: method.to_uppercase().parse().unwrap(),
                path,
                id: spec["operationId"].as_str().unwrap_or_default(),
                spec,
            })
        });
        operations.collect()
    }

    /// What a reference points to; the schema itself when it is none.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                self.document.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference}"))
            }
            None => schema,
        }
    }

    /// The path with identifiers filled in, and the query parameters that must be there.
    pub fn address(&self, operation: &Operation, identifiers: &Identifiers) -> String {
        let (mut path, mut query) = (operation.path.to_owned(), Vec::new());
        for parameter in operation.parameters() {
            let name = parameter["name"].as_str().unwrap();
            let value = || plain(&self.example(parameter, &parameter["schema"], identifiers));
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), &value()),
                Some("query") if parameter["required"] == true => query.push(format!("{name}={}", value())),
                _ => {}
            }
        }
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// A JSON body that follows the schema; none where there is no body of JSON.
    pub fn body(&self, operation: &Operation, identifiers: &Identifiers) -> Option<Value> {
        let content = &operation.spec["requestBody"]["content"]["application/json"];
        content.is_object().then(|| self.example(content, &content["schema"], identifiers))
    }

    fn example(&self, described: &Value, schema: &Value, identifiers: &Identifiers) -> Value {
        if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next())
            && name.ends_with("Id")
        {
            return json!(
                identifiers.get(name).unwrap_or_else(|| panic!("the walk has no {name}: make one in its world"))
            );
        }
        let schema = self.resolve(schema);
        let given = [&described["example"], &schema["example"], &schema["enum"][0]];
        if let Some(given) = given.into_iter().find(|given| !given.is_null()) {
            return given.clone();
        }
        match schema["type"].as_str() {
            Some("object") => self.object(schema, identifiers),
            Some("array") => json!([self.example(&Value::Null, &schema["items"], identifiers)]),
            Some("boolean") => json!(true),
            Some("integer") => schema.get("minimum").filter(|least| **least != 0).cloned().unwrap_or(json!(1)),
            Some("string") if schema["format"] == "date" => json!("2026-04-01"),
            Some("string") if schema["format"] == "date-time" => json!("2026-04-01T08:00:00Z"),
            Some("string") => json!("an example of text"),
            other => panic!("no example for {other:?}: {schema}"),
        }
    }

    fn object(&self, schema: &Value, identifiers: &Identifiers) -> Value {
        let required = schema["required"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap());
        let field =
            |name: &str| (name.to_owned(), self.example(&Value::Null, &schema["properties"][name], identifiers));
        Value::Object(required.map(field).collect::<Map<_, _>>())
    }
}

impl<'a> Operation<'a> {
    /// Its parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &'a Value> {
        self.spec["parameters"].as_array().into_iter().flatten()
    }

    /// Whether it names a thing in its path.
    pub fn names_a_thing(&self) -> bool {
        self.path.contains("{id}")
    }

    /// Whether it needs the version of the thing.
    pub fn needs_version(&self) -> bool {
        self.parameters().any(|parameter| parameter["name"] == "If-Match")
    }

    /// Whether its answer never ends.
    pub fn streams(&self) -> bool {
        self.spec["responses"]["200"]["content"]["text/event-stream"].is_object()
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
