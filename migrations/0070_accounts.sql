-- What an administrator sees of an account: when its person last got in, and why it is closed.

alter table identity_account add column last_login_at timestamptz; -- null: never, or not since before this column
alter table identity_account add column disabled_reason text not null default ''; -- the administrator's words

update identity_account set last_login_at =
  (select max(i.created_at) from identity_session i
    where i.staff_id = identity_account.staff_id and i.second_factor <> 'code');

-- "Closed ones" are few among many; the list itself goes by staff_by_name.
create index identity_account_closed on identity_account (municipality_id, staff_id) where disabled_at is not null;
-- "Locked ones": is anybody locked at all?
create index identity_throttle_by_block on identity_throttle (blocked_until) where blocked_until is not null;
