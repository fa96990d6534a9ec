-- 基本情報・小地域の数・推計 (PRG-09): what somebody counted or estimated, for the whole municipality or
-- one of its areas, on a day, with its source. Two sources may say two numbers; both stand here.

create table programme_figure (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  kind text not null,           -- 人口, 高齢化率 …, as people call it
  area_id uuid,                 -- one of the registered areas; null: the whole municipality
  as_of date not null,          -- 時点; after today: a forecast
  state text not null,          -- programmes::figures::Sure: exact | about | estimated | unknown | not_counted
  number text not null,         -- plain digits; empty when nobody knows
  unit text not null,           -- as written, never converted: % and ‰ are two things
  source text not null,         -- 出典
  note text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null,
  removed_at timestamptz        -- taken back; it stays with its date
);
create index programme_figure_by_kind on programme_figure (municipality_id, kind, as_of);
create index programme_figure_whole on programme_figure (municipality_id, as_of) where area_id is null;
