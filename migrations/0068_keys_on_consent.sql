-- Keys that stand as long as somebody agrees; they go in the transaction that ends the consent.
create table access_rests_on (
  grant_id uuid not null references access_grant (id),
  person_id uuid not null,
  desk_id uuid not null, -- whom the consent must name
  primary key (grant_id, person_id)
);
create index access_rests_on_by_person on access_rests_on (person_id, grant_id);
