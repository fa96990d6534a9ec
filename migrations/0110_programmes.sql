-- 実施計画書 (PRG-01, PRG-03): one sheet for each municipality and fiscal year, in versions; each
-- version holds every field of the national form. No case facts lie here.

create table programme_upload (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  staff_id uuid not null,
  file_name text not null,
  body text not null,           -- the file's text, as it came
  parsed text not null,         -- JSON: what was read in it (engawa-plansheet), with the words
  sheet_id uuid,                -- the sheet that it became; null: nobody has confirmed it yet
  created_at timestamptz not null
);
create index programme_upload_waiting on programme_upload (municipality_id, created_at);

create table programme_sheet (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  origin text not null,         -- programmes::model::Origin: own | other
  year bigint not null,         -- fiscal year
  name text not null,           -- whose: 縁側市
  made_from text not null,      -- programmes::model::MadeFrom
  upload_id uuid references programme_upload (id),
  saves bigint not null,        -- counts up with every change: who writes takes it first
  created_by uuid not null,
  created_at timestamptz not null
);
create unique index programme_sheet_own on programme_sheet (municipality_id, year) where origin = 'own';
create index programme_sheet_by_year on programme_sheet (municipality_id, origin, year, name);

-- 版. An approved one never changes; the next change makes the next version.
create table programme_version (
  id uuid primary key,
  sheet_id uuid not null references programme_sheet (id),
  number bigint not null,
  state text not null,          -- programmes::model::VersionState: draft | approved
  written_by uuid not null,     -- the last writer
  written_at timestamptz not null,
  approved_by uuid,             -- somebody else
  approved_at timestamptz,
  version bigint not null
);
create unique index programme_version_by_number on programme_version (sheet_id, number);

create table programme_block (
  version_id uuid not null references programme_version (id),
  block text not null,          -- programmes::form::Block: the number printed on the form
  state text not null,          -- programmes::model::BlockState
  start text not null,          -- 開始の時期, as written
  note text not null,           -- why, and what it was called or did before
  version bigint not null,      -- what somebody saw who saves
  saved_by uuid not null,
  saved_at timestamptz not null,
  primary key (version_id, block)
);

create table programme_field (
  version_id uuid not null references programme_version (id),
  field text not null,          -- programmes::form::Field
  text text not null,
  state text not null,          -- programmes::model::FieldState
  number text not null,         -- the figure in it, where the field is one: 28.4
  unit text not null,           -- as written, never converted
  as_of date,                   -- 時点
  note text not null,           -- 注・出典
  raw text not null,            -- the uploaded sheet's words, where they differ
  doubt text not null,          -- what the reader doubted; empty once somebody has looked
  primary key (version_id, field)
);

-- What stood in a field before: corrections keep the old text.
create table programme_change (
  id uuid primary key,
  version_id uuid not null references programme_version (id),
  field text not null,
  text text not null,
  staff_id uuid not null,       -- who replaced it
  at timestamptz not null
);
create index programme_change_by_version on programme_change (version_id, at);
