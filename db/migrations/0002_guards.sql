-- What no program may do, whatever its faults.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'SF003';
end
$$;
--> statement-breakpoint
create trigger transitions_append_only before update or delete or truncate on transitions execute function refuse_change();
--> statement-breakpoint
create trigger journal_entries_append_only before update or delete or truncate on journal_entries execute function refuse_change();
--> statement-breakpoint
create trigger journal_lines_append_only before update or delete or truncate on journal_lines execute function refuse_change();
--> statement-breakpoint
create trigger invoice_lines_append_only before update or delete or truncate on invoice_lines execute function refuse_change();
--> statement-breakpoint
create trigger audit_log_append_only before update or delete or truncate on audit_log execute function refuse_change();
--> statement-breakpoint
create trigger invoices_kept before delete or truncate on invoices execute function refuse_change();
--> statement-breakpoint

-- SF004: debits and credits of each currency are equal when the transaction ends, in at least two lines.
create function check_balance() returns trigger language plpgsql as $$
declare
  entry bigint := to_jsonb(new) ->> case tg_table_name when 'journal_entries' then 'id' else 'entry_id' end;
begin
  if (select count(*) from journal_lines where entry_id = entry) < 2
     or exists (select 1 from journal_lines where entry_id = entry group by currency having sum(debit) <> sum(credit)) then
    raise exception 'journal entry % does not balance', entry using errcode = 'SF004';
  end if;
  return null;
end
$$;
--> statement-breakpoint
create constraint trigger journal_entries_balance after insert on journal_entries
  deferrable initially deferred for each row execute function check_balance();
--> statement-breakpoint
create constraint trigger journal_lines_balance after insert on journal_lines
  deferrable initially deferred for each row execute function check_balance();
--> statement-breakpoint

-- SF005: the totals of a document are the sums of its stored lines (M3).
create function check_invoice_sum() returns trigger language plpgsql as $$
declare
  document text := to_jsonb(new) ->> case tg_table_name when 'invoices' then 'id' else 'invoice_id' end;
begin
  if exists (
    select 1 from invoices i left join lateral (
      select coalesce(sum(net_rial), 0) as net, coalesce(sum(tax_rial), 0) as tax from invoice_lines where invoice_id = i.id) as l on true
     where i.id = document and (i.net_rial <> l.net or i.tax_rial <> l.tax)) then
    raise exception 'the totals of invoice % are not the sums of its lines', document using errcode = 'SF005';
  end if;
  return null;
end
$$;
--> statement-breakpoint
create constraint trigger invoices_sum after insert on invoices
  deferrable initially deferred for each row execute function check_invoice_sum();
--> statement-breakpoint
create constraint trigger invoice_lines_sum after insert on invoice_lines
  deferrable initially deferred for each row execute function check_invoice_sum();
--> statement-breakpoint
create function keep_invoice() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - 'status' - 'paid_at' <> to_jsonb(old) - 'status' - 'paid_at' or (old.status = 'void' and new.status <> 'void') then
    raise exception 'invoice % is committed; correct it by a credit note', old.number using errcode = 'SF003';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger invoices_committed before update on invoices for each row execute function keep_invoice();
--> statement-breakpoint

create function keep_definition() returns trigger language plpgsql as $$
begin
  if old.status = 'draft' then
    return coalesce(new, old);
  end if;
  if tg_op = 'DELETE' or new.status = 'draft' or to_jsonb(new) - 'status' - 'layout' <> to_jsonb(old) - 'status' - 'layout' then
    raise exception 'version % of definition % is published and never changes', old.version, old.id using errcode = 'SF003';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger definitions_immutable before update or delete on definitions for each row execute function keep_definition();
--> statement-breakpoint

create function audit_canonical(a audit_log) returns text language sql immutable parallel safe as $$
  select jsonb_build_array(a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), a.actor, a.action, a.entity,
    a.entity_id, a.detail, a.ip)::text
$$;
--> statement-breakpoint
-- One chain over all rows: the lock is held to the end of the transaction, so writing here comes last in it. The id is taken
-- under the lock, so that the order of ids is the order of the chain.
create function chain_audit() returns trigger language plpgsql security definer set search_path from current as $$
begin
  perform pg_advisory_xact_lock(hashtext('samfony.audit_log'));
  new.id := nextval(pg_get_serial_sequence('audit_log', 'id'));
  new.at := date_trunc('milliseconds', new.at);
  new.prev_hash := coalesce((select hash from audit_log order by id desc limit 1), '');
  new.hash := chain_hash(new.prev_hash, audit_canonical(new));
  return new;
end
$$;
--> statement-breakpoint
create trigger audit_log_chain before insert on audit_log for each row execute function chain_audit();
--> statement-breakpoint
create unique index audit_log_no_fork on audit_log (prev_hash);
--> statement-breakpoint
-- First row where the chain of the audit log does not hold; no row when whole.
create function verify_audit() returns table (id bigint, fault text) language sql stable as $$
  select c.id, case when c.prev_hash <> c.before then 'unlinked' else 'altered' end
    from (select a.id, a.hash, a.prev_hash, lag(a.hash, 1, '') over (order by a.id) as before,
                 chain_hash(a.prev_hash, audit_canonical(a)) as computed from audit_log a) as c
   where c.prev_hash <> c.before or c.hash <> c.computed order by c.id limit 1
$$;
