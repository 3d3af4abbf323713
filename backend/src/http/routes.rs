//! Registering operations: once with their descriptions, to write the API's description; in each server
//! worker without them, which would cost it memory for nothing.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::{OpenApiFactory, service_config};

/// Where a capability registers its operations.
pub enum ServiceConfig<'a, 'b> {
    /// With their descriptions.
    Described(&'a mut service_config::ServiceConfig<'b>),
    /// To be served.
    Served(&'a mut web::ServiceConfig),
}

impl ServiceConfig<'_, '_> {
    /// Registers one operation.
    pub fn service(&mut self, operation: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        match self {
            Self::Described(config) => drop(config.service(operation)),
            Self::Served(config) => drop(config.service(operation)),
        }
        self
    }

    /// Registers a group of operations.
    pub fn configure(&mut self, group: impl FnOnce(&mut ServiceConfig)) -> &mut Self {
        group(self);
        self
    }
}
