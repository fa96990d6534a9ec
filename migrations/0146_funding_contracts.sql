-- 委託・補助 (FND-07): what each contract promises, what of it was delivered and what was claimed.

create table funding_contract (
  id uuid primary key,
  municipality_id uuid not null references municipality (id),
  name text not null,
  mode text not null,           -- code list contract_mode
  part text not null,           -- 事業のうちの部分
  commissioner text not null,   -- 委託元・経由
  valid_from date not null,
  valid_to date,                -- null: until further notice
  follows uuid references funding_contract (id), -- the contract or own project before it
  note text not null,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index funding_contract_by_day on funding_contract (municipality_id, valid_from, id);

create table funding_contract_scheme (
  contract_id uuid not null references funding_contract (id),
  scheme text not null,         -- funding::model::Scheme
  primary key (contract_id, scheme)
);

create table funding_contract_body (
  contract_id uuid not null references funding_contract (id),
  place bigint not null,
  body_id uuid not null,        -- of the register of bodies
  share text not null,          -- 担当する部分・割合
  primary key (contract_id, place)
);
create index funding_contract_body_by_body on funding_contract_body (body_id, contract_id);

create table funding_cost (
  contract_id uuid not null references funding_contract (id),
  place bigint not null,
  kind text not null,           -- funding::contract::CostKind
  what text not null,           -- the post or person, the expense
  subsidised text not null,     -- funding::contract::Subsidised
  amount bigint,                -- yen; null: not known
  primary key (contract_id, place)
);

create table funding_deliverable (
  id uuid primary key,
  contract_id uuid not null references funding_contract (id),
  name text not null,
  number bigint,                -- promised; null: no number is promised
  unit text not null,
  indicator text not null,      -- id of the indicator that counts it; empty: counted by hand
  value bigint,                 -- reported; null: nothing reported yet
  reported_on date,
  report text not null,
  reported_by uuid,
  version bigint not null,
  saved_by uuid not null,
  saved_at timestamptz not null
);
create index funding_deliverable_by_contract on funding_deliverable (contract_id, id);

create table funding_claim (
  id uuid primary key,
  contract_id uuid not null references funding_contract (id),
  what text not null,
  basis text not null,          -- 積算: 12回×15人×100円
  amount bigint not null,       -- yen
  claimed_on date not null,
  state text not null,          -- funding::contract::ClaimState
  note text not null,           -- why it went back
  entered_by uuid not null,
  entered_at timestamptz not null,
  checked_by uuid,              -- somebody else
  checked_at timestamptz,
  version bigint not null
);
create index funding_claim_by_contract on funding_claim (contract_id, claimed_on, id);
