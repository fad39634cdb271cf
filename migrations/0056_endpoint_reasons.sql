-- why an endpoint is in its state
select 1;
