-- What a sheet proposes for the municipality's registers (a person takes or refuses each), goals
-- with their yearly look back (PRG-14) and the statutory programmes beside ours (PRG-12).

create table programme_proposal (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  upload_id uuid not null references programme_upload (id),
  place bigint not null,        -- order of the form
  kind text not null,           -- programmes::proposals::Kind
  state text not null,          -- programmes::proposals::State: open | taken | refused
  name text not null,           -- one in each line
  code text not null,           -- of the code list that its kind has
  body text not null,           -- whose
  mode text not null,           -- code of contract_mode
  number text not null,
  unit text not null,
  note text not null,
  field text not null,          -- programmes::form::Field where the words stand
  words text not null,          -- the words it comes from
  decided_by uuid,
  decided_at timestamptz,
  version bigint not null
);
create index programme_proposal_by_kind on programme_proposal (municipality_id, kind, state, place);

create table programme_goal (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  year bigint not null,         -- fiscal year in which it is set
  block text not null,
  text text not null,
  number text not null,         -- a figure in the text; counting it is the indicators' matter
  unit text not null,
  subject text not null,        -- programmes::goals::Subject: whose change
  subject_name text not null,
  due text not null,            -- by when, as written
  why_not_counted text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index programme_goal_by_year on programme_goal (municipality_id, year, block);

create table programme_goal_year (
  goal_id uuid not null references programme_goal (id),
  year bigint not null,
  rating text not null,         -- programmes::goals::Rating
  evidence text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null,
  primary key (goal_id, year)
);

create table programme_link (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  block text not null,          -- beside which programme of ours
  programme text not null,      -- code of the list of programmes
  name text not null,           -- as this municipality calls it
  body text not null,           -- 実施主体
  basis text not null,          -- 根拠
  share text not null,          -- 按分・役割, as written
  note text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index programme_link_by_block on programme_link (municipality_id, block, name);
