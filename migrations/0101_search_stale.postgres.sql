-- A text that the search index does not know yet, or knows under keys that have changed since; see
-- kernel/src/search/turn.rs. All texts of before enter again, with the marks of who holds keys.

alter table search_doc add column stale boolean not null default true;
alter table search_doc alter column grams set default '{}';
create index search_doc_stale on search_doc (id) where stale;
