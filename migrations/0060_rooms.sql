-- Search hits, room by room, so that "who has seen this" can list them. The search itself is one
-- entry of the log; this table only says which rooms it touched.
create table rooms_search_hit (
  id uuid primary key,
  room_id uuid not null references room (id),
  staff_id uuid not null,
  at timestamptz not null
);
create index rooms_search_hit_by_room on rooms_search_hit (room_id, id);

-- What auditors look for first; few entries are of these kinds.
create index rooms_audit_alarms on audit_entry (municipality_id, action, at)
  where action in ('access.break_glass', 'room.refused');
