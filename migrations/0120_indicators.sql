-- 統計・指標: what a municipality counts, what it promised, and the months it has closed. Figures hold no
-- persons. What is counted stays where it was recorded; these indexes serve the counting.

create index consultations_by_time on consultations_consultation (received_at, municipality_id, desk_id, channel, route);
create index cases_contact_counted on cases_contact (at, desk_id, kind) where deleted_at is null;
create index cases_contact_by_desk on cases_contact (desk_id, kind, at) where deleted_at is null;
create index cases_closure_by_day on cases_closure (closed_on, room_id);
create index referrals_sheet_by_answer on referrals_sheet (answered_at) where answered_at is not null;

create table indicator_setting (
  municipality_id uuid primary key references municipality (id),
  small_limit bigint not null, -- numbers from 1 to below this are hidden outside the municipality
  version bigint not null
);

create table indicator_indicator (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  place bigint not null,       -- order on the screen
  name text not null,
  block text not null,         -- 事業・ブロック it belongs to, in the municipality's words
  outcome boolean not null,    -- 成果指標; else 活動指標
  rule text not null,          -- JSON: model::Rule
  edition bigint not null,     -- of the rule; an older one stands in indicator_edition
  note text not null,
  ended_on date,               -- no longer followed
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index indicator_indicator_by_place on indicator_indicator (municipality_id, ended_on, place, id);

-- The rules that an indicator had before: a figure can always say by which rule it was counted.
create table indicator_edition (
  indicator_id uuid not null references indicator_indicator (id),
  edition bigint not null,
  rule text not null,
  saved_by uuid not null,
  saved_at timestamptz not null,
  primary key (indicator_id, edition)
);

create table indicator_target (
  id uuid primary key,
  indicator_id uuid not null references indicator_indicator (id),
  fiscal_year bigint not null,
  place bigint not null,
  shape text not null,         -- rules::target::Shape
  low bigint,                  -- thousandths
  high bigint,
  baseline bigint,
  level text not null,         -- mandatory | target | guide
  per text not null,           -- year | month | due
  counter text not null,
  formula text not null,
  raw text not null,           -- as written
  due_on date,
  unique (indicator_id, fiscal_year, place)
);

-- 月の締め: frozen figures. A month may be closed again; every closing stays.
create table indicator_closing (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  month date not null,         -- its first day
  edition bigint not null,     -- 1, 2 …
  closed_at timestamptz not null,
  closed_by uuid not null,
  note text not null,
  unique (municipality_id, month, edition)
);
create table indicator_frozen (
  closing_id uuid not null references indicator_closing (id),
  place bigint not null,
  what text not null,          -- source:unit, or the id of an indicator
  label text not null,         -- as it was called
  rule text not null,          -- JSON: model::Count or model::Rule, by which it was counted
  n bigint,                    -- thousandths for a rate; null: no records yet
  primary key (closing_id, place)
);

-- Reporting sets of the municipality's own; those of the state come with the program.
create table indicator_set (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  code text not null,
  body text not null,          -- JSON: sets::Set
  layout bytea,                -- .xlsx with named cells
  layout_name text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null,
  unique (municipality_id, code)
);
