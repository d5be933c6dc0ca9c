-- Tenth step: what the person has chosen, for a conversation (`chat`) or for themselves (no `chat`: an empty one). The value
-- is JSON; what is as it would be by itself has no row.
create table choices (
  chat text not null,
  name text not null,
  value text not null,
  primary key (chat, name)
) strict, without rowid;
-- A marker names a place in a conversation and means what stands before it (XEP-0333, XEP-0490): each was a walk over the
-- whole log, 50 to 90 ms and a row read for each of 100,000 entries.
create index entries_by_place on entries (chat, position) where position is not null;
