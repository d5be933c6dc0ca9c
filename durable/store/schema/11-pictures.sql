-- Eleventh step: which picture somebody has, by its hash and by whom that was said: "node <id>" (XEP-0084) or
-- "presence <id>" (XEP-0153). Pictures themselves are not kept.
alter table contacts add column picture text;
-- What they say of being there, and since when they have done nothing (XEP-0319).
alter table presence add column show text;
alter table presence add column idle integer;
-- When contacts were there last; kept over streams, which begin with nobody there.
create table last_seen (
  jid text primary key,
  at integer not null
) strict, without rowid;
