//! `Protected<T>`: what may cost a life — of a protected person, the address, phone, school,
//! workplace, hospital and the desk in charge (domain.md §1.5).
//!
//! It implements neither `Display` nor `Serialize` of the value: everything that prints shows 秘匿.
//! Only [`Protected::reveal`] opens a withheld value, and the witness it needs is made only by
//! `access::reveal`, which writes the log and tells the owner.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::access::Reveal;

/// The word for a withheld value, everywhere.
pub const WITHHELD: &str = "秘匿";

/// A value that is shown only when its person is not protected.
#[derive(Clone, PartialEq, Eq)]
pub struct Protected<T> {
    value: T,
    withheld: bool,
}

impl<T> Protected<T> {
    /// Wraps a value; `withheld` when its person is protected.
    pub const fn new(value: T, withheld: bool) -> Self {
        Self { value, withheld }
    }

    /// Whether screens show 秘匿.
    pub const fn is_withheld(&self) -> bool {
        self.withheld
    }

    /// The value when nothing protects it.
    pub const fn shown(&self) -> Option<&T> {
        if self.withheld {
            None
        } else {
            Some(&self.value)
        }
    }

    /// The value, for someone whose reading of it has been logged and told to the owner.
    pub const fn reveal(&self, _witness: &Reveal) -> &T {
        &self.value
    }

    /// The value, to be written back unchanged or changed by its own domain's storage.
    pub fn into_stored(self, _permit: &StoragePermit) -> T {
        self.value
    }
}

/// Held by storage functions that move a protected value without showing it (merge, address
/// history). Making one is searched for in review; a screen has no reason to.
pub struct StoragePermit(());

impl StoragePermit {
    /// For storage code only.
    #[must_use]
    pub const fn for_storage() -> Self {
        Self(())
    }
}

impl<T: fmt::Display> fmt::Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.shown() {
            Some(v) => v.fmt(f),
            None => f.write_str(WITHHELD),
        }
    }
}

/// What a screen prints of a [`Protected`]: the value, or 秘匿.
pub struct Shown<'a, T>(&'a Protected<T>);

impl<T: fmt::Display> Protected<T> {
    /// For screens and prints.
    pub const fn text(&self) -> Shown<'_, T> {
        Shown(self)
    }
}

impl<T: fmt::Display> maud::Render for Protected<T> {
    fn render_to(&self, out: &mut String) {
        match self.shown() {
            Some(v) => v.to_string().as_str().render_to(out),
            None => crate::components::protected_mark().render_to(out),
        }
    }
}

impl<T> fmt::Debug for Protected<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(WITHHELD)
    }
}

/// JSON shows the value or the word 秘匿, never more.
impl<T: Serialize> Serialize for Protected<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.shown() {
            Some(v) => v.serialize(s),
            None => s.serialize_str(WITHHELD),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_prints_a_withheld_value() {
        let p = Protected::new("東町1-2-3".to_owned(), true);
        assert_eq!(p.text().to_string(), WITHHELD);
        assert_eq!(format!("{p:?}"), WITHHELD);
        assert_eq!(serde_json::to_string(&p).unwrap(), "\"秘匿\"");
        assert!(p.shown().is_none());
    }
}
