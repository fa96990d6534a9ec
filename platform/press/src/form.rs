//! A form: a template, and the data that it takes.

use serde::Serialize;

/// A template. Its Typst source defines `body(data)`, which draws one form from the data of its
/// [`Page`]; `#import "/frame.typ": *` gives it the house's title, ruled boxes and check boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Name in latin letters, unique among all forms: `referral-sheet`.
    pub name: &'static str,
    /// Typst source, embedded by `include_str!`.
    pub source: &'static str,
}

/// Data for a form. Serialises to what the template reads; a field `svg` holds a picture's source.
pub trait Page: Serialize {
    /// The template that draws it.
    const FORM: Form;
}
