-- Ninth step: strangers who were declined and people who are blocked (XEP-0191) stay so; whom we asked ourselves is let
-- in when they ask back (RFC 6121 §3.4); what somebody calls themselves (XEP-0172).
alter table contacts add column declined integer not null default 0;
alter table contacts add column blocked integer not null default 0;
alter table contacts add column welcome integer not null default 0;
alter table contacts add column nick text;
-- What a person calls this browser; the name that it gives itself comes again with every sign-in.
alter table browsers add column given_name text;
