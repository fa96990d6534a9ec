-- The day on which somebody last said that the desk's card (what it does, hours, telephone) is right.
alter table organisations_desk add column confirmed_on date;
