-- contacts, lists and segments
select 1;
