-- 成果の4段階 (PRG-11): 気づいた → 受けとめた → 解決した → 資源ができた, by area and fiscal year: what
-- is counted for each step, what people judged, and outcome statements beside it.

create table roadmap_ladder (
  municipality_id uuid primary key references municipality (id),
  noticed text not null,        -- roadmaps::ladder::Rule: standard | none | id of an indicator
  received text not null,
  solved text not null,
  resources text not null,
  kinds text not null,          -- kinds of areas, with spaces between; empty: all below the municipality
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);

create table roadmap_standing (
  area_id uuid not null,
  year bigint not null,         -- fiscal year
  municipality_id uuid not null references municipality (id),
  noticed text not null,        -- roadmaps::ladder::Rated; empty: nobody judged
  noticed_words text not null,
  received text not null,
  received_words text not null,
  solved text not null,
  solved_words text not null,
  resources text not null,
  resources_words text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null,
  primary key (area_id, year)
);
create index roadmap_standing_by_year on roadmap_standing (municipality_id, year);

create table roadmap_statement (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  actor text not null,          -- roadmaps::ladder::Actor: whose change
  horizon text not null,        -- roadmaps::ladder::Horizon
  step text not null,           -- roadmaps::ladder::Step
  area uuid,                    -- null: the whole municipality
  text text not null,
  withdrawn boolean not null,   -- no longer aimed at
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index roadmap_statement_by_actor on roadmap_statement (municipality_id, actor, horizon, id);
