-- What the one search box looks through, on SQLite. See kernel/src/search.rs.
-- `id` grows with time, so "newest first" is "highest id first" and a search can stop early.

create table search_doc (
  id integer primary key,
  room_id uuid not null references room (id),
  kind text not null, -- kernel::search::DocKind
  source_id uuid not null,
  at timestamptz not null,
  said text not null,  -- a name as typed, to tell why it was found; empty for the other kinds
  shown text not null, -- what a hit shows; nothing protected
  key text not null    -- folded (text::name::part_keys, text::kana::text_key)
);
create index search_doc_by_source on search_doc (source_id, kind, room_id);
create index search_doc_of_room on search_doc (room_id, key, kind) where kind in ('name', 'phone', 'number');
create index search_doc_words_of_room on search_doc (room_id) where kind in ('words', 'contact');

-- Pieces of the keys. The ascii tokenizer leaves every sign beyond ASCII as it is (dakuten, rare
-- kanji); detail=none keeps row numbers only, since every candidate is checked against its key.
create virtual table search_short using fts5 (grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
create virtual table search_long using fts5 (grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
