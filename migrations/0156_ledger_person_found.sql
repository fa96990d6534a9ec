-- Whether an earlier row was about the same person is asked for each row of a ledger: by this index it
-- is one entry; without the last column SQLite went through all rows that are in, in their order.

drop index ledger_seen_by_person;
create index ledger_seen_by_person on ledger_seen (municipality_id, person_key, signature);
