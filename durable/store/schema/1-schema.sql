-- One account's database. Applied once, as the first migration; later ones stand in migrations.ts.

-- Single values: account, epoch, resource, archive cursor, sealed sign-in data.
create table meta (
  key text primary key,
  value text not null
) strict, without rowid;

-- The log. `seq` is the order of delivery, `position` the place in the conversation.
-- `content` of a message is one opaque column, so that clear text can later be sealed to the browsers.
-- `progress` of an own message: 1 sent, 2 delivered, 3 read; it only rises.
create table entries (
  seq integer primary key,
  id text not null unique,
  kind text not null check (kind in ('message', 'progress', 'read', 'contact', 'policy')),
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

-- One message is one entry, by whatever road it came: (archive, id) and (sender, origin-id) identify it.
create unique index entries_by_archive on entries (archive_by, archive_id) where archive_id is not null;
create index entries_by_origin on entries (sender, origin_id) where origin_id is not null;

-- What the server has not yet acknowledged: finished stanzas, never made again. A failed one waits for a retry.
create table outbox (
  seq integer primary key,
  client text not null unique,
  stanza text not null,
  failed integer not null default 0
) strict;

-- Every browser that ever signed in and was not erased.
create table browsers (
  id text primary key,
  name text not null,
  secret_hash text,
  public_key text,
  wrapped_key text,
  device integer,
  first_seen integer not null,
  last_seen integer not null,
  acked_seq integer not null default 0
) strict, without rowid;

-- The roster and requests as last told to the browsers.
create table contacts (
  jid text primary key,
  name text,
  subscription text not null,
  asked integer not null default 0,
  request integer not null default 0
) strict, without rowid;

-- OMEMO device lists, our own included: a cache, but what browsers encrypt to while the server is away.
create table device_lists (
  jid text primary key,
  devices text not null,
  fetched_at integer not null
) strict, without rowid;

-- Per conversation: what all browsers share.
create table conversations (
  jid text primary key,
  read_to integer,
  encrypted integer not null default 0
) strict, without rowid;
