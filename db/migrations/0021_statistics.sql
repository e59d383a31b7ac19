CREATE TABLE "journeys" (
	"id" serial PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"seq" integer NOT NULL,
	"definition" integer NOT NULL,
	"version" integer NOT NULL,
	"partner" integer,
	"centre" integer,
	"city" integer,
	"customer_id" text,
	"technician_id" text,
	"started_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	"outcome" integer,
	"ended" smallint,
	"lasted" bigint,
	"bucket" smallint,
	"late" boolean NOT NULL,
	"again" integer NOT NULL,
	"path" integer[] NOT NULL,
	CONSTRAINT "journeys_order" UNIQUE("order_id")
);
--> statement-breakpoint
CREATE TABLE "statistics_progress" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"counted_to" timestamp with time zone NOT NULL,
	"swept_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "visit_counts" (
	"kind" text NOT NULL,
	"level" text NOT NULL,
	"start" date NOT NULL,
	"definition" integer NOT NULL,
	"version" integer NOT NULL,
	"a" integer NOT NULL,
	"b" integer NOT NULL,
	"c" integer NOT NULL,
	"bucket" smallint NOT NULL,
	"n" integer NOT NULL,
	"lasted" bigint NOT NULL,
	"late" integer NOT NULL,
	"again" integer NOT NULL,
	"lost" integer NOT NULL,
	CONSTRAINT "visit_counts_kind_definition_level_start_version_a_b_c_bucket_pk" PRIMARY KEY("kind","definition","level","start","version","a","b","c","bucket")
);
--> statement-breakpoint
CREATE TABLE "visits" (
	"journey" integer NOT NULL,
	"state" integer NOT NULL,
	"seq" integer NOT NULL,
	"definition" integer NOT NULL,
	"version" integer NOT NULL,
	"partner" integer,
	"centre" integer,
	"city" integer,
	"event" integer,
	"operator" integer,
	"next" integer,
	"nth" smallint NOT NULL,
	"bucket" smallint,
	"ended" smallint NOT NULL,
	"late" boolean NOT NULL,
	"entered_at" timestamp(3) with time zone NOT NULL,
	"left_at" timestamp(3) with time zone,
	"lasted" bigint,
	CONSTRAINT "visits_journey_state_seq_pk" PRIMARY KEY("journey","state","seq")
);
--> statement-breakpoint
CREATE TABLE "statistic_words" (
	"id" serial PRIMARY KEY NOT NULL,
	"word" text NOT NULL,
	CONSTRAINT "statistic_words_word_unique" UNIQUE("word")
);
--> statement-breakpoint
CREATE INDEX "journeys_started" ON "journeys" USING btree ("definition","started_at");--> statement-breakpoint
CREATE INDEX "journeys_ended" ON "journeys" USING btree ("definition","ended_at");--> statement-breakpoint
CREATE INDEX "journeys_partner" ON "journeys" USING btree ("partner");--> statement-breakpoint
CREATE INDEX "journeys_customer" ON "journeys" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "journeys_technician" ON "journeys" USING btree ("technician_id") WHERE "journeys"."technician_id" is not null;--> statement-breakpoint
CREATE INDEX "visits_left" ON "visits" USING btree ("definition","left_at");--> statement-breakpoint
CREATE INDEX "visits_partner" ON "visits" USING btree ("partner","left_at");--> statement-breakpoint
CREATE INDEX "visits_centre" ON "visits" USING btree ("centre","left_at");--> statement-breakpoint
CREATE INDEX "visits_city" ON "visits" USING btree ("city","left_at");--> statement-breakpoint
CREATE INDEX "visits_operator" ON "visits" USING btree ("operator","left_at") WHERE "visits"."operator" is not null;--> statement-breakpoint
CREATE INDEX "visits_open" ON "visits" USING btree ("definition","state") WHERE "visits"."left_at" is null;
--> statement-breakpoint
-- What statistics need of the calendar: the first day of the Jalali month of a day. Nowruz falls on 19 to 22 March; years 1380 to 1500.
create function jalali_month_start(day date) returns date language sql immutable parallel safe as $$
  select nowruz + (array[0, 31, 62, 93, 124, 155, 186, 216, 246, 276, 306, 336])[
           case when day - nowruz < 186 then (day - nowruz) / 31 else 6 + least(5, (day - nowruz - 186) / 30) end + 1]
    from (select case when day >= make_date(y, 3, nowruz_in[y - 2000]) then make_date(y, 3, nowruz_in[y - 2000])
                      else make_date(y - 1, 3, nowruz_in[y - 2001]) end as nowruz
            from (select extract(year from day)::int as y, array[21,21,21,20,21,21,21,20,21,21,21,20,21,21,21,20,21,21,21,20,21,21,21,20,21,21,21,20,20,21,21,20,20,21,21,20,20,21,21,20,20,21,21,20,20,21,21,20,20,21,21,20,20,21,21,20,20,21,21,20,20,20,21,20,20,20,21,20,20,20,21,20,20,20,21,20,20,20,21,20,20,20,21,20,20,20,21,20,20,20,21,20,20,20,20,20,20,20,20,21,21,21,21,21,21,21,21,21,21,21,21,21,21,21,21,21,21,21,21,21,21]::int[] as nowruz_in) as years) as found
$$;
--> statement-breakpoint
create function tehran_day(at timestamptz) returns date language sql immutable parallel safe as $$
  select ((at at time zone 'UTC') + interval '3 hours 30 minutes')::date
$$;
--> statement-breakpoint
-- Class of a duration in milliseconds: each is a tenth longer than the one before, from one second (db/statistics/durations.ts).
create function duration_bucket(ms bigint) returns smallint language sql immutable parallel safe as $$
  select width_bucket(ms, array[1000,1100,1210,1331,1464,1611,1772,1949,2144,2358,2594,2853,3138,3452,3797,4177,4595,5054,5560,6116,6727,7400,8140,8954,9850,10835,11918,13110,14421,15863,17449,19194,21114,23225,25548,28102,30913,34004,37404,41145,45259,49785,54764,60240,66264,72890,80180,88197,97017,106719,117391,129130,142043,156247,171872,189059,207965,228762,251638,276801,304482,334930,368423,405265,445792,490371,539408,593349,652683,717952,789747,868722,955594,1051153,1156269,1271895,1399085,1538993,1692893,1862182,2048400,2253240,2478564,2726421,2999063,3298969,3628866,3991753,4390928,4830021,5313023,5844325,6428757,7071633,7778796,8556676,9412344,10353578,11388936,12527829,13780612,15158674,16674541,18341995,20176195,22193814,24413195,26854515,29539966,32493963,35743359,39317695,43249465,47574411,52331852,57565038,63321541,69653696,76619065,84280972,92709069,101979976,112177973,123395771,135735348,149308882,164239771,180663748,198730123,218603135,240463448,264509793,290960772,320056850,352062535,387268788,425995667,468595233,515454757,567000233,623700256,686070281,754677309,830145040,913159544,1004475499,1104923049,1215415354,1336956889,1470652578,1617717836,1779489619,1957438581,2153182439,2368500683,2605350752,2865885827,3152474410,3467721851,3814494036,4195943439,4615537783,5077091561,5584800717,6143280789,6757608868,7433369755,8176706730,8994377403,9893815144,10883196658,11971516324,13168667956,14485534752,15934088227,17527497050,19280246755,21208271431,23329098574,25662008431,28228209274,31051030201,34156133222,37571746544,41328921198,45461813318,50007994650,55008794115,60509673526,66560640879,73216704967,80538375463,88592213010,97451434311,107196577742,117916235516,129707859067]::bigint[])::smallint
$$;
--> statement-breakpoint
create function statistic_word(wanted text) returns integer language plpgsql as $$
declare
  found_id integer;
begin
  if wanted is null then
    return null;
  end if;
  select id into found_id from statistic_words where word = wanted;
  if found_id is null then
    insert into statistic_words (word) values (wanted) on conflict (word) do update set word = excluded.word returning id into found_id;
  end if;
  return found_id;
end
$$;
--> statement-breakpoint
-- Counts the logs of at most `most` orders that have moved since they were last counted: of those with a transition at or after
-- `since`, or of all when it is null. Answers how many there were. One caller at a time (db/statistics/count.ts).
create function count_journeys(since timestamptz, most integer) returns integer language plpgsql as $$
declare
  ids text[];
begin
  if since is null then
    -- By age: the stays of a batch then fall on few days, and into few sums.
    ids := array(select o.id from orders o left join journeys j on j.order_id = o.id where o.seq > coalesce(j.seq, 0)
                  order by o.created_at, o.id limit most);
  else
    ids := array(
      select o.id from (select distinct order_id from transitions where at >= since) as moved
        join orders o on o.id = moved.order_id left join journeys j on j.order_id = o.id
       where o.seq > coalesce(j.seq, 0) limit most);
  end if;
  if cardinality(ids) = 0 then
    return 0;
  end if;

  insert into statistic_words (word)
    select w from (
      select unnest(array[o.definition_id, o.partner_id, o.centre_id, o.city_id, o.outcome]) as w from orders o where o.id = any (ids)
      union select unnest(t.to_states || array[t.event ->> 'name', t.actor ->> 'id'])
        from transitions t left join journeys j on j.order_id = t.order_id
       where t.order_id = any (ids) and t.seq > coalesce(j.seq, 0)) as seen
     where w is not null and not exists (select 1 from statistic_words k where k.word = w)
  on conflict do nothing;

  insert into journeys (order_id, seq, definition, version, partner, centre, city, customer_id, technician_id, started_at, late, again, path)
    select o.id, 0, d.id, o.definition_version, p.id, c.id, y.id, o.customer_id, o.technician_id,
           (select t.at from transitions t where t.order_id = o.id order by t.seq limit 1), false, 0, '{}'
      from orders o join statistic_words d on d.word = o.definition_id
      left join statistic_words p on p.word = o.partner_id left join statistic_words c on c.word = o.centre_id
      left join statistic_words y on y.word = o.city_id
     where o.id = any (ids)
  on conflict (order_id) do nothing;

  with batch as materialized (
    select j.id, j.order_id, j.seq as done, j.ended, j.definition, j.partner, j.centre, j.city, j.started_at, j.late,
           o.seq as upto, o.outcome, o.definition_version,
           case o.outcome_kind when 'success' then 1 when 'failure' then 2 when 'cancelled' then 3 end as ended_as
      from journeys j join orders o on o.id = j.order_id where j.order_id = any (ids)),
  lines as materialized (
    select b.id as journey, t.seq, t.at, t.from_states, t.to_states, t.entered, t.left_states, t.definition_version as version,
           ev.id as event, ac.id as operator,
           case when t.event ->> 'type' = 'sla' then
             case when nullif(split_part(t.event ->> 'name', '@', 2), '')::numeric >= 100 then split_part(t.event ->> 'name', '/', 1) end
           end as late_state,
           t.from_states <> t.to_states or t.event ->> 'type' = 'command' and t.event ->> 'name' = 'cancel' as moved
      from batch b join transitions t on t.order_id = b.order_id and t.seq > b.done and t.seq <= b.upto
      left join statistic_words ev on ev.word = t.event ->> 'name'
      left join statistic_words ac on ac.word = t.actor ->> 'id'),
  -- The transition that gave an order its outcome is the last that moved it: afterwards only undoing is written.
  ends as materialized (
    select b.id as journey, max(l.seq) as seq from batch b join lines l on l.journey = b.id
     where b.outcome is not null and b.ended is null and l.moved group by b.id),
  entering as (
    select l.journey, s as state, l.seq, l.at, l.version from lines l, unnest(l.to_states) as s
     where s <> all (l.from_states) or s = any (l.entered)),
  leaving as (
    select l.journey, s as state, l.seq from lines l, unnest(l.from_states) as s
     where s <> all (l.to_states) or s = any (l.left_states)),
  points as (
    select e.journey, k.id as state, e.state as name, e.seq, 1 as opens, e.at, e.version, false as late, null::smallint as nth
      from entering e join statistic_words k on k.word = e.state
    union all
    select v.journey, v.state, k.word, v.seq, 1, v.entered_at, v.version, v.late, v.nth
      from visits v join batch b on b.id = v.journey join statistic_words k on k.id = v.state where v.left_at is null
    union all
    select l.journey, k.id, l.state, l.seq, 0, null, null, null, null from leaving l join statistic_words k on k.word = l.state),
  -- Of one transition the stay that ends comes before the stay that begins.
  paired as (
    select p.*, lead(p.seq) over w as left_seq,
           count(*) filter (where p.opens = 1 and p.nth is null) over (partition by p.journey, p.state order by p.seq, p.opens) as fresh
      from points p window w as (partition by p.journey, p.state order by p.seq, p.opens)),
  stays as (
    select p.journey, p.state, p.name, p.seq, p.at, p.version, p.late, coalesce(p.left_seq, e.seq) as left_seq, e.seq as end_seq,
           coalesce(p.nth, p.fresh + (select count(*) from visits v where v.journey = p.journey and v.state = p.state)) as nth
      from paired p left join ends e on e.journey = p.journey
     where p.opens = 1 and (p.left_seq is not null or p.seq is distinct from e.seq)),
  -- Joined and grouped, never looked up for each row: a batch has many thousand lines.
  passed as (
    select distinct s.journey, s.state, s.seq from stays s join lines x on x.journey = s.journey
     where x.late_state is not null and x.seq > s.seq and x.seq <= coalesce(s.left_seq, x.seq)
       and (x.late_state = s.name or starts_with(s.name, x.late_state || '.'))),
  loops as (
    select s.journey, count(*) as n from stays s join batch b on b.id = s.journey where s.nth > 1 and s.seq > b.done group by 1),
  roads as (
    select l.journey, array_agg(k.id order by l.seq, s.place) as path
      from lines l, unnest(l.to_states) with ordinality as s (state, place) join statistic_words k on k.word = s.state
     where s.state <> all (l.from_states) or s.state = any (l.entered) group by 1),
  warned as (select distinct journey from lines where late_state is not null),
  written as (
    insert into visits as v (journey, state, seq, definition, version, partner, centre, city, event, operator, next, nth, bucket,
                             ended, late, entered_at, left_at, lasted)
      select s.journey, s.state, s.seq, b.definition, s.version, b.partner, b.centre, b.city, l.event, l.operator,
             (select k.id from statistic_words k
               where k.word = coalesce((select n from unnest(l.to_states) as n where n <> all (l.from_states) limit 1), l.to_states[1])),
             s.nth, duration_bucket(ms.ms), case when s.left_seq = s.end_seq then b.ended_as else 0 end,
             s.late or passed.seq is not null, s.at, l.at, ms.ms
        from stays s join batch b on b.id = s.journey left join lines l on l.journey = s.journey and l.seq = s.left_seq
        left join passed on passed.journey = s.journey and passed.state = s.state and passed.seq = s.seq
        cross join lateral (select (extract(epoch from l.at - s.at) * 1000)::bigint as ms) as ms
    on conflict (journey, state, seq) do update set
      event = excluded.event, operator = excluded.operator, next = excluded.next, bucket = excluded.bucket, ended = excluded.ended,
      late = excluded.late, left_at = excluded.left_at, lasted = excluded.lasted
    returning v.*),
  counted as (
    select k.kind, level.level, level.start, w.definition, w.version, w.state as a, k.b, k.c, k.bucket, w.lasted, w.late, w.nth, w.ended
      from written w
      cross join lateral (select tehran_day(w.left_at) as day) as d
      cross join lateral (values ('day', d.day), ('month', jalali_month_start(d.day))) as level (level, start)
      cross join lateral (values ('s', 0, 0, w.bucket), ('e', w.event, w.next, 0::smallint), ('o', w.operator, 0, 0::smallint)) as k (kind, b, c, bucket)
     where w.left_at is not null and (k.kind <> 'o' or w.operator is not null)),
  added as (
    insert into visit_counts as c (kind, level, start, definition, version, a, b, c, bucket, n, lasted, late, again, lost)
      select kind, level, start, definition, version, a, b, c, bucket, count(*), sum(lasted), count(*) filter (where late),
             count(*) filter (where nth > 1), count(*) filter (where ended > 1)
        from counted group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    on conflict (kind, definition, level, start, version, a, b, c, bucket) do update set
      n = c.n + excluded.n, lasted = c.lasted + excluded.lasted, late = c.late + excluded.late, again = c.again + excluded.again,
      lost = c.lost + excluded.lost)
  update journeys j set
    seq = b.upto, version = b.definition_version,
    late = j.late or warned.journey is not null,
    again = j.again + coalesce(loops.n, 0),
    path = (j.path || coalesce(roads.path, '{}'))[1:64],
    ended = coalesce(j.ended, case when e.seq is not null then b.ended_as end),
    outcome = coalesce(j.outcome, case when e.seq is not null then o.id end),
    ended_at = coalesce(j.ended_at, l.at),
    lasted = coalesce(j.lasted, (extract(epoch from l.at - j.started_at) * 1000)::bigint),
    bucket = coalesce(j.bucket, duration_bucket((extract(epoch from l.at - j.started_at) * 1000)::bigint))
    from batch b left join ends e on e.journey = b.id left join lines l on l.journey = b.id and l.seq = e.seq
    left join statistic_words o on o.word = b.outcome left join warned on warned.journey = b.id
    left join loops on loops.journey = b.id left join roads on roads.journey = b.id
   where j.id = b.id;
  return cardinality(ids);
end
$$;
--> statement-breakpoint
-- An order that moves to another agent or place takes its history with it (PR7, PR8). A transition names none of these columns.
create function move_journey() returns trigger language plpgsql as $$
declare
  moved integer;
begin
  update journeys set partner = statistic_word(new.partner_id), centre = statistic_word(new.centre_id), city = statistic_word(new.city_id),
         customer_id = new.customer_id, technician_id = new.technician_id
   where order_id = new.id returning id into moved;
  update visits v set partner = j.partner, centre = j.centre, city = j.city
    from journeys j where j.id = moved and v.journey = moved
     and (v.partner, v.centre, v.city) is distinct from (j.partner, j.centre, j.city);
  return null;
end
$$;
--> statement-breakpoint
create trigger orders_move_journey after update of partner_id, centre_id, city_id, customer_id, technician_id on orders
  for each row when ((old.partner_id, old.centre_id, old.city_id, old.customer_id, old.technician_id)
    is distinct from (new.partner_id, new.centre_id, new.city_id, new.customer_id, new.technician_id))
  execute function move_journey();
--> statement-breakpoint
create function actor_words(wanted text[]) returns integer[] language sql stable parallel safe as $$
  select coalesce(array_agg(id), '{}') from statistic_words where word = any (wanted)
$$;
--> statement-breakpoint
do $$
declare
  place text := $p$partner = any ((select actor_words(actor_partners()))::int[]) or centre = any ((select actor_words(actor_list('centres')))::int[])
    or city = any ((select actor_words(actor_list('cities')))::int[])$p$;
  person text := $p$customer_id = (select actor_setting('customer_id')) or technician_id = (select actor_setting('technician_id'))$p$;
  name text;
begin
  foreach name in array array['journeys', 'visits', 'visit_counts'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy office on %I to samfony_office using (true)', name);
  end loop;
  execute 'create policy reach on journeys to samfony_api using ((select actor_setting(''all'')) = ''on'' or ' || place || ' or ' || person || ')';
  execute 'create policy reach on visits to samfony_api using ((select actor_setting(''all'')) = ''on'' or ' || place
    || ' or journey = any ((select array(select j.id from journeys j where ' || replace(replace(person, 'customer_id =', 'j.customer_id ='), 'technician_id =', 'j.technician_id =') || '))::int[]))';
end
$$;
--> statement-breakpoint
-- The sums over everybody are the office's alone: for samfony_api there is no policy, so it sees no row of them.
grant select on statistic_words, journeys, visits, visit_counts, statistics_progress to samfony_api, samfony_office;
--> statement-breakpoint
alter table visits set (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
--> statement-breakpoint
alter table visit_counts set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
