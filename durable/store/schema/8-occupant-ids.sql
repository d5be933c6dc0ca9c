-- Eighth step: an author is looked up by the room's id for every message; groups of contacts, as the roster has them.
create index occupants_by_id on occupants (json_extract(info, '$.id'), room);
-- JSON; null: not on the roster, or not read since this column is here.
alter table contacts add column groups text;
