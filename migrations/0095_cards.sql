-- 連携カード (HSE-10): whom one person can call, on a card to carry. What a card says is kept as it
-- was printed; it never holds an address or a matter.

create table cases_card (
  id uuid primary key,
  room_id uuid not null references cases_case (room_id),
  person_id uuid not null,     -- the holder
  number bigint not null,      -- 版: 1, 2, … of this holder in this case
  state text not null,         -- cases::card::CardState
  issued_on date not null,
  issued_by uuid not null,
  issued_at timestamptz not null,
  changed_on date,             -- since when it is in use no more
  changed_by uuid,
  reason text not null,        -- why it is in use no more; empty while it is
  version bigint not null
);
create unique index cases_card_by_number on cases_card (room_id, person_id, number);
create unique index cases_card_in_use on cases_card (room_id, person_id) where state = 'issued';

create table cases_card_line (
  card_id uuid not null references cases_card (id),
  place bigint not null,
  posting_id uuid,             -- somebody of the team …
  desk_id uuid,                -- … or a desk of it; the posting's desk as well
  name text not null,
  body text not null,
  phone text not null,
  consent_id uuid,             -- what lets the card name them; null for the desk that issues it
  primary key (card_id, place)
);
