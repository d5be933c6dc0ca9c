-- `failed`: how many pushes in a row its service did not take however often they were tried.
alter table push_targets add column failed integer not null default 0;
-- Hours in which the browser is not rung, as JSON.
alter table push_targets add column quiet text;
