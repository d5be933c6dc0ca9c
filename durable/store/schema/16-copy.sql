-- The sealed copy of the account's texts, one or none: what its browsers alone can open. `token_hash`: SHA-256 of what shows that
-- somebody has its key. `length`: characters of all that is kept of it.
create table sealed_copy (
  id integer primary key check (id = 1),
  generation text not null,
  token_hash text not null,
  number integer not null,
  manifest text not null,
  passkey text,
  began_by text not null,
  began_at integer not null,
  length integer not null,
  ending_by text,
  ending_at integer
) strict;

create table sealed_chunks (
  chunk integer primary key,
  bytes text not null
) strict;
