-- `failed`: how many pushes in a row its service did not take however often they were tried.
alter table push_targets add column failed integer not null default 0;
