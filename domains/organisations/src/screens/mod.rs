//! The screens, one file per address.

pub(crate) mod april;
pub(crate) mod codes;
pub(crate) mod edit;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod index;
pub(crate) mod list;
pub(crate) mod settings;
pub(crate) mod show;

use std::collections::HashMap;

use engawa_kernel::components;
use engawa_kernel::error::{Error, Result};
use maud::Markup;
use uuid::Uuid;

/// What stands after `?` in the address.
pub(crate) type Asked = axum::extract::Query<HashMap<String, String>>;

/// An id out of an address; a wrong one is a page that does not exist.
pub(crate) fn id_of(text: &str) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(|_| Error::NotFound)
}

/// The way back to the pages above.
pub(crate) fn trail(above: &[(&str, &str)]) -> Markup {
    components::trail(("/organisations", "機関・職員"), above)
}
