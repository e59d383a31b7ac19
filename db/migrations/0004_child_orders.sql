CREATE UNIQUE INDEX "orders_invocation" ON "orders" USING btree ("parent_invocation") WHERE "orders"."parent_invocation" is not null;--> statement-breakpoint
-- Which version an order runs by follows from pins that a reseller may not read himself.
create function resolve_version(definition text, partner text, centre text, city text) returns integer
language sql stable security definer set search_path = public as $$
  select version from (
    select p.version, 3 as rank, length(top.path) as depth from pins p join partners top on top.id = p.partner_id
      join partners here on here.id = partner and (here.path = top.path or starts_with(here.path, top.path || '.'))
     where p.definition_id = definition
    union all select version, 2, 0 from pins where definition_id = definition and centre_id = centre
    union all select version, 1, 0 from pins where definition_id = definition and city_id = city
    union all select current_version, 0, 0 from definition_pointers where definition_id = definition
  ) as candidates order by rank desc, depth desc limit 1
$$;
