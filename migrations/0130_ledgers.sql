-- 台帳の取り込み: old ledgers of consultations. What is said about people waits here only until the
-- import is done; then it lies in rooms, and the lines keep no more than where they went.

-- Which column of a ledger fills which field, remembered by the labels of its header.
create table ledger_layout (
  municipality_id uuid not null references municipality (id),
  headers text not null, -- hash of the labels
  choice text not null,  -- JSON: columns and options
  updated_at timestamptz not null,
  updated_by uuid not null,
  primary key (municipality_id, headers)
);

create table ledger_import (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  staff_id uuid not null references staff (id),
  desk_id uuid,            -- the desk that the consultations belong to
  file_name text not null,
  book text not null,      -- JSON of the rows as read; emptied when no longer needed
  headers text not null,   -- hash of the labels
  choice text not null,    -- JSON: columns and options
  state text not null,     -- read | checked | running | done | undone
  trouble text not null,   -- why the run stopped, in the user's words
  line_count bigint not null,
  beat_at timestamptz,     -- last sign of life of the run
  created_at timestamptz not null,
  finished_at timestamptz,
  undone_at timestamptz
);
create index ledger_import_by_time on ledger_import (municipality_id, created_at);
create index ledger_import_by_desk on ledger_import (desk_id);

create table ledger_line (
  import_id uuid not null references ledger_import (id),
  place bigint not null,
  label text not null,     -- 「4月」の12行目
  state text not null,     -- ready | same | refused | made | undone | kept
  signature text not null, -- hash of what the row says
  entry text not null,     -- JSON of the row as understood; emptied once made
  repairs text not null,   -- JSON: column, before, after, kind; emptied with it
  kinds text not null,     -- kinds of repair, each between blanks
  errors text not null,    -- JSON: column, message
  room_id uuid,
  person_id uuid,
  acts bigint,             -- lines of the log about the room when it was made
  primary key (import_id, place)
);
create index ledger_line_by_state on ledger_line (import_id, state, place);

-- Rows that are in: the same row is not taken in twice, whichever file it comes in.
create table ledger_seen (
  municipality_id uuid not null,
  signature text not null,
  import_id uuid not null references ledger_import (id),
  person_key text not null, -- name and birthday, hashed; empty when either is unknown
  person_id uuid,
  primary key (municipality_id, signature)
);
create index ledger_seen_by_person on ledger_seen (municipality_id, person_key);
create index ledger_seen_by_import on ledger_seen (import_id);
