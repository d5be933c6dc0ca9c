-- Rooms that the account remembers on its server (XEP-0402), as this object has acted on them last: what has changed there
-- since was changed by another client.
create table bookmarks (
  jid text primary key,
  detail text not null
) strict, without rowid;
