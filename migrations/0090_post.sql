-- お知らせ by mail: how each person wants to be told, and which notices have been told of. A mail says
-- only that something waits.

create table notice_mail (
  staff_id uuid primary key references staff (id),
  wish text not null,            -- kernel::notices::mail::Telling; empty: not chosen, the default holds
  sent_at timestamptz,           -- when the server took the newest mail
  failures bigint not null,      -- attempts since then that did not succeed, the one under way included
  try_after timestamptz,         -- not before; also keeps two programs from sending the same mail
  refused_address text not null  -- where the newest mail could not be delivered in the end; empty: it could
);

alter table notice add column mailed_at timestamptz;        -- the server took a mail that counted this notice
alter table notice add column mail_given_up_at timestamptz; -- no mail about this one any more

create index notice_to_mail on notice (staff_id, created_at)
  where read_at is null and mailed_at is null and mail_given_up_at is null;
