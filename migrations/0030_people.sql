-- Persons, households, consent and protection. Nothing here is read without the key of a room that
-- is about the person (kernel: room_person). The same text runs on SQLite and PostgreSQL.

create table people_person (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  label text,                -- what staff call somebody without a name
  sex text not null,         -- female | male | other | unknown
  birth text not null,       -- kernel BirthDate::to_stored
  birth_sort date,           -- for sorting only; null when unknown
  residence text,            -- code list Residence
  languages text not null,
  certificates text not null, -- 手帳など
  resident_number text not null, -- 宛名番号: opaque; never a My Number
  school text not null,      -- these four tell where somebody can be found
  workplace text not null,
  hospital text not null,
  desk_in_charge text not null,
  notes text not null,
  merged_into uuid references people_person (id),
  version bigint not null,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null
);
create index people_person_by_birth on people_person (municipality_id, birth);
create index people_person_by_merge on people_person (merged_into);

-- What a person record held before each change; corrections keep the old text.
create table people_revision (
  person_id uuid not null references people_person (id),
  version bigint not null,
  body text not null, -- JSON of the fields
  at timestamptz not null,
  by_staff uuid not null,
  primary key (person_id, version)
);

-- Names exactly as typed. One that is no longer used keeps its row and still finds the person.
create table people_name (
  id uuid primary key,
  person_id uuid not null references people_person (id),
  place bigint not null,
  kind text not null, -- registered | common | former | nickname | kana
  text text not null,
  kana text not null,
  ended_at timestamptz
);
create index people_name_by_person on people_name (person_id, place);

create table people_name_key (
  municipality_id uuid not null,
  key text not null,
  person_id uuid not null references people_person (id),
  primary key (municipality_id, key, person_id)
);
create index people_name_key_by_person on people_name_key (person_id);

create table people_phone (
  id uuid primary key,
  municipality_id uuid not null,
  person_id uuid not null references people_person (id),
  place bigint not null,
  text text not null,
  digits text not null
);
create index people_phone_by_person on people_phone (person_id, place);
create index people_phone_by_digits on people_phone (municipality_id, digits);

-- Address spells: where somebody is registered, lives, stays; each with its days.
create table people_address (
  id uuid primary key,
  person_id uuid not null references people_person (id),
  kind text not null, -- registered | living | temporary | facility
  text text not null,
  municipality text not null, -- the other municipality's name; empty: here
  resident text not null,     -- yes | no | unknown: 住民登録
  reason text not null,
  valid_from date,
  valid_to date, -- last day, inclusive
  version bigint not null,
  created_at timestamptz not null,
  created_by uuid not null
);
create index people_address_by_person on people_address (person_id, valid_to);

-- 世帯: the unit of support, not the register's.
create table people_household (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  name text,
  types text not null, -- JSON array of codes (HouseholdType)
  version bigint not null,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null
);

-- Which rooms a household belongs to: it is seen only through one of them.
create table people_household_room (
  household_id uuid not null references people_household (id),
  room_id uuid not null references room (id),
  primary key (household_id, room_id)
);
create index people_household_room_by_room on people_household_room (room_id);

create table people_member (
  id uuid primary key,
  household_id uuid not null references people_household (id),
  person_id uuid not null references people_person (id),
  relation text not null, -- code list Kinship
  co_resident boolean not null,
  valid_from date,
  valid_to date, -- last day, inclusive
  voided_at timestamptz, -- written by mistake
  version bigint not null,
  created_at timestamptz not null,
  created_by uuid not null
);
create index people_member_by_household on people_member (household_id, valid_to);
create index people_member_by_person on people_member (person_id, valid_to);

create table people_relationship (
  id uuid primary key,
  from_person uuid not null references people_person (id),
  to_person uuid not null references people_person (id),
  kind text not null, -- code list Kinship: what `to` is to `from`
  note text not null,
  valid_from date,
  valid_to date,
  created_at timestamptz not null,
  created_by uuid not null
);
create index people_relationship_by_from on people_relationship (from_person, valid_to);
create index people_relationship_by_to on people_relationship (to_person, valid_to);

-- 名寄せ: both records keep their rows; undoing takes away only what merging added.
create table people_merge (
  id uuid primary key,
  municipality_id uuid not null,
  kept uuid not null references people_person (id),
  absorbed uuid not null references people_person (id),
  reason text not null,
  flagged uuid, -- the record that merging brought under protection
  decided_at timestamptz not null,
  decided_by uuid not null,
  undone_at timestamptz,
  undone_by uuid,
  undone_reason text
);
create index people_merge_by_kept on people_merge (kept, undone_at);
create index people_merge_by_absorbed on people_merge (absorbed, undone_at);

-- 同意: per person, never per household. Rows are history; the newest speaks.
create table people_consent (
  id uuid primary key,
  person_id uuid not null references people_person (id),
  room_id uuid not null references room (id), -- where it was taken
  state text not null,
  items text not null,      -- JSON array of codes
  desks text not null,      -- JSON array of desk ids
  recipients text not null, -- in words
  purpose text not null,
  method text not null,
  proxy text not null,      -- who agreed in the person's place, and as what
  valid_from date not null,
  valid_until date,         -- last day, inclusive
  witness text not null,
  capacity_note text not null,
  explained_by text not null,
  withdrawn_on date,
  withdrawn_how text,
  withdrawn_by uuid,
  expiry_task_at timestamptz,
  created_at timestamptz not null,
  created_by uuid not null
);
create index people_consent_by_person on people_consent (person_id, created_at);
create index people_consent_by_end on people_consent (valid_until) where expiry_task_at is null;

-- 提供の記録: to whom what went, on which basis. Never deleted.
create table people_disclosure (
  id uuid primary key,
  person_id uuid not null references people_person (id),
  room_id uuid not null references room (id),
  consent_id uuid references people_consent (id),
  to_desk uuid,
  to_name text not null,
  items text not null, -- JSON array of codes
  basis text not null, -- kernel::access::Basis
  purpose text not null,
  disclosed_on date not null,
  created_at timestamptz not null,
  created_by uuid not null
);
create index people_disclosure_by_person on people_disclosure (person_id, disclosed_on);

-- 支援措置など. Each application is a row; a new one takes over from the one before. The flag that
-- withholds is protected_person (kernel) and is set in the same transaction.
create table people_protection (
  id uuid primary key,
  person_id uuid not null references people_person (id),
  room_id uuid not null references room (id),
  kind text not null, -- dv | stalking | child_abuse | other
  starts_on date not null,
  ends_on date not null, -- a task falls due; nothing opens
  hidden_from text not null, -- JSON array of person ids
  document text not null,    -- 根拠文書番号
  notes text not null,
  ended_at timestamptz,
  ended_how text, -- renewed | lifted
  expiry_task_at timestamptz,
  created_at timestamptz not null,
  created_by uuid not null
);
create index people_protection_by_person on people_protection (person_id, ended_at);
create index people_protection_by_end on people_protection (ends_on) where ended_at is null and expiry_task_at is null;

-- Lifting takes two people. A request dies with the application that it was made for.
create table people_protection_lift (
  id uuid primary key,
  person_id uuid not null references people_person (id),
  protection_id uuid not null references people_protection (id),
  reason text not null,
  checked_with text not null, -- whom one asked today whether there is a new application
  requested_at timestamptz not null,
  requested_by uuid not null,
  closed_at timestamptz,
  closed_by uuid,
  closed_how text, -- lifted | reapplied | withdrawn
  confirmed_check text
);
create index people_protection_lift_by_person on people_protection_lift (person_id, closed_at);
