-- つなぐシート over the municipal border (REF-07): municipalities that also run Engawa, and the sealed
-- files that go between them.

-- What we show others of our own keys; the private parts lie in the data folder (border.*.key).
create table referrals_own_card (
  municipality_id uuid primary key references municipality (id),
  recipient text not null,      -- age: files to us are sealed for this
  verifier text not null,       -- ed25519, hexadecimal: our files are checked with this
  made_at timestamptz not null
);

-- 相手の自治体. Ended, never deleted: what was exchanged stays explained.
create table referrals_peer (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  name text not null,           -- as consents name the receiver
  code text not null,           -- 全国地方公共団体コード
  recipient text not null,
  verifier text not null,
  agreement text not null,      -- 協定
  from_on date not null,
  to_on date,                   -- last day of the agreement
  ended_at timestamptz,
  created_at timestamptz not null,
  version bigint not null
);
create unique index referrals_peer_in_force on referrals_peer (municipality_id, code) where ended_at is null;

alter table referrals_sheet add column peer_id uuid;        -- the municipality at the other end
alter table referrals_sheet add column arrived boolean not null default false; -- came in a file from there
alter table referrals_sheet add column thread_id uuid;      -- what both ends call this sheet
alter table referrals_sheet add column peer_place bigint not null default 0;   -- newest step of theirs taken in
alter table referrals_sheet add column from_name text not null default '';     -- who sent it there
alter table referrals_sheet add column asked_items text not null default '[]'; -- JSON: what was asked, one by one
create index referrals_sheet_by_thread on referrals_sheet (municipality_id, thread_id);

-- Every file that went out or came in. `thread`: the first coming in of a sheet, so that it comes in once.
create table referrals_file (
  municipality_id uuid not null references municipality (id),
  peer_id uuid not null references referrals_peer (id),
  way text not null,            -- out | in | thread
  package_id uuid not null,
  kind text not null,           -- sheet | answer | notice
  room_id uuid,
  made_at timestamptz not null,
  at timestamptz not null,
  staff_id uuid not null,
  primary key (municipality_id, peer_id, way, package_id)
);
create index referrals_file_by_room on referrals_file (room_id, at);
