-- Five years of contacts are counted from indexes that hold all that a table asks of them. Those of
-- before were partial; for the condition on deleted_at SQLite went to the record of each entry.

drop index cases_contact_counted;
drop index cases_contact_by_desk;
create index cases_contact_counted on cases_contact (at, desk_id, kind, work, minutes, room_id, id, deleted_at);
create index cases_contact_by_desk on cases_contact (desk_id, kind, at, deleted_at);
