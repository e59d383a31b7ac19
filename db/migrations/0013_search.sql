-- Documents are found by any part of their number, folded as domain/identity.ts folds what is looked for: I-1405-000017 is `i 1405 000017`.
create function invoice_words(number text) returns text language sql immutable parallel safe as $$
  select lower(translate(number, '-/', '  '))
$$;
--> statement-breakpoint
create index invoices_number_grams on invoices using gin (search_grams(invoice_words(number)));
--> statement-breakpoint
-- As search_orders: with the owner's right, so that the index is used; the policies of `invoices` decide about the ids that it answers.
create function search_invoices(words text) returns setof text language sql stable security definer set search_path from current as $$
  select id from invoices
   where search_grams(invoice_words(number)) @> search_grams_wanted(words)
     and ' ' || invoice_words(number) like all ((select search_patterns(words))::text[])
$$;
