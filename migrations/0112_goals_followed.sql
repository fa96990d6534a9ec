-- A goal stands in one goal box of the form and may be followed by an indicator (PRG-04); an approved
-- version keeps last year's targets and actuals as they stood on the day of the approval.

-- programmes::form::Field, one of GOALS
alter table programme_goal add column field text not null default '';
update programme_goal set field = case block
  when '3' then 'community_strengthening.a.goal'
  when '4' then 'multi_agency.goal'
  else 'prefectural.goal' end;
-- of indicators; null: it is looked back on in words
alter table programme_goal add column indicator_id uuid;
drop index programme_goal_by_year;
alter table programme_goal drop column block;
create index programme_goal_by_year on programme_goal (municipality_id, year);

-- JSON (programmes::results); null: not approved, or approved before this step
alter table programme_version add column results text;
