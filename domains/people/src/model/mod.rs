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
