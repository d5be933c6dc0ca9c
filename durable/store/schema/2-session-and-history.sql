-- Second step: one session across resets, places for what is filled in later, rooms, the order of what browsers send.

-- `kind` is checked by the types; a list here would mean a new table for every new kind.
create table entries_new (
  seq integer primary key,
  id text not null unique,
  kind text not null,
  chat text,
  position integer,
  sender text,
  origin_id text,
  archive_by text,
  archive_id text,
  detail text not null,
  content text,
  progress integer not null default 0
) strict;
insert into entries_new select * from entries;
drop table entries;
alter table entries_new rename to entries;
create unique index entries_by_archive on entries (archive_by, archive_id) where archive_id is not null;
create index entries_by_origin on entries (sender, origin_id) where origin_id is not null;

-- How far each archive has been read: the account's own and those of rooms. `cursor` and `at` name the newest message
-- taken from it, `oldest` the first one of what was loaded backwards, `complete` that nothing lies before that.
create table archives (
  jid text primary key,
  cursor text,
  at integer,
  oldest text,
  complete integer not null default 0
) strict, without rowid;
insert into archives (jid, cursor, at)
  select json_extract(value, '$'),
    (select json_extract(value, '$') from meta where key = 'archive-cursor'),
    (select json_extract(value, '$') from meta where key = 'archive-time')
  from meta where key = 'account';
delete from meta where key in ('archive-cursor', 'archive-time');

-- Messages that came live while older ones were still missing: drafts as JSON, in the order of their arrival.
create table held (
  n integer primary key,
  archive text not null,
  drafts text not null
) strict;

-- Stretches of history that are missing: filled from `next` on, below `position`.
create table gaps (
  id text primary key,
  archive text not null,
  position integer not null,
  next integer not null
) strict, without rowid;

-- The one stream that can be resumed (XEP-0198), and what belongs to it: one row or none.
create table stream (
  one integer primary key check (one = 1),
  sm_id text not null,
  full_jid text not null,
  location text,
  endpoint text not null,
  inbound integer not null,
  acknowledged integer not null,
  resumable_ms integer not null,
  session text not null
) strict;

-- What was written to it and is not acknowledged. A message stands in the outbox; other stanzas as they were written.
create table unacked (
  n integer primary key,
  client text,
  stanza text
) strict;

-- Who is there, by resource: a resumed stream does not tell it again.
create table presence (
  jid text not null,
  resource text not null,
  primary key (jid, resource)
) strict, without rowid;

-- Rooms this account wants to be in, and who is in them.
create table rooms (
  jid text primary key,
  nick text not null,
  state text not null,
  info text not null
) strict, without rowid;
create table occupants (
  room text not null,
  nick text not null,
  info text not null,
  primary key (room, nick)
) strict, without rowid;

-- The last number accepted from each browser, and browsers that were signed out by another: known, but not let in.
alter table browsers add column accepted integer not null default 0;
alter table browsers add column revoked_at integer;
