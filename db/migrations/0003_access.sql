-- Who sees which rows. The program owns the tables and passes by these policies; what it does for a person, it does as one of
-- two roles (db/scope.ts): samfony_office when one of his assignments reaches everything, else samfony_api.

do $$
begin
  -- Roles belong to the whole server: another database may have them already, or be making them at this moment.
  begin create role samfony_api nologin; exception when duplicate_object or unique_violation then null; end;
  begin create role samfony_office nologin; exception when duplicate_object or unique_violation then null; end;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant samfony_api, samfony_office to %I', current_user);
  end if;
end
$$;
--> statement-breakpoint
create function actor_setting(name text) returns text language sql stable parallel safe as $$
  select nullif(current_setting('samfony.' || name, true), '')
$$;
--> statement-breakpoint
create function actor_list(name text) returns text[] language sql stable parallel safe as $$
  select coalesce(nullif(current_setting('samfony.' || name, true), ''), '{}')::text[]
$$;
--> statement-breakpoint
-- Partners in reach: those named, and all at or below a path named.
create function actor_partners() returns text[] language sql stable parallel safe as $$
  select actor_list('partners') || array(
    select p.id from partners p, unnest(actor_list('subtrees')) as s where p.path = s or starts_with(p.path, s || '.'))
$$;
--> statement-breakpoint
do $$
declare
  -- Written so that each arm can use its index and each setting is read once for a query.
  everything text := $p$(select actor_setting('all')) = 'on'$p$;
  place text := $p$centre_id = any ((select actor_list('centres'))::text[]) or city_id = any ((select actor_list('cities'))::text[])$p$;
  partner text := $p$partner_id = any ((select actor_partners())::text[])$p$;
  customer text := $p$customer_id = (select actor_setting('customer_id'))$p$;
  the_order text := 'exists (select 1 from orders o where o.id = %1$I.order_id)';
  rules jsonb := jsonb_build_object(
    'orders', format('%s or %s or technician_id = (select actor_setting(''technician_id'')) or %s or %s', everything, customer, partner, place),
    'tally', format('%s or %s or %s', everything, partner, place),
    'transitions', the_order,
    'incidents', the_order,
    'incident_proposals', the_order,
    'messages', everything || ' or ' || the_order,
    'customers', format('%s or id = (select actor_setting(''customer_id'')) or %s', everything, partner)
      || ' or exists (select 1 from orders o where o.customer_id = %1$I.id)',
    'contacts', 'exists (select 1 from customers c where c.id = %1$I.customer_id)',
    'subscriptions', format('%s or %s or %s or ', everything, customer, partner) || the_order,
    'invoices', format('%s or %s or %s or ', everything, customer, partner) || the_order,
    'invoice_lines', 'exists (select 1 from invoices i where i.id = %1$I.invoice_id)',
    'payment_attempts', format('%s or %s or ', everything, customer) || the_order
      || ' or exists (select 1 from invoices i where i.id = %1$I.invoice_id)',
    'documents', format('%s or ', everything) || the_order || ' or exists (select 1 from customers c where c.id = %1$I.customer_id)',
    'users', format('%s or id = (select actor_setting(''user_id'')) or %s', everything, partner)
      || ' or exists (select 1 from orders o where o.technician_id = %1$I.id)',
    'role_assignments', 'exists (select 1 from users u where u.id = %1$I.user_id)');
  name text;
  rule text;
begin
  for name, rule in select * from jsonb_each_text(rules) loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy reach on %1$I to samfony_api using (' || rule || ')', name);
    execute format('create policy office on %I to samfony_office using (true)', name);
  end loop;
end
$$;
--> statement-breakpoint
grant usage on schema public to samfony_api, samfony_office;
--> statement-breakpoint
grant usage on all sequences in schema public to samfony_api, samfony_office;
--> statement-breakpoint
grant select on orders, transitions, incidents, incident_proposals, tally, customers, contacts, subscriptions, invoices,
  invoice_lines, payment_attempts, documents, messages, role_assignments, partners, cities, centres, products, product_prices,
  tax_rates, definitions, definition_pointers, calendars, message_templates, message_timings, number_series
  to samfony_api, samfony_office;
--> statement-breakpoint
grant select (id, username, name, locale, partner_id, customer_id, active, created_at) on users to samfony_api, samfony_office;
--> statement-breakpoint
grant insert, update on orders, incident_proposals, customers, contacts, invoices, payment_attempts, documents, number_series
  to samfony_api, samfony_office;
--> statement-breakpoint
grant insert on order_search, invoice_lines, outbox, audit_log to samfony_api, samfony_office;
--> statement-breakpoint
grant select (key) on outbox to samfony_api, samfony_office;
--> statement-breakpoint
grant delete on contacts to samfony_api, samfony_office;
--> statement-breakpoint
grant select on pins, accounts, journal_entries, journal_lines, unmatched_payments, audit_log to samfony_office;
