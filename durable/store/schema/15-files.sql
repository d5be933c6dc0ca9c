-- Which links an encrypted message has stood for, by their SHA-256 (base64url): only a few, for good. What they lead to, and
-- the links themselves, the object does not know.
create table file_links (
  message text not null,
  digest text not null,
  primary key (message, digest)
) strict, without rowid;
