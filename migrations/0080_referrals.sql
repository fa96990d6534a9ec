-- つなぐシート: one hand-over from desk to desk. Its room (kernel) says whose move it is and who may
-- read it; the case or consultation that it speaks of is another room.

create table referrals_sheet (
  room_id uuid primary key references room (id),
  municipality_id uuid not null references municipality (id),
  source_room_id uuid not null references room (id), -- the case or consultation that it comes from
  kind text not null,           -- referrals::model::ReferralKind
  state text not null,          -- referrals::model::State
  follows_room_id uuid references referrals_sheet (room_id), -- the returned one that this raises again
  from_desk_id uuid not null,
  from_posting_id uuid,
  from_staff_id uuid not null,
  to_desk_id uuid,              -- a desk of this system, or …
  to_posting_id uuid,           -- (somebody in particular there: needed for sealed records)
  to_name text not null,        -- … a body outside, by name
  to_contact text not null,
  paper boolean not null,       -- nobody at the receiver uses Engawa: the sender writes the answers down
  wishes text not null,         -- 配慮を希望されること
  words text not null,          -- 相談したいこと
  reason text not null,         -- 紹介する理由
  asked text not null,          -- お願いしたいこと
  urgency text not null,
  reply_due_on date not null,   -- 返事の期日
  key_level text not null,      -- sheet | read | write: what accepting opens
  basis text not null,          -- kernel::access::Basis
  basis_reason text not null,   -- in words, when it is not consent
  snapshot text not null,       -- JSON: what the receiver reads, frozen when sent
  due_on date,                  -- by when the next move is due; null only when nobody has a move
  move_since timestamptz not null,
  layer bigint not null,        -- how far the overdue move has been told upwards
  sent_at timestamptz,
  opened_at timestamptz,        -- the receiver's first look
  answered_at timestamptz,      -- accepted, returned or advised
  closed_at timestamptz,
  outcome text,                 -- of the report
  linked boolean,               -- つながりを確かめた
  return_reason text,
  created_at timestamptz not null,
  version bigint not null
);
create index referrals_sheet_by_source on referrals_sheet (source_room_id, created_at);
create index referrals_sheet_by_receiver on referrals_sheet (to_desk_id, state, due_on);
create index referrals_sheet_by_sender on referrals_sheet (from_desk_id, state, due_on);
create index referrals_sheet_by_due on referrals_sheet (municipality_id, due_on) where due_on is not null;
create index referrals_sheet_by_sending on referrals_sheet (municipality_id, sent_at);
create index referrals_sheet_by_follows on referrals_sheet (follows_room_id);

-- Whom the sender ticked. Who agreed is asked anew until it is sent.
create table referrals_person (
  room_id uuid not null references referrals_sheet (room_id),
  person_id uuid not null,
  primary key (room_id, person_id)
);
create index referrals_person_by_person on referrals_person (person_id, room_id);
-- Which worries, of whom; person_id is the nil id for the household's.
create table referrals_issue (
  room_id uuid not null references referrals_sheet (room_id),
  code text not null,
  person_id uuid not null,
  primary key (room_id, code, person_id)
);

-- 経過: who did what when, whose move it was from then on and until when. Never changed.
create table referrals_step (
  id uuid primary key,
  room_id uuid not null references referrals_sheet (room_id),
  place bigint not null,        -- 1, 2, 3 …
  act text not null,            -- referrals::model::Act, or escalate | key_ended
  state text not null,          -- from then on
  turn_desk_id uuid,            -- whose move; null only when nobody has one
  due_on date,
  at timestamptz not null,
  staff_id uuid not null,
  desk_id uuid,
  side text not null,           -- sender | receiver | system
  channel text not null,        -- how an answer from outside came; empty inside
  answered_by text not null,    -- who answered there
  reason text not null,         -- code: of a return, a withdrawal, an outcome
  note text not null,           -- in words
  proposal text not null,       -- instead of us: whom, what
  detail text not null,         -- JSON of codes and numbers
  unique (room_id, place)
);

-- 返信票: the code that is printed for receivers outside; the secret is kept as a hash.
create table referrals_slip (
  code text primary key,
  room_id uuid not null references referrals_sheet (room_id),
  secret_hash bytea not null,
  expires_on date not null,
  misses bigint not null,       -- wrong secrets since; too many close the slip
  made_at timestamptz not null
);
create index referrals_slip_by_room on referrals_slip (room_id, made_at);
-- What came in by it: a message to the sender, not yet an act.
create table referrals_reply (
  id uuid primary key,
  room_id uuid not null references referrals_sheet (room_id),
  answer text not null,         -- referrals::model::Answer
  by_name text not null,
  note text not null,
  at timestamptz not null,
  taken_at timestamptz          -- written down as an act by the sender
);
create index referrals_reply_by_room on referrals_reply (room_id, at);

create table referrals_setting (
  municipality_id uuid primary key references municipality (id),
  emergency_days bigint not null,
  soon_days bigint not null,
  normal_days bigint not null,
  own_move_days bigint not null,  -- for the sender's next move
  layer_days bigint not null,     -- between two layers
  stale_days bigint not null,     -- after which a desk's card counts as old
  version bigint not null
);
