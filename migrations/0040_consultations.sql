-- 相談受付: one event of receiving. Not yet a case. The room (0001) has the number, the owner and
-- whom it is about; here lies what was said. The same text runs on SQLite and PostgreSQL.

create table consultations_consultation (
  room_id uuid primary key references room (id),
  municipality_id uuid not null references municipality (id),
  who text not null,     -- who came: subject | other | notice | agency (model::WhoCame)
  slip boolean not null, -- written by a lay receiver (協力者の受付票)
  received_at timestamptz not null, -- when it was said, not when it was typed
  recorded_at timestamptz not null,
  received_by uuid not null references staff (id),
  desk_id uuid not null, -- the desk that received it; whose move it is now stands in the room
  channel text not null,
  route text not null,
  urgency text not null,
  urgency_rank bigint not null, -- 0 first; the order of the queue (rules::urgency_rank)
  emergency boolean not null,   -- came by the emergency route
  words text not null,          -- as said
  place text not null,
  heard_of text not null,
  why_not_earlier text not null,
  wishes text not null,         -- 配慮を希望されること
  notes text not null,
  -- The person who came, when that is somebody else than the subject and need not be hidden.
  -- Whoever gave a third-party notice stands in consultations_reporter only.
  consulter_name text not null,
  consulter_kana text not null,
  consulter_relation text not null,
  consulter_contact text not null,
  main_issue text, -- ◎
  -- 他の窓口で受け止められなかった相談
  dropped_where text not null,
  dropped_reason text,
  dropped_note text not null,
  dropped_days bigint,
  -- 制度の狭間
  gap_kind text not null,
  gap_schemes text not null,
  compound_auto boolean not null,
  compound_manual boolean, -- set by a person; null: follow compound_auto
  subject_line text not null, -- who it is about, in one line for lists; holds nothing that is protected
  state text not null, -- rules::State
  is_open boolean not null,
  state_since timestamptz not null,
  turn_since timestamptz not null, -- since when it is the present owner's move
  arrived_at timestamptz, -- passed on from another desk and not yet taken up
  triaged_at timestamptz,
  first_contact_at timestamptz,
  necessity text,
  severity text,
  lead_desk_id uuid,
  case_room_id uuid references room (id),
  version bigint not null
);
create index consultations_queue on consultations_consultation (municipality_id, is_open, urgency_rank, received_at, room_id);
create index consultations_past on consultations_consultation (municipality_id, is_open, state_since, room_id);
create index consultations_by_case on consultations_consultation (case_room_id, received_at);
create index consultations_by_receiver on consultations_consultation (received_by, slip, received_at);

-- Who gave a third-party notice. Read only by the notice's own page.
create table consultations_reporter (
  room_id uuid primary key references consultations_consultation (room_id),
  name text not null,
  kana text not null,
  relation text not null,
  contact text not null,
  status text not null, -- received | closed: all that the reporter is told
  status_at timestamptz not null
);

-- Whom it is about, as far as known, in the order given. heard_* is what was said at the time; the
-- person's own record goes on without it.
create table consultations_subject (
  room_id uuid not null references consultations_consultation (room_id),
  seq bigint not null,
  person_id uuid not null,
  relation text not null, -- to the consulter
  residence text,
  residence_place text not null,
  heard_label text not null,
  heard_name text not null,
  heard_kana text not null,
  heard_sex text not null,
  heard_birth text not null,
  heard_phone text not null,
  heard_address text not null,
  linked_from uuid, -- the anonymous record that stood here before
  linked_at timestamptz,
  linked_by uuid,
  primary key (room_id, seq)
);
create index consultations_subject_by_person on consultations_subject (person_id, room_id);

-- 課題 x person. subject_seq 0: the household, or nobody in particular.
create table consultations_issue (
  room_id uuid not null references consultations_consultation (room_id),
  code text not null,
  subject_seq bigint not null,
  primary key (room_id, code, subject_seq)
);

-- 機関・庁内からの依頼や情報: always gets an answer.
create table consultations_request (
  room_id uuid primary key references consultations_consultation (room_id),
  sender_body text not null,
  sender_person text not null,
  basis text not null,
  sign text not null,
  wanted text not null,
  reply_due_on date,
  reply text not null,
  replied_at timestamptz,
  replied_by uuid
);

-- 通報・緊急連絡 that was made, with its time.
create table consultations_emergency (
  id uuid primary key,
  room_id uuid not null references consultations_consultation (room_id),
  kind text not null,
  notified_at timestamptz not null,
  body text not null,
  person text not null,
  basis text not null,
  note text not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null
);
create index consultations_emergency_by_room on consultations_emergency (room_id, notified_at);

-- What was decided. A correction keeps the old line and says why.
create table consultations_decision (
  id uuid primary key,
  room_id uuid not null references consultations_consultation (room_id),
  state text not null,
  text text not null,          -- the answer, the plan or the reason
  closure text,                -- code of the reason when withdrawn
  accepted_body text not null, -- when handed over
  accepted_by text not null,
  review_on date,
  case_room_id uuid,
  lead_desk_id uuid,
  decided_on date not null,
  decided_at timestamptz not null,
  decided_by uuid not null,
  corrects uuid,
  correction_reason text not null,
  superseded_at timestamptz -- set when corrected
);
create index consultations_decision_by_room on consultations_decision (room_id, decided_at);

-- Whose move it was, and since when.
create table consultations_move (
  id uuid primary key,
  room_id uuid not null references consultations_consultation (room_id),
  from_desk uuid not null,
  from_posting uuid,
  to_desk uuid not null,
  to_posting uuid,
  note text not null,
  moved_by uuid not null,
  moved_at timestamptz not null
);
create index consultations_move_by_room on consultations_move (room_id, moved_at);

-- The text before a correction.
create table consultations_revision (
  id uuid primary key,
  room_id uuid not null references consultations_consultation (room_id),
  version bigint not null,
  body text not null, -- JSON: field to old text
  replaced_by uuid not null,
  replaced_at timestamptz not null
);
create index consultations_revision_by_room on consultations_revision (room_id, replaced_at);

-- Whom to call; a municipality without lines sees the shipped ones.
create table consultations_emergency_contact (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  place bigint not null,
  kind text not null,
  name text not null,
  phone text not null,
  basis text not null
);
create index consultations_emergency_contact_by_place on consultations_emergency_contact (municipality_id, place);

create table consultations_setting (
  municipality_id uuid primary key references municipality (id),
  sender_keeps_read boolean not null, -- a desk that passes a consultation on may go on reading it
  version bigint not null
);
