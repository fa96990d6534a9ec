-- 引き継ぎの確認 (REF-06): a case that changed hands without anybody opening it stays on the successor's
-- list until they say 「引き継ぎました」, case by case.
create table cases_takeover (
  id uuid primary key,
  room_id uuid not null references cases_case (room_id),
  from_posting_id uuid,          -- the leaver; null when a desk had it
  to_posting_id uuid not null,   -- the successor
  handed_on date not null,
  handed_by uuid not null,       -- who ordered the hand-over
  confirmed_at timestamptz,
  confirmed_by uuid,
  note text not null,            -- what the successor noticed
  dropped_at timestamptz         -- handed on once more before it was confirmed
);
create index cases_takeover_by_room on cases_takeover (room_id, handed_on);
create unique index cases_takeover_open on cases_takeover (room_id) where confirmed_at is null and dropped_at is null;
create index cases_takeover_waiting on cases_takeover (to_posting_id, handed_on) where confirmed_at is null and dropped_at is null;
