-- Search hits, room by room, so that "who has seen this" can list them. The search itself is one
-- entry of the log; this table only says which rooms it touched.
create table rooms_search_hit (
  room_id uuid not null references room (id),
  id uuid not null, -- of the search
  staff_id uuid not null,
  at timestamptz not null,
  primary key (room_id, id)
);

-- What auditors look for first; few entries are of these kinds.
create index rooms_audit_alarms on audit_entry (municipality_id, action, at)
  where action in ('access.break_glass', 'room.refused');
