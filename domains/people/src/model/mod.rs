//! Records and enums of this domain. What the database holds as a code is an enum here.

mod consent;
mod household;
mod person;
mod protection;

pub use consent::{
    Consent, ConsentId, ConsentItem, ConsentMethod, ConsentState, Disclosure, NewConsent,
    NewDisclosure,
};
pub use household::{
    HouseholdView, MemberId, MemberView, NewHousehold, NewMember, Relationship, RelationshipId,
};
pub use person::{
    Address, AddressId, AddressKind, Candidate, Details, Name, NameKind, NewAddress, NewName,
    NewPerson, Person, PersonCard, Probe, Registered, Sex,
};
pub use protection::{Lift, LiftId, NewProtection, Protection, ProtectionId, ProtectionKind};

/// An enum that is stored as a code and read by people as a word.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal, $label:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant,)+ }
        impl $name {
            /// All, in the order screens list them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// (code, word) for choices.
            pub const OPTIONS: &'static [(&'static str, &'static str)] = &[$(($code, $label),)+];
            /// As stored.
            #[must_use]
            pub const fn as_code(self) -> &'static str { match self { $(Self::$variant => $code,)+ } }
            /// From storage or a form.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
            /// As people read it.
            #[must_use]
            pub const fn label(self) -> &'static str { match self { $(Self::$variant => $label,)+ } }
        }
        engawa_kernel::code_column!($name);
    };
}
pub(crate) use coded;
