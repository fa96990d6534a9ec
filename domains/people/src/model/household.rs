//! 世帯: the unit of support, with dated memberships (HSE-02).

use chrono::NaiveDate;
use engawa_kernel::{
    id::{HouseholdId, PersonId},
    id_type,
};

use super::{ConsentState, PersonCard};

id_type!(/// One membership.
    MemberId);
id_type!(/// One edge between two persons.
    RelationshipId);

/// A household to make.
#[derive(Clone, Debug, Default)]
pub struct NewHousehold {
    /// What staff call it; none: 「◯◯さんの世帯」.
    pub name: Option<String>,
    /// Codes of `CodeList::HouseholdType`.
    pub types: Vec<String>,
    /// Who is in it.
    pub members: Vec<NewMember>,
}

/// A membership to make.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// Who.
    pub person: PersonId,
    /// Code of `CodeList::Kinship`: what they are to the household's first person.
    pub relation: String,
    /// 同居
    pub co_resident: bool,
    /// First day, if known.
    pub from: Option<NaiveDate>,
}

/// A household as seen through one room: a protected member who has left is not in it, unless the
/// room is her own.
#[derive(Clone, Debug)]
pub struct HouseholdView {
    /// Its id.
    pub id: HouseholdId,
    /// As shown.
    pub name: String,
    /// The name that staff gave, if any.
    pub given_name: Option<String>,
    /// Codes of `CodeList::HouseholdType`.
    pub types: Vec<String>,
    /// Today's members first, then those who left.
    pub members: Vec<MemberView>,
    /// For saving on top of what one saw.
    pub version: i64,
}

/// A member as seen through one room.
#[derive(Clone, Debug)]
pub struct MemberView {
    /// The membership.
    pub id: MemberId,
    /// Who.
    pub card: PersonCard,
    /// Code of `CodeList::Kinship`.
    pub relation: String,
    /// 同居
    pub co_resident: bool,
    /// First day, if known.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// What the newest consent says today.
    pub consent: ConsentState,
}

impl MemberView {
    /// Whether the membership has ended before this day.
    #[must_use]
    pub fn has_left(&self, today: NaiveDate) -> bool {
        self.to.is_some_and(|to| to < today)
    }
}

/// A typed, dated edge between two persons.
#[derive(Clone, Debug)]
pub struct Relationship {
    /// Its id.
    pub id: RelationshipId,
    /// The other person.
    pub other: PersonCard,
    /// Code of `CodeList::Kinship`.
    pub kind: String,
    /// True: `other` is the `kind` of this person; false: this person is the `kind` of `other`.
    pub outgoing: bool,
    /// In words.
    pub note: String,
    /// First day, if known.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}
