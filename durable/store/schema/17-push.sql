-- Where browsers are rung while they are closed: at most one place each. `key` and `auth` are what a push is sealed for, `topic`
-- is drawn once and says nothing, `pushed` is how far the browser has been told by pushes, `refused` how often in a row its
-- service would not take one.
create table push_targets (
  browser text primary key,
  endpoint text not null,
  key text not null,
  auth text not null,
  origin text not null,
  topic text not null,
  pushed integer not null,
  refused integer not null default 0
) strict, without rowid;
