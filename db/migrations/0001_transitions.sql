-- The hot path: one call, one round trip, one transaction for the log, the projection, the counts and the outbox.

-- Text that the hash of a transition covers; recomputed from the stored row by verify_chain.
create function transition_canonical(t transitions) returns text language sql immutable parallel safe as $$
  select jsonb_build_array(
    t.order_id, t.seq, to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), t.event, t.actor, t.payload,
    t.from_states, t.to_states, t.entered, t.left_states, t.trace, t.set, t.effects, t.definition_version)::text
$$;
--> statement-breakpoint
create function chain_hash(prev_hash text, canonical text) returns text language sql immutable parallel safe as $$
  select encode(sha256(convert_to(prev_hash || canonical, 'UTF8')), 'hex')
$$;
--> statement-breakpoint
-- Writes one TransitionRecord (domain/transition.ts). The same (order, seq) again changes nothing and answers applied = false.
-- SF001: a transition before this one is missing. SF002: there is no such order.
create function record_transition(r jsonb) returns table (applied boolean, last_seq integer) language plpgsql as $$
declare
  x record;
  o record;
  t transitions;
  due integer;
  note text;
begin
  select * into x from jsonb_to_record(r) as (
    "orderId" text, seq integer, at timestamptz, event jsonb, actor jsonb, payload jsonb, "from" text[], "to" text[],
    entered text[], "left" text[], trace jsonb, set jsonb, effects text[], status text, outcome text, "outcomeKind" text,
    stage text, "tmfState" text, owners text[], "dueAt" timestamptz, incidents jsonb, instance jsonb, outbox jsonb,
    cancel text[], "definitionVersion" integer);

  select seq, chain_hash, states, incident_count, kind, definition_id, definition_version, customer_id, partner_id,
         partner_path, centre_id, city_id, technician_id
    into o from orders where id = x."orderId" for no key update;
  if not found then
    raise exception 'there is no order %', x."orderId" using errcode = 'SF002';
  end if;
  if x.seq <= o.seq then
    return query select false, o.seq;
    return;
  end if;
  if x.seq > o.seq + 1 then
    raise exception 'transition % of order % came after %', x.seq, x."orderId", o.seq using errcode = 'SF001';
  end if;

  t.order_id := x."orderId";
  t.seq := x.seq;
  t.at := date_trunc('milliseconds', x.at);
  t.event := x.event;
  t.actor := nullif(x.actor, 'null');
  t.payload := nullif(x.payload, 'null');
  t.from_states := x."from";
  t.to_states := x."to";
  t.entered := x.entered;
  t.left_states := x."left";
  t.trace := nullif(x.trace, 'null');
  t.set := x.set;
  t.effects := x.effects;
  t.definition_version := coalesce(x."definitionVersion", o.definition_version);
  t.prev_hash := o.chain_hash;
  t.hash := chain_hash(t.prev_hash, transition_canonical(t));
  insert into transitions select t.*;

  update orders set
    seq = x.seq, states = x."to", status = x.status, outcome = x.outcome, outcome_kind = x."outcomeKind", stage = x.stage,
    tmf_state = x."tmfState", owners = x.owners, due_at = x."dueAt", incident_count = jsonb_array_length(x.incidents),
    instance = x.instance, definition_version = t.definition_version, chain_hash = t.hash, updated_at = t.at,
    ended_at = case when x.status = 'ended' then coalesce(ended_at, t.at) end
  where id = x."orderId";

  if o.states <> x."to" then
    -- In the order of the states, so that two transactions on the same counters never wait for each other in a ring.
    insert into tally as c (definition_id, state, partner_id, centre_id, city_id, n)
      select o.definition_id, s, coalesce(o.partner_id, ''), coalesce(o.centre_id, ''), coalesce(o.city_id, ''), sum(d)
        from (select unnest(x."to") as s, 1 as d union all select unnest(o.states), -1) as moved
       group by s having sum(d) <> 0 order by s
      on conflict (definition_id, state, partner_id, centre_id, city_id) do update set n = c.n + excluded.n;
  end if;

  if jsonb_array_length(x.outbox) > 0 then
    with added as (
      insert into outbox (key, kind, payload, order_id, due_at, next_at, cancelled_at)
        select e ->> 'key', e ->> 'kind', e - 'key' - 'kind' - 'dueAt', x."orderId", at.due, at.due,
               case when not m.enabled then now() end
          from jsonb_array_elements(x.outbox) as e
          left join message_timings m on e ->> 'kind' = 'message' and m.definition_id = o.definition_id
                and m.state = e ->> 'state' and m.template = e ->> 'template'
          cross join lateral (
            select case when m.delay is not null then x.at + m.delay::interval
                        else coalesce((e ->> 'dueAt')::timestamptz, now()) end as due) as at
        on conflict (key) do nothing
        returning next_at, cancelled_at)
    select count(*) filter (where next_at <= now() and cancelled_at is null) into due from added;
    if due > 0 then
      perform pg_notify('outbox', '');
    end if;
  end if;

  if cardinality(x.cancel) > 0 then
    update outbox set cancelled_at = now()
     where key = any (x.cancel) and kind = 'message' and done_at is null and cancelled_at is null;
  end if;

  if o.incident_count > 0 or jsonb_array_length(x.incidents) > 0 then
    insert into incidents as i (order_id, incident_id, kind, place, error, opened_at)
      select x."orderId", e ->> 'id', e ->> 'kind', e ->> 'place', e -> 'error', (e ->> 'openedAt')::timestamptz
        from jsonb_array_elements(x.incidents) as e
      on conflict (order_id, incident_id) do update set
        kind = excluded.kind, place = excluded.place, error = excluded.error, closed_at = null, resolution = null;
    update incidents set closed_at = t.at, resolution = t.event ->> 'name'
     where order_id = x."orderId" and closed_at is null
       and incident_id <> all (array(select e ->> 'id' from jsonb_array_elements(x.incidents) as e));
  end if;

  note := jsonb_build_object(
    'orderId', x."orderId", 'seq', x.seq, 'kind', o.kind, 'definitionId', o.definition_id, 'from', o.states, 'states', x."to",
    'status', x.status, 'outcome', x.outcome, 'customerId', o.customer_id, 'partnerId', o.partner_id,
    'partnerPath', o.partner_path, 'centreId', o.centre_id, 'cityId', o.city_id, 'technicianId', o.technician_id)::text;
  if octet_length(note) < 8000 then -- the server's limit of a notification
    perform pg_notify('orders', note);
  end if;

  return query select true, x.seq;
end
$$;
--> statement-breakpoint
-- First place where the chain of an order does not hold: a row missing, altered or linked elsewhere, or the end cut off. No row when whole.
create function verify_chain(wanted text) returns table (seq integer, fault text) language sql stable as $$
  with chain as (
    select t.seq, t.hash, t.prev_hash, row_number() over w as nth, lag(t.hash, 1, '') over w as before,
           chain_hash(t.prev_hash, transition_canonical(t)) as computed
      from transitions t where t.order_id = wanted window w as (order by t.seq))
  (select c.seq, case when c.seq <> c.nth then 'missing' when c.prev_hash <> c.before then 'unlinked' else 'altered' end
     from chain c where c.seq <> c.nth or c.prev_hash <> c.before or c.hash <> c.computed order by c.seq limit 1)
  union all
  (select o.seq, 'cut' from orders o
    where o.id = wanted and not exists (select 1 from chain c where c.seq <> c.nth or c.prev_hash <> c.before or c.hash <> c.computed)
      and (o.seq, o.chain_hash) is distinct from
          (coalesce((select max(c.seq) from chain c), 0), coalesce((select c.hash from chain c order by c.seq desc limit 1), '')))
$$;
--> statement-breakpoint
-- Counters and positions change with each transition: room in the page keeps their updates short.
alter table tally set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200);
--> statement-breakpoint
alter table orders set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
--> statement-breakpoint
alter table outbox set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
--> statement-breakpoint
-- Search by any part of a word. pg_trgm is of no use here: it drops Persian letters where the server's character type is C,
-- and it may be missing. Words are folded before they come here (domain/identity.ts).
create function search_grams(words text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct substr(w, i, 3)), '{}')
    from (select '  ' || unnest(string_to_array(words, ' ')) as w) as padded, generate_series(1, length(w) - 2) as i
$$;
--> statement-breakpoint
-- What a row must hold to match: inside a word for three letters and more, at its beginning for less.
create function search_grams_wanted(words text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct substr(w, i, 3)), '{}')
    from (select case when length(v) < 3 then '  ' || v else v end as w from unnest(string_to_array(words, ' ')) as v) as padded,
         generate_series(1, length(w) - 2) as i
$$;
--> statement-breakpoint
create function search_holds(search text, words text) returns boolean language sql immutable parallel safe as $$
  select bool_and(position(case when length(w) < 3 then ' ' || w else w end in ' ' || search) > 0)
    from unnest(string_to_array(words, ' ')) as w
$$;
--> statement-breakpoint
create index order_search_grams on order_search using gin (search_grams(search));
--> statement-breakpoint
create index customers_search_grams on customers using gin (search_grams(search));
--> statement-breakpoint
-- Both run with the owner's right, since a policy keeps the index from being used; they answer ids, and the policies of the
-- table that the ids are joined with decide which of them the caller sees.
create function search_orders(words text) returns setof text language sql stable security definer set search_path from current as $$
  select order_id from order_search
   where search_grams(search) @> search_grams_wanted(words) and search_holds(search, words)
$$;
--> statement-breakpoint
create function search_customers(words text) returns setof text language sql stable security definer set search_path from current as $$
  select id from customers
   where search_grams(search) @> search_grams_wanted(words) and search_holds(search, words)
$$;
