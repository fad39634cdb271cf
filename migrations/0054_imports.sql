-- imports
select 1;
