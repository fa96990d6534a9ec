//! Values as bound and as read: the types that both drivers know, and how a domain's own become one.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::Postgres;
use uuid::Uuid;

/// A bound value. Every kind carries its own null, since PostgreSQL wants to know the type of one.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Value {
    Bool(Option<bool>),
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Uuid(Option<Uuid>),
    Date(Option<NaiveDate>),
    Time(Option<DateTime<Utc>>),
}

macro_rules! value_from {
    ($($t:ty => $v:ident),*) => {$(
        impl From<$t> for Value { fn from(v: $t) -> Self { Self::$v(Some(v.into())) } }
        impl From<Option<$t>> for Value { fn from(v: Option<$t>) -> Self { Self::$v(v.map(Into::into)) } }
    )*};
}
value_from!(bool => Bool, i64 => Int, i32 => Int, u32 => Int, &str => Text, String => Text, Vec<u8> => Bytes,
    Uuid => Uuid, NaiveDate => Date, DateTime<Utc> => Time);

/// A domain's own type that is bound as a [`Value`]: ids and codes. `id_type!` and `code_column!`
/// implement it; that a crate's own type and an `Option` of it can be bound follows from it.
pub trait ToColumn {
    /// The null of its column.
    const NULL: Value;
    /// As stored.
    fn to_value(self) -> Value;
}
impl<T: ToColumn> From<T> for Value {
    fn from(v: T) -> Self {
        v.to_value()
    }
}
impl<T: ToColumn> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(T::NULL, T::to_value)
    }
}

/// A value that a column can be read into.
pub trait FromColumn: Sized {
    /// What both drivers decode.
    type Raw: super::rows::FromSqlite + for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>;
    /// Checks what was read.
    ///
    /// # Errors
    /// What is stored is not a value of this type.
    fn from_raw(raw: Self::Raw) -> std::result::Result<Self, String>;
}
macro_rules! from_column {
    ($($t:ty),*) => {$(impl FromColumn for $t {
        type Raw = $t;
        fn from_raw(raw: $t) -> std::result::Result<Self, String> { Ok(raw) }
    })*};
}
from_column!(bool, i64, String, Vec<u8>, Uuid, NaiveDate, DateTime<Utc>);

/// Stores an enum as its code: `code_column!(Role)` needs `as_code(&self) -> &'static str` and
/// `from_code(&str) -> Option<Self>`.
#[macro_export]
macro_rules! code_column {
    ($t:ty) => {
        impl $crate::db::FromColumn for $t {
            type Raw = String;
            fn from_raw(raw: String) -> Result<Self, String> {
                <$t>::from_code(&raw)
                    .ok_or_else(|| format!("unknown {} code: {raw}", stringify!($t)))
            }
        }
        impl $crate::db::ToColumn for $t {
            const NULL: $crate::db::Value = $crate::db::Value::Text(None);
            fn to_value(self) -> $crate::db::Value {
                $crate::db::Value::Text(Some(self.as_code().to_owned()))
            }
        }
    };
}

/// An enum that is stored as a code and, where it has one, read by people as a word: each variant
/// once, with both. Makes `ALL`, `as_code`, `from_code`, `label` and `OPTIONS` (with words), the
/// column, and the same code in JSON. An enum whose screens list it in another order than it is
/// declared, or whose addresses fall back to a default, says so by hand.
///
/// ```
/// engawa_kernel::code_enum! {
///     /// 個別支援か地域支援か
///     pub enum Work {
///         /// 個別支援
///         Individual = "individual", "個別支援";
///         /// 地域支援
///         Community = "community", "地域支援";
///     }
/// }
/// assert_eq!(Work::from_code("community"), Some(Work::Community));
/// assert_eq!(Work::OPTIONS[0], ("individual", "個別支援"));
/// ```
#[macro_export]
macro_rules! code_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$of:meta])* $variant:ident = $code:tt, $label:tt;)+ }) => {
        $crate::code_enum! { $(#[$meta])* $vis enum $name { $($(#[$of])* $variant = $code;)+ } }
        impl $name {
            /// (code, word) for choices.
            pub const OPTIONS: &'static [(&'static str, &'static str)] = &[$(($code, $label)),+];
            /// As people read it.
            #[must_use]
            pub const fn label(self) -> &'static str { match self { $(Self::$variant => $label),+ } }
        }
    };
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$of:meta])* $variant:ident = $code:tt;)+ }) => {
        // The derives first: a `#[schema(as = …)]` handed in is theirs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        $(#[$meta])*
        $vis enum $name { $($(#[$of])* #[serde(rename = $code)] $variant,)+ }
        impl $name {
            /// All, in the order screens list them.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant),+];
            /// As stored.
            #[must_use]
            pub const fn as_code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// From storage or a form.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
        }
        $crate::code_column!($name);
    };
}
