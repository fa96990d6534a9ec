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
pub(crate) use engawa_kernel::http::id as id_of;
use maud::Markup;

/// What stands after `?` in the address.
pub(crate) type Asked = axum::extract::Query<HashMap<String, String>>;

/// The way back to the pages above.
pub(crate) fn trail(above: &[(&str, &str)]) -> Markup {
    components::trail(("/organisations", "機関・職員"), above)
}
