-- 別紙・図・根拠資料 (OPS-09): what is attached to a record. The bytes lie in a table of their own, so
-- that no list reads them; one stored file may be attached to several records (the next version of a
-- plan sheet starts with the files of the one before).

create table stored_file (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  sha256 text not null,         -- of the bytes as stored, hexadecimal
  media text not null,          -- kernel::files::Media, by the content
  size bigint not null,         -- bytes
  width bigint not null,        -- of a picture as it is looked at, in pixels; 0: no picture
  height bigint not null,
  stored_at timestamptz not null
);
create index stored_file_by_hash on stored_file (municipality_id, sha256);

create table stored_file_bytes (
  file_id uuid primary key references stored_file (id),
  bytes bytea not null
);

create table attachment (
  id uuid primary key,          -- what /files/{id} names
  municipality_id uuid not null references municipality (id),
  owner_kind text not null,     -- kernel::files::OwnerKind: which domain knows who may see it
  owner_id uuid not null,
  place text not null,          -- where in the owner: a block of a plan sheet, a fiscal year
  file_id uuid not null references stored_file (id),
  name text not null,           -- as the file was called
  caption text not null,
  class text not null,          -- kernel::files::Class
  publish boolean not null,     -- 公表してよい
  version bigint not null,
  added_by uuid not null,
  added_at timestamptz not null,
  removed_by uuid,
  removed_at timestamptz        -- taken off; the bytes stay until the records' retention ends
);
create index attachment_by_owner on attachment (owner_kind, owner_id, place, id);
