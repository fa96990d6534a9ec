-- 財源 (FND-01): what each activity is paid from, year by year. An unknown amount is null, never 0.

create table funding_activity (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  scheme text not null,         -- funding::model::Scheme: the programme of the plan sheet
  name text not null,
  last_year bigint,             -- fiscal year in which it ended; null: it goes on
  note text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index funding_activity_by_scheme on funding_activity (municipality_id, scheme, name);

-- Where no source stands: that there is none, or that it is being considered, said outright.
create table funding_answer (
  activity_id uuid not null references funding_activity (id),
  year bigint not null,         -- fiscal year
  answer text not null,         -- funding::model::Answer
  saved_by uuid not null,
  saved_at timestamptz not null,
  primary key (activity_id, year)
);

create table funding_source (
  id uuid primary key,
  activity_id uuid not null references funding_activity (id),
  year bigint not null,         -- fiscal year
  kind text not null,           -- funding::model::Kind
  name text not null,           -- 日本財団「わがまち基金」; empty: the kind says it
  cost text not null,           -- funding::model::Cost: what it pays
  state text not null,          -- funding::model::State
  amount bigint,                -- yen; null: not known
  received_on date,             -- 入金日
  report text not null,         -- what became of the money
  note text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index funding_source_by_year on funding_source (activity_id, year, cost, id);

-- From 検討中 to 申請中 and 確保: each step stays.
create table funding_step (
  source_id uuid not null references funding_source (id),
  place bigint not null,
  state text not null,
  staff_id uuid not null,
  at timestamptz not null,
  primary key (source_id, place)
);
