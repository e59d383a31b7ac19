-- What becomes of a step that a worker hands in. A worker may have committed a step and died before it could tell Temporal, so
-- the database may be ahead of the workflow: then the same step is `known`, and another one in its place must not be written
-- nor taken for it (`ahead`). A press that came after its caller was told that nothing was done is `late`: the row lock is held
-- from the look at the clock to the commit, so whoever locks the row afterwards sees either the step or that it never comes.
create function record_step(r jsonb) returns table (verdict text, last_seq integer) language plpgsql as $$
declare
  reached integer;
begin
  select seq into reached from orders where id = r ->> 'orderId' for no key update;
  if (r ->> 'seq')::integer <= reached then
    return query
      select case when exists (select from transitions as t
                                where t.order_id = r ->> 'orderId' and t.seq = (r ->> 'seq')::integer and t.event = r -> 'event')
                  then 'known' else 'ahead' end, reached;
  elsif clock_timestamp() > (r ->> 'notAfter')::timestamptz then
    return query select 'late', reached;
  else
    return query select 'applied', w.last_seq from record_transition(r) as w;
  end if;
end
$$;
