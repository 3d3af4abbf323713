//! Members, roles and the organisation's settings.
