-- How often streams ended while a message was on its way, weighed: one that a server does not take is put aside.
alter table outbox add column suspicion integer not null default 0;
