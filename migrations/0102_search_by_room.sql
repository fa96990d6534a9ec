-- Searching no longer looks through one's own rooms text by text, which the two indexes were for;
-- what is left is to find all texts of a room when somebody gets a key to it.

drop index search_doc_of_room;
drop index search_doc_words_of_room;
create index search_doc_by_room on search_doc (room_id);
