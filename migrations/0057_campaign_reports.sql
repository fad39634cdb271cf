-- tracked links and reports
select 1;
