-- What waits at a desk and nobody in particular has: few of the many rooms of a desk.
create index room_unowned on room (owner_desk_id, closed_at) where owner_posting_id is null;
