//! Choices whose kind stands beside their fields.

use std::collections::BTreeMap;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, AllOf, Components, Object, Schema};

/// Describes each choice as one object. Before, it is all of its fields and all of its kind; where the fields allow no others,
/// they would refuse the kind, and nothing could ever be what is described.
pub fn describe_as_one(components: &mut Components) {
    let known = components.schemas.clone();
    for schema in components.schemas.values_mut() {
        let RefOr::T(Schema::OneOf(choices)) = schema else { continue };
        for choice in &mut choices.items {
            let RefOr::T(Schema::AllOf(parts)) = &*choice else { continue };
            if let Some(one) = as_one(parts, &known) {
                *choice = RefOr::T(Schema::Object(one));
            }
        }
    }
}

fn as_one(parts: &AllOf, known: &BTreeMap<String, RefOr<Schema>>) -> Option<Object> {
    let [RefOr::Ref(fields), RefOr::T(Schema::Object(kind))] = parts.items.as_slice() else { return None };
    let RefOr::T(Schema::Object(fields)) = known.get(fields.ref_location.rsplit('/').next()?)? else { return None };
    if !matches!(fields.additional_properties.as_deref(), Some(AdditionalProperties::FreeForm(false))) {
        return None;
    }
    let mut one = fields.clone();
    if parts.description.is_some() {
        one.description.clone_from(&parts.description);
    }
    one.properties.extend(kind.properties.clone());
    one.required.extend(kind.required.iter().cloned());
    Some(one)
}
