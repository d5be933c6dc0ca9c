-- Seventh step: the key by which a browser signs what it asks (its public half), and the session secret that takes the
-- place of the one before: `renewal` is JSON, `secret_at` when the present one was made.
alter table browsers add column signing_key text;
alter table browsers add column renewal text;
alter table browsers add column secret_at integer not null default 0;
