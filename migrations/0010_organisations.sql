-- 圏域, 機関, 窓口, 委託, 職員, 配置 and the municipality's own words. The kernel's staff, posting and
-- desk_contact are kept in step by this domain; everything people pick has a short code that imports
-- find it by.

-- 圏域: kinds form their own trees, trees overlap. Ended ones stay, old cases keep them.
create table organisations_area (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  code text not null,
  name text not null,
  tier text not null,            -- '', 1, 2, 3: 第1層 …
  marks text not null,           -- codes with spaces between: exclave model priority
  population_kind text not null, -- unknown | exact | about | range
  population_low bigint,
  population_high bigint,        -- of a range
  population_on date,
  valid_from date not null,
  valid_to date,                 -- last day, inclusive
  note text not null,
  version bigint not null,
  unique (municipality_id, code)
);
-- One area may be of two kinds at once.
create table organisations_area_kind (
  area_id uuid not null references organisations_area (id),
  kind text not null,
  primary key (area_id, kind)
);
-- Any number of parents, each for a time.
create table organisations_area_parent (
  area_id uuid not null references organisations_area (id),
  place bigint not null,
  parent_id uuid not null references organisations_area (id),
  valid_from date,
  valid_to date,
  primary key (area_id, place)
);
create index organisations_area_by_parent on organisations_area_parent (parent_id, area_id);
-- Old to new: splits, mergers, re-drawn lines.
create table organisations_area_crosswalk (
  area_id uuid not null references organisations_area (id), -- the new one
  place bigint not null,
  old_id uuid not null references organisations_area (id),
  changed_on date,
  primary key (area_id, place)
);
create index organisations_area_by_old on organisations_area_crosswalk (old_id, area_id);

-- 機関・法人; a body without legal person is one too.
create table organisations_body (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  code text not null,
  name text not null,
  kana text not null,
  kind text not null,       -- code list body_kind
  phone text not null,
  email text not null,
  address text not null,
  valid_from date,
  valid_to date,
  note text not null,
  version bigint not null,
  unique (municipality_id, code)
);
create table organisations_body_alias (
  body_id uuid not null references organisations_body (id),
  place bigint not null,
  name text not null,
  primary key (body_id, place)
);

-- 実施主体・委託: which programme, which part, which year, how, and through whom.
create table organisations_contract (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  code text not null,
  programme text not null,  -- code list programme
  part text not null,
  fiscal_year bigint not null,
  mode text not null,       -- code list contract_mode: 直営, 委託, 未実施 …
  commissioner text not null,
  note text not null,
  version bigint not null,
  unique (municipality_id, code)
);
create index organisations_contract_by_year on organisations_contract (municipality_id, fiscal_year, programme);
create table organisations_contract_body (
  contract_id uuid not null references organisations_contract (id),
  place bigint not null,
  body_id uuid not null references organisations_body (id),
  share text not null,      -- 割合・担当部分, as the contract words it
  primary key (contract_id, place)
);
create index organisations_contract_by_body on organisations_contract_body (body_id, contract_id);

-- 窓口
create table organisations_desk (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  code text not null,
  name text not null,
  nickname text not null,
  body_id uuid not null references organisations_body (id),
  parent_id uuid references organisations_desk (id), -- branch of
  mode text not null,       -- code list contract_mode
  phone text not null,
  site text not null,
  hours text not null,
  valid_from date not null,
  valid_to date,
  note text not null,
  version bigint not null,
  unique (municipality_id, code)
);
create index organisations_desk_by_body on organisations_desk (body_id);
-- What it was called before; written when the name or nickname changes.
create table organisations_desk_name (
  id uuid primary key,
  desk_id uuid not null references organisations_desk (id),
  name text not null,
  nickname text not null,
  used_until date not null
);
create index organisations_desk_name_by_desk on organisations_desk_name (desk_id, used_until);
create table organisations_desk_function (
  desk_id uuid not null references organisations_desk (id),
  place bigint not null,
  function text not null,   -- code list desk_function
  state text not null,      -- planned | in_force | withdrawn
  since date,
  until date,
  primary key (desk_id, place)
);
create index organisations_desk_by_function on organisations_desk_function (function, state);
create table organisations_desk_area (
  desk_id uuid not null references organisations_desk (id),
  place bigint not null,
  area_id uuid not null references organisations_area (id),
  primary key (desk_id, place)
);
-- Operators besides the desk's own body, each with its part.
create table organisations_desk_operator (
  desk_id uuid not null references organisations_desk (id),
  place bigint not null,
  body_id uuid not null references organisations_body (id),
  part text not null,
  primary key (desk_id, place)
);

-- What the register of coordinators needs besides the kernel's staff.
create table organisations_staff (
  staff_id uuid primary key references staff (id),
  municipality_id uuid not null references municipality (id),
  code text not null,
  employer_id uuid references organisations_body (id),
  employment text not null, -- code list employment
  fte text not null,        -- 1, 0.5, 1.4 … as text
  career text not null,     -- special skills and career; stays inside
  expected boolean not null, -- planned, not yet in post
  unique (municipality_id, code)
);
create table organisations_qualification (
  staff_id uuid not null references staff (id),
  place bigint not null,
  code text not null,       -- code list qualification
  obtained_on date,
  expires_on date,
  primary key (staff_id, place)
);

-- 呼称: the municipality's words for roles; rights belong to the canonical role.
create table organisations_role_label (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  code text not null,
  label text not null,
  role text not null,       -- kernel::access::Role
  sort bigint not null,
  hidden boolean not null,
  version bigint not null,
  unique (municipality_id, code)
);
-- Which of these words a posting carries, and the layer and funding it is for.
create table organisations_posting (
  posting_id uuid primary key references posting (id),
  role_code text not null,
  tier text not null,
  funding text not null,
  note text not null
);

-- Code lists. A code is never deleted: it is hidden, and old records keep their word.
create table organisations_code (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  list text not null,
  code text not null,
  label text not null,
  canonical text not null,  -- what statistics count it as: a shipped code, or itself
  sort bigint not null,
  hidden boolean not null,
  version bigint not null,
  unique (municipality_id, list, code)
);

-- 要綱・要領 by version: old records keep the rules of their day.
create table organisations_rule (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  title text not null,
  edition text not null,    -- 第2版, 令和8年改正 …
  effective_on date not null,
  affects text not null,    -- forms and steps it concerns
  body text not null,
  settings text not null,   -- the settings in force when it was saved
  version bigint not null
);
create index organisations_rule_by_day on organisations_rule (municipality_id, effective_on);

-- A file that was read and is waiting for its confirmation.
create table organisations_import (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  staff_id uuid not null references staff (id),
  list text not null,
  file_name text not null,
  sheet text not null,      -- JSON of the table as read
  created_at timestamptz not null
);
create index organisations_import_by_time on organisations_import (created_at);

-- 引き継ぎ entered ahead: carried out when its day has come.
create table organisations_handover (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  on_day date not null,
  from_posting uuid not null references posting (id),
  to_posting uuid references posting (id),
  to_desk uuid not null,
  rooms text not null,      -- JSON list of room ids; empty for all
  planned_by uuid not null references staff (id),
  done_at timestamptz
);
create index organisations_handover_open on organisations_handover (municipality_id, done_at, on_day);

-- Who last saved a record, for the screen on which two people choose.
create table organisations_saved (
  record_id uuid primary key,
  staff_id uuid not null references staff (id),
  at timestamptz not null
);
