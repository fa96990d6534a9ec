-- Plans above the programme (PRG-08): 地域福祉計画, 地域福祉活動計画 … with their measures, the
-- milestones of each fiscal year (工程表), yearly ratings by degree of execution (実行度), what the
-- measures rest on and the options that were weighed. No case facts lie here.

create table roadmap_plan (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  kind text not null,                            -- roadmaps::model::PlanKind
  name text not null,
  body uuid,                                     -- whose: 機関・法人; null: the municipality
  above uuid references roadmap_plan (id),       -- 上位計画
  before_id uuid references roadmap_plan (id),   -- the plan that it was made from
  first_year bigint not null,                    -- fiscal years
  last_year bigint not null,
  state text not null,                           -- roadmaps::model::PlanState
  note text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index roadmap_plan_by_year on roadmap_plan (municipality_id, first_year, name);

-- 施策・取組
create table roadmap_measure (
  id uuid primary key,
  plan_id uuid not null references roadmap_plan (id),
  before_id uuid references roadmap_measure (id), -- of the plan before
  place bigint not null,                          -- order in the plan
  number text not null,                           -- as printed: 1-(2)
  heading text not null,                          -- 基本目標・柱
  text text not null,
  responsible text not null,                      -- 担当, in words
  body uuid,                                      -- 担当, a registered one
  budget text not null,                           -- 予算・財源, as written
  dropped text not null,                          -- why it was given up; empty: it goes on
  carried text not null,                          -- ratings and open milestones of the plan before
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index roadmap_measure_by_plan on roadmap_measure (plan_id, place, id);

-- What measures rest on: a finding of a survey, a discussion; cited by measures of several plans.
create table roadmap_evidence (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  source text not null,         -- 住民アンケート（令和7年度）
  part text not null,           -- 問5
  finding text not null,        -- what it says
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index roadmap_evidence_by_source on roadmap_evidence (municipality_id, source, part);
create table roadmap_measure_evidence (
  measure_id uuid not null references roadmap_measure (id),
  evidence_id uuid not null references roadmap_evidence (id),
  primary key (measure_id, evidence_id)
);
create index roadmap_measure_evidence_back on roadmap_measure_evidence (evidence_id, measure_id);

create table roadmap_measure_indicator (
  measure_id uuid not null references roadmap_measure (id),
  indicator_id uuid not null,
  primary key (measure_id, indicator_id)
);

-- 工程: what shall stand by the end of a fiscal year, or by a day in it.
create table roadmap_milestone (
  id uuid primary key,
  measure_id uuid not null references roadmap_measure (id),
  year bigint not null,
  due_on date,
  text text not null,
  state text not null,          -- roadmaps::model::MilestoneState
  reason text not null,         -- why it was postponed or given up
  to_year bigint,               -- postponed to
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index roadmap_milestone_by_measure on roadmap_milestone (measure_id, year, id);

create table roadmap_rating (
  measure_id uuid not null references roadmap_measure (id),
  year bigint not null,
  degree text not null,         -- roadmaps::model::Degree
  words text not null,
  evidence text not null,       -- what shows it
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null,
  primary key (measure_id, year)
);

-- 選択肢: what was weighed, what was chosen and why.
create table roadmap_choice (
  id uuid primary key,
  plan_id uuid not null references roadmap_plan (id),
  measure_id uuid references roadmap_measure (id), -- about this one; null: about the plan
  question text not null,
  chosen bigint,                -- place of the option; null: not decided
  why text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index roadmap_choice_by_plan on roadmap_choice (plan_id, id);
create table roadmap_option (
  choice_id uuid not null references roadmap_choice (id),
  place bigint not null,
  text text not null,
  primary key (choice_id, place)
);

-- What stood in a text before: corrections keep it.
create table roadmap_change (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  plan_id uuid references roadmap_plan (id), -- null: evidence, the ladder
  record_id uuid not null,
  what text not null,           -- which text, as people call it
  text text not null,
  staff_id uuid not null,       -- who replaced it
  at timestamptz not null
);
create index roadmap_change_by_plan on roadmap_change (plan_id, at);
create index roadmap_change_by_record on roadmap_change (record_id, at);
