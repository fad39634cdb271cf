-- consent ledger, word lists and marketing limits
select 1;
