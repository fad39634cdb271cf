-- Which of an endpoint's two queues a delivery stands in: 0, never attempted; 1, to be attempted again. A queue that was
-- drained a moment ago has statistics of an empty table, by which any index with the endpoint in it looks as good as the
-- right one, and a claim then read all that waited for what it took. What a function costs is not in statistics: only
-- delivery_queue__due spares it. PL/pgSQL, as the planner would look into a function in SQL.
create function delivery_turn(attempts smallint) returns smallint
language plpgsql immutable strict parallel safe cost 10000 as $$ begin return least(attempts, 1::smallint); end $$;

drop index delivery_queue__due;
create index delivery_queue__due on delivery_queue (workspace_id, endpoint_id, delivery_turn(attempts), next_attempt_at, id)
  where state = 'pending';
