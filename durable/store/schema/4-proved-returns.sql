-- Fourth step: a stream that came back and has not proved yet that it is whole is not gone on with once more.
alter table stream add column proved integer not null default 1;
