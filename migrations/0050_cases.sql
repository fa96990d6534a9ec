-- ケース・支援: a household's support over time. Its room (kernel) says who owns it and who may enter.

create table cases_case (
  room_id uuid primary key references room (id),
  label text not null,          -- as lists call it (見本家); a name at most, never an address
  household_id uuid,            -- 世帯; none while nobody is known
  stage text not null,          -- cases::model::Stage
  compound boolean not null,    -- 複合課題
  gap boolean not null,         -- 制度の狭間
  gap_note text not null,
  opened_on date not null,
  closed_on date,               -- of the closure in force
  last_contact_on date not null, -- day of the newest 支援経過, or the day of opening: for silent cases
  version bigint not null
);
create index cases_case_by_silence on cases_case (last_contact_on, room_id);
create index cases_case_by_opening on cases_case (opened_on, room_id);

-- Each closing, and its re-opening if any: closings are never overwritten.
create table cases_closure (
  id uuid primary key,
  room_id uuid not null references cases_case (room_id),
  closed_on date not null,
  reason text not null,       -- code list ClosureReason
  changes text not null,      -- 見られた変化
  later_lead text not null,   -- 後の主担当: who stays in contact, never empty
  next_check_on date,         -- 次の確認日
  no_check_reason text not null, -- why there is none
  closed_by uuid not null,
  recorded_at timestamptz not null,
  reopened_on date,
  reopened_reason text not null,
  reopened_by uuid,
  reopened_from uuid          -- the new consultation's room
);
create index cases_closure_by_room on cases_closure (room_id, recorded_at);

-- 課題: on a person, or on the household when person_id is null.
create table cases_issue (
  id uuid primary key,
  room_id uuid not null references cases_case (room_id),
  person_id uuid,
  code text not null,         -- code list Issue
  note text not null,
  opened_on date not null,
  end_state text,             -- code list IssueEnd; null while open
  ended_on date,
  end_note text not null,
  version bigint not null
);
create index cases_issue_by_room on cases_issue (room_id, opened_on);

-- 支援経過: one action. A corrected one keeps its old texts in cases_contact_revision.
create table cases_contact (
  id uuid primary key,
  room_id uuid not null references cases_case (room_id),
  at timestamptz not null,    -- when it happened
  kind text not null,         -- code list ContactKind
  minutes bigint,             -- 所要時間; null when not said
  place text not null,
  work text not null,         -- individual | community
  body text not null,         -- as typed
  person_visible boolean not null, -- 本人に見せてよい
  third_party boolean not null,    -- 第三者情報・評価を含む
  next_on date,               -- 次回予定
  staff_id uuid not null,     -- who acted
  posting_id uuid,
  desk_id uuid,
  recorded_at timestamptz not null,
  version bigint not null,
  deleted_at timestamptz,     -- a dated state until retention ends, never gone
  deleted_by uuid,
  deleted_reason text
);
create index cases_contact_by_time on cases_contact (room_id, at desc, id desc);

create table cases_contact_subject (
  contact_id uuid not null references cases_contact (id),
  person_id uuid not null,
  primary key (contact_id, person_id)
);

-- What a contact said before a correction (見え消し).
create table cases_contact_revision (
  id uuid primary key,
  contact_id uuid not null references cases_contact (id),
  version bigint not null,    -- the version that this one was
  at timestamptz not null,
  kind text not null,
  minutes bigint,
  place text not null,
  work text not null,
  body text not null,
  person_visible boolean not null,
  third_party boolean not null,
  subjects text not null,     -- JSON: ids
  reason text not null,       -- why it was corrected
  approver_posting_id uuid,   -- 承認者: asked for once the case is closed
  corrected_by uuid not null,
  corrected_at timestamptz not null
);
create unique index cases_contact_revision_by_contact on cases_contact_revision (contact_id, version);

-- 支援チーム. The owner's row follows room.owner_posting_id / owner_desk_id.
create table cases_member (
  id uuid primary key,
  room_id uuid not null references cases_case (room_id),
  kind text not null,         -- posting | desk | body | family
  posting_id uuid,
  desk_id uuid,
  body_id uuid,
  person_id uuid,
  name text not null,         -- of an outside body or helper without an account
  role text not null,         -- code list TeamRole
  does text not null,         -- できること・役割
  is_owner boolean not null,  -- 主担当
  level text,                 -- read | write: the key that the row cut; null when none
  from_on date not null,
  until_on date,              -- null while in the team
  end_reason text not null,
  recorded_at timestamptz not null
);
create index cases_member_by_room on cases_member (room_id, until_on, from_on);
create unique index cases_member_one_owner on cases_member (room_id) where is_owner and until_on is null;

-- A returning household: the new case and the one before.
create table cases_link (
  room_id uuid not null references cases_case (room_id),
  earlier_room_id uuid not null references cases_case (room_id),
  linked_by uuid not null,
  linked_at timestamptz not null,
  primary key (room_id, earlier_room_id)
);
create index cases_link_by_earlier on cases_link (earlier_room_id);

-- For きょう: what nobody in particular has yet at a desk, what I gave to others, what is new in a room.
create index task_unassigned on task (desk_id, due_on) where posting_id is null and done_at is null;
create index task_given on task (created_by, due_on) where done_at is null;
create index event_by_room_recorded on event (room_id, recorded_at);
