-- Sign-in: accounts, second factors, sessions, API tokens. Nothing here can be turned back into a
-- password, a session cookie or a token; the secret of the second factor lies under the protection
-- of the disk, since a server must know it to check a code.

create table identity_account (
  staff_id uuid primary key references staff (id),
  municipality_id uuid not null references municipality (id),
  login text not null,         -- user name, lower case
  password_hash text not null, -- argon2id, PHC text
  password_set_at timestamptz not null,
  must_change boolean not null, -- an administrator chose the password: only good to set one's own
  totp_secret bytea,            -- null: no second factor
  totp_pending bytea,           -- shown as a QR code, not yet proven by a first code
  totp_last_step bigint,        -- newest 30-second step used; no code is good twice
  disabled_at timestamptz,
  created_at timestamptz not null,
  unique (municipality_id, login)
);

-- 予備コード: each good once.
create table identity_recovery (
  staff_id uuid not null references identity_account (staff_id),
  code_hash bytea not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (staff_id, code_hash)
);

create table identity_session (
  id uuid primary key,
  token_hash bytea not null unique, -- SHA-256 of the cookie
  staff_id uuid not null references identity_account (staff_id),
  csrf text not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null, -- written at most once a minute
  expires_at timestamptz not null,   -- absolute end
  locked_at timestamptz,             -- 画面ロック
  revoked_at timestamptz,
  user_agent text not null,          -- browser and system in a few words
  second_factor text not null        -- none | code | enrol | done: see identity::model::SecondFactor
);
create index identity_session_by_staff on identity_session (staff_id, revoked_at, expires_at);

create table identity_token (
  id uuid primary key,
  staff_id uuid not null references identity_account (staff_id),
  name text not null,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz, -- written at most once a minute
  revoked_at timestamptz
);
create index identity_token_by_staff on identity_token (staff_id, revoked_at, created_at);

-- Failed attempts, by user name (whether or not there is such an account: an attacker must not
-- learn it from being locked out) and by source address.
create table identity_throttle (
  key text primary key, -- kind and SHA-256: a password typed into the wrong field is not kept
  failures bigint not null,
  last_failed_at timestamptz not null,
  blocked_until timestamptz,
  noted boolean not null -- the first attempt refused in this block is in the log
);
create index identity_throttle_by_time on identity_throttle (last_failed_at);
