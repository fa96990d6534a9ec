-- What the one search box looks through, on PostgreSQL. See kernel/src/search.rs.
-- `id` grows with time, so "newest first" is "highest id first".

create table search_doc (
  id bigint generated always as identity primary key,
  room_id uuid not null references room (id),
  kind text not null, -- kernel::search::DocKind
  source_id uuid not null,
  at timestamptz not null,
  said text not null,  -- a name as typed, to tell why it was found; empty for the other kinds
  shown text not null, -- what a hit shows; nothing protected
  key text not null,   -- folded (text::name::part_keys, text::kana::text_key)
  grams text[] not null
);
create index search_doc_by_source on search_doc (source_id, kind, room_id);
create index search_doc_of_room on search_doc (room_id) where kind in ('name', 'phone', 'number');
create index search_doc_words_of_room on search_doc (room_id) where kind in ('words', 'contact');
create index search_doc_short on search_doc using gin (grams) where kind in ('name', 'phone', 'number');
create index search_doc_long on search_doc using gin (grams) where kind in ('words', 'contact');
alter table search_doc alter column grams set statistics 1000;
