-- Cases are found by what they are called, not only by their number. The keys of the index are made
-- by the program, so this writes down which cases are to be put in again; `engawa serve` and
-- `engawa migrate` do it right after the migrations (cases::store::index::catch_up).
create table cases_index_pending (
  room_id uuid primary key references room (id)
);
insert into cases_index_pending (room_id) select room_id from cases_case;
