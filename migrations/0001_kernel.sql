-- What the kernel keeps: people who act, rooms, keys, the log, and services shared by all domains.
-- The same text runs on SQLite and PostgreSQL.

create table municipality (
  id uuid primary key,
  name text not null,
  code text not null unique, -- 全国地方公共団体コード, six digits with check digit
  training boolean not null, -- 研修用: every page says so
  settings text not null,    -- JSON: see kernel::context::Settings
  created_at timestamptz not null
);

create table staff (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  name text not null,
  kana text not null,
  phone text not null,
  email text not null,
  calendar text not null, -- japanese | western
  version bigint not null,
  left_on date,           -- last day in service; the account closes with it
  created_at timestamptz not null
);
create index staff_by_name on staff (municipality_id, kana, id);

-- 配置: staff x body x desk x role x area x period; several at once. Rights follow it and end with it.
create table posting (
  id uuid primary key,
  staff_id uuid not null references staff (id),
  body_id uuid not null,
  desk_id uuid,
  area_id uuid,
  role text not null, -- kernel::access::Role
  share text not null, -- FTE share as text, e.g. 0.5; empty when unknown
  valid_from date not null,
  valid_to date, -- last day, inclusive
  version bigint not null
);
create index posting_by_staff on posting (staff_id, valid_from);
create index posting_by_desk on posting (desk_id, valid_from);
create index posting_by_body on posting (body_id, valid_from);

-- A room: everything said about a household's trouble lies in one.
create table room (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  kind text not null,   -- consultation | case
  number text not null, -- what people say on the telephone: 相R8-00123
  sealed text,          -- restricted class (虐待, DV …): only keys that open sealed rooms fit
  owner_posting_id uuid references posting (id), -- 主担当
  owner_desk_id uuid not null,                   -- whose move it is; never null
  opened_at timestamptz not null,
  closed_at timestamptz,
  unique (municipality_id, number)
);
create index room_by_owner_posting on room (owner_posting_id, closed_at);
create index room_by_owner_desk on room (owner_desk_id, closed_at);

-- Which people a room is about. A merge links both records to both rooms (merge_id), so that keys
-- and conflicts of interest go on working; un-merging takes those links away again.
create table room_person (
  room_id uuid not null references room (id),
  person_id uuid not null,
  merge_id uuid,
  primary key (room_id, person_id)
);
create index room_person_by_person on room_person (person_id, room_id);

-- 閲覧権: the only key there is.
create table access_grant (
  id uuid primary key,
  room_id uuid not null references room (id),
  posting_id uuid references posting (id), -- either one posting …
  desk_id uuid,                            -- … or everybody posted at a desk
  level text not null,  -- read | write
  opens_sealed boolean not null,
  basis text not null,  -- kernel::access::Basis
  reason text not null,
  source text not null, -- what cut it: owner | team | intake | break_glass | …
  source_id uuid,
  valid_from timestamptz not null,
  valid_until timestamptz,
  revoked_at timestamptz,
  granted_by uuid,
  revoked_by uuid
);
create index access_grant_by_room on access_grant (room_id, revoked_at);
create index access_grant_by_posting on access_grant (posting_id, revoked_at, room_id);
create index access_grant_by_desk on access_grant (desk_id, revoked_at, room_id);
create index access_grant_by_source on access_grant (source, source_id);

-- 利益相反: relatives, neighbours, wards of a user. Their rooms stay closed to that user.
create table access_conflict (
  id uuid primary key,
  staff_id uuid not null references staff (id),
  person_id uuid not null,
  relation text not null,
  declared_by uuid not null,
  declared_at timestamptz not null,
  ended_at timestamptz
);
create index access_conflict_by_staff on access_conflict (staff_id, ended_at, person_id);

-- Whom to ask about a desk's rooms: name and telephone, kept by `organisations`.
create table desk_contact (
  desk_id uuid primary key,
  contact text not null
);

-- The one flag of protection (支援措置など), enforced on every path of reading. `people` sets and
-- lifts it; a row means: withhold.
create table protected_person (
  person_id uuid primary key,
  since timestamptz not null
);

-- 監査記録. `leaf` is the place in the Merkle tree, given when the entry is sealed.
create table audit_entry (
  id uuid primary key,
  at timestamptz not null,
  municipality_id uuid not null,
  staff_id uuid,
  posting_id uuid,
  action text not null,
  room_id uuid,
  person_id uuid,
  detail text not null, -- JSON of ids and codes; never a name, never a word of a record
  leaf bigint unique
);
create index audit_entry_unsealed on audit_entry (id) where leaf is null;
create index audit_entry_by_room on audit_entry (room_id, at);
create index audit_entry_by_person on audit_entry (person_id, at);
create index audit_entry_by_staff on audit_entry (staff_id, at);

create table audit_head (
  size bigint primary key, -- number of leaves
  root bytea not null,
  frontier bytea not null, -- hashes of the complete subtrees, left to right
  signature bytea not null,
  at timestamptz not null
);

-- What happened, for figures: counted on the day it happened, not the day it was typed.
create table event (
  id uuid primary key,
  municipality_id uuid not null,
  kind text not null,
  happened_on date not null,
  recorded_at timestamptz not null,
  room_id uuid,
  person_id uuid,
  household_id uuid,
  body_id uuid,
  desk_id uuid,
  area_id uuid,
  staff_id uuid,
  source_id uuid,
  data text not null -- JSON of codes and numbers
);
create index event_by_kind on event (municipality_id, kind, happened_on);
create index event_by_room on event (room_id, happened_on);

-- やること: anything due, from anywhere, for a posting or a desk.
create table task (
  id uuid primary key,
  municipality_id uuid not null,
  room_id uuid references room (id),
  kind text not null,
  title text not null,
  posting_id uuid,
  desk_id uuid not null, -- whose it is when nobody in particular has it
  due_on date,
  source_id uuid,
  created_by uuid,
  created_at timestamptz not null,
  done_at timestamptz,
  done_by uuid,
  version bigint not null
);
create index task_by_posting on task (posting_id, done_at, due_on);
create index task_by_desk on task (desk_id, done_at, due_on);
create index task_by_room on task (room_id, done_at, due_on);
create index task_by_source on task (source_id);

-- お知らせ: a room and what kind of thing happened, never a name or a matter.
create table notice (
  id uuid primary key,
  staff_id uuid not null references staff (id),
  kind text not null,
  room_id uuid references room (id),
  detail text not null,
  created_at timestamptz not null,
  read_at timestamptz
);
create index notice_by_staff on notice (staff_id, read_at, created_at);

create table number_series (
  municipality_id uuid not null,
  series text not null,
  fiscal_year bigint not null,
  last bigint not null,
  primary key (municipality_id, series, fiscal_year)
);

-- 下書き: what a person has typed and not yet saved. Only that person sees it.
create table draft (
  staff_id uuid not null references staff (id),
  key text not null,
  body text not null, -- JSON of the form's fields
  saved_at timestamptz not null,
  primary key (staff_id, key)
);

-- A form's token and where its first posting led: a double click makes one record.
create table once (
  staff_id uuid not null,
  token text not null,
  location text not null,
  at timestamptz not null,
  primary key (staff_id, token)
);
create index once_by_time on once (at);
