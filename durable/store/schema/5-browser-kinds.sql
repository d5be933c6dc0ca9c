-- Fifth step: what sort of thing a browser runs on.
alter table browsers add column kind text not null default 'computer';
