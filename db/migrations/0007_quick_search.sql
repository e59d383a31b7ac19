-- The words of a search as patterns, made once for a search: a function called for each row that the index finds costs ten times as much.
create function search_patterns(words text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg('%' || case when length(w) < 3 then ' ' || w else w end || '%'), '{}')
    from unnest(string_to_array(regexp_replace(words, '([\\%_])', '\\\1', 'g'), ' ')) as w
$$;
--> statement-breakpoint
create or replace function search_orders(words text) returns setof text language sql stable security definer set search_path from current as $$
  select order_id from order_search
   where search_grams(search) @> search_grams_wanted(words) and ' ' || search like all ((select search_patterns(words))::text[])
$$;
--> statement-breakpoint
create or replace function search_customers(words text) returns setof text language sql stable security definer set search_path from current as $$
  select id from customers
   where search_grams(search) @> search_grams_wanted(words) and ' ' || search like all ((select search_patterns(words))::text[])
$$;
--> statement-breakpoint
drop function search_holds;
