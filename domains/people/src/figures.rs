//! What figures need to know of persons and households, as SQL for the one who counts: never a name,
//! an address or a note. A merged record counts as the one that was kept.

/// `(person_id, kept_id, birth_sort, sex)`
pub const PERSONS: &str = "(select pp.id as person_id, coalesce(pp.merged_into, pp.id) as kept_id, pp.birth_sort, pp.sex from people_person pp)";

/// True for a person `p` of [`PERSONS`] who has a name: somebody anonymous is no 実人数, since the
/// same may come again.
pub const NAMED: &str = "exists (select 1 from people_name pn where pn.person_id = p.kept_id)";

/// `(room_id, household_id)`
pub const ROOM_HOUSEHOLDS: &str =
    "(select ph.room_id, ph.household_id from people_household_room ph)";

/// `(household_id, types)`: `types` is a JSON array of codes of the list `household_type`.
pub const HOUSEHOLDS: &str = "(select hh.id as household_id, hh.types from people_household hh)";
