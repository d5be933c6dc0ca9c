-- Tenth step: what the person has chosen, for a conversation (`chat`) or for themselves (no `chat`: an empty one). The value
-- is JSON; what is as it would be by itself has no row.
create table choices (
  chat text not null,
  name text not null,
  value text not null,
  primary key (chat, name)
) strict, without rowid;
