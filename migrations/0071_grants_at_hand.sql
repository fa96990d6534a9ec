-- Every list, search and count asks for each room whether one holds a key to it. With all that the
-- question needs in the index, the keys themselves need not be read.
drop index access_grant_by_room;
create index access_grant_by_room on access_grant
  (room_id, revoked_at, posting_id, desk_id, valid_from, valid_until, opens_sealed);
