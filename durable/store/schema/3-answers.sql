-- Third step: whether somebody of this account has written in a conversation, so that receipts tell nobody that it exists.
alter table conversations add column answered integer not null default 0;
insert into conversations (jid, answered)
  select distinct chat, 1 from entries
  where kind = 'message' and chat is not null
    and sender = (select json_extract(value, '$') from meta where key = 'account')
  on conflict (jid) do update set answered = 1;
