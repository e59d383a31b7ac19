-- The book as the database itself keeps it: balances, limits and the order of lines follow from the lines, whoever writes them.

-- Whose an account is, by its code of the chart; SF007 for one that the chart has not, or whose owner is not there.
create function open_account(account text) returns void language plpgsql security definer set search_path from current as $$
declare
  entry chart_accounts%rowtype;
  owner text := nullif(substr(account, 6), '');
begin
  select * into entry from chart_accounts where code = split_part(account, ':', 1) and active;
  if not found or account !~ '^[0-9]{4}(:[^:].*)?$' or (owner is null) <> (entry.party = 'none')
     or (entry.party = 'customer' and not exists (select 1 from customers where id = owner))
     or (entry.party = 'partner' and not exists (select 1 from partners where id = owner)) then
    raise exception '% is not in the chart of accounts', account using errcode = 'SF007';
  end if;
  insert into accounts (id, kind, code, customer_id, partner_id) values (account, entry.kind, entry.code,
    case when entry.party = 'customer' then owner end, case when entry.party = 'partner' then owner end)
  on conflict do nothing;
end
$$;
--> statement-breakpoint
-- Which balance row a line of this session goes to: one for accounts of people, whose lines follow one another; one of many else.
create function balance_stripe(account accounts) returns integer language sql stable as $$
  select case when account.customer_id is null and account.partner_id is null then pg_backend_pid() % 32 else 0 end
$$;
--> statement-breakpoint
create function touch_balance(account accounts, money text, row_stripe integer) returns void language plpgsql as $$
begin
  insert into account_balances (account_id, currency, stripe, posted, held, credit_limit, lines, bounded)
    select account.id, money, row_stripe, 0, 0, 0, 0, c.bounded from chart_accounts c where c.code = account.code
  on conflict do nothing;
end
$$;
--> statement-breakpoint
create function book_line() returns trigger language plpgsql security definer set search_path from current as $$
declare
  account accounts%rowtype;
  row_stripe integer;
  delta bigint;
begin
  select * into strict account from accounts where id = new.account_id;
  row_stripe := balance_stripe(account);
  delta := case when account.kind in ('asset', 'expense') then new.debit - new.credit else new.credit - new.debit end;
  loop
    update account_balances set posted = posted + delta, lines = lines + 1
     where account_id = account.id and currency = new.currency and stripe = row_stripe
    returning lines, posted into new.seq, new.balance_after;
    exit when found;
    perform touch_balance(account, new.currency, row_stripe);
  end loop;
  -- Under the lock of the balance row: among the lines of a person's account ids and balances have one order.
  new.id := nextval(pg_get_serial_sequence('journal_lines', 'id'));
  if account.customer_id is null and account.partner_id is null then
    new.seq := null;
    new.balance_after := null;
  end if;
  return new;
end
$$;
--> statement-breakpoint
-- What was booked before this migration gets the same places and balances; a wallet that went below zero keeps that as its limit.
alter table journal_lines disable trigger journal_lines_append_only;
--> statement-breakpoint
update journal_lines l set seq = w.seq, balance_after = w.balance from (
  select j.id, row_number() over w as seq,
         sum(case when a.kind in ('asset', 'expense') then j.debit - j.credit else j.credit - j.debit end) over w as balance
    from journal_lines j join accounts a on a.id = j.account_id where a.customer_id is not null or a.partner_id is not null
  window w as (partition by j.account_id, j.currency order by j.id)) as w where w.id = l.id;
--> statement-breakpoint
alter table journal_lines enable trigger journal_lines_append_only;
--> statement-breakpoint
insert into account_balances (account_id, currency, stripe, posted, held, credit_limit, lines, bounded)
  select a.id, s.currency, 0, s.net, 0, case when c.bounded then greatest(0, -s.net) else 0 end, s.n, c.bounded
    from (select j.account_id, j.currency, count(*) as n,
                 sum(case when k.kind in ('asset', 'expense') then j.debit - j.credit else j.credit - j.debit end) as net
            from journal_lines j join accounts k on k.id = j.account_id group by 1, 2) as s
    join accounts a on a.id = s.account_id join chart_accounts c on c.code = a.code;
--> statement-breakpoint
create trigger journal_lines_book before insert on journal_lines for each row execute function book_line();
--> statement-breakpoint

-- Posts an entry in one call; null when the key was posted before. The persons of an entry are locked first and in order, so that
-- entries never wait for each other in a ring. SF008: the key belongs to another entry.
create function post_entry(entry_key text, entry_at timestamptz, entry_description text, entry_order text, entry_actor text,
                           entry_reverses bigint, entry_lines jsonb) returns bigint language plpgsql as $$
declare
  entry_digest text := md5(entry_lines::text);
  entry bigint;
  account text;
begin
  perform pg_advisory_xact_lock(hashtextextended('ledger:' || person, 0)) from (
    select distinct substr(l ->> 'account', 6) as person from jsonb_array_elements(entry_lines) as l
     where l ->> 'account' ~ '^[0-9]{4}:' order by 1) as people;
  insert into journal_entries (key, at, description, order_id, actor, reverses_id, digest)
    values (entry_key, entry_at, entry_description, entry_order, entry_actor, entry_reverses, entry_digest)
  on conflict (key) do nothing returning id into entry;
  if entry is null then
    if exists (select 1 from journal_entries where key = entry_key and digest <> entry_digest) then
      raise exception 'key % belongs to another entry', entry_key using errcode = 'SF008';
    end if;
    return null;
  end if;
  for account in select distinct l ->> 'account' as id from jsonb_array_elements(entry_lines) as l
                  where not exists (select 1 from accounts a where a.id = l ->> 'account') order by 1 loop
    perform open_account(account);
  end loop;
  insert into journal_lines (entry_id, account_id, debit, credit, currency)
    select entry, l.account, coalesce(l.debit, 0), coalesce(l.credit, 0), l.currency
      from jsonb_to_recordset(entry_lines) as l(account text, debit bigint, credit bigint, currency text) order by l.account;
  return entry;
end
$$;
--> statement-breakpoint
revoke execute on function post_entry, open_account, touch_balance from public;
--> statement-breakpoint

-- SF009: a hold never changes but once, from pending to its end.
create function keep_hold() returns trigger language plpgsql security definer set search_path from current as $$
declare
  account accounts%rowtype;
begin
  select * into strict account from accounts where id = new.account_id;
  if tg_op = 'INSERT' then
    if new.status <> 'pending' or new.entry_id is not null or (account.customer_id is null and account.partner_id is null) then
      raise exception 'a hold begins as pending, on an account of a person' using errcode = 'SF009';
    end if;
    loop
      update account_balances set held = held + new.amount
       where account_id = account.id and currency = new.currency and stripe = 0;
      exit when found;
      perform touch_balance(account, new.currency, 0);
    end loop;
    return new;
  end if;
  if to_jsonb(new) - 'status' - 'ended_at' - 'entry_id' <> to_jsonb(old) - 'status' - 'ended_at' - 'entry_id'
     or not (old.status = 'pending' and new.status <> 'pending' and new.ended_at is not null and new.entry_id is null
             or old.status = 'posted' and new.status = 'posted' and old.entry_id is null and new.ended_at = old.ended_at) then
    raise exception 'hold % is %', old.id, old.status using errcode = 'SF009';
  end if;
  if old.status = 'pending' then
    update account_balances set held = held - old.amount
     where account_id = account.id and currency = old.currency and stripe = 0;
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger holds_once before insert or update on holds for each row execute function keep_hold();
--> statement-breakpoint
create trigger holds_kept before delete or truncate on holds execute function refuse_change();
--> statement-breakpoint
-- A posted hold names the entry that took the money: from its own account, and no more than was held.
create function check_posted_hold() returns trigger language plpgsql as $$
begin
  if exists (select 1 from holds h where h.id = new.id and h.status = 'posted' and not coalesce((
       select sum(l.debit) between 1 and h.amount from journal_lines l
        where l.entry_id = h.entry_id and l.account_id = h.account_id and l.currency = h.currency), false)) then
    raise exception 'hold % was posted without its entry', new.id using errcode = 'SF009';
  end if;
  return null;
end
$$;
--> statement-breakpoint
create constraint trigger holds_posted after update on holds
  deferrable initially deferred for each row execute function check_posted_hold();
--> statement-breakpoint

-- The kind and the owner of a code are fixed once it has accounts; a limit that becomes binding binds at once.
create function keep_chart() returns trigger language plpgsql security definer set search_path from current as $$
begin
  if (tg_op = 'DELETE' or new.code <> old.code or new.kind <> old.kind or new.party <> old.party)
     and exists (select 1 from accounts where code = old.code) then
    raise exception 'code % has accounts', old.code using errcode = 'SF003';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if new.bounded and new.party not in ('customer', 'partner') then
    raise exception 'only accounts of people are bounded' using errcode = 'SF007';
  end if;
  if new.bounded <> old.bounded then
    update account_balances b set bounded = new.bounded from accounts a where a.id = b.account_id and a.code = new.code;
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger chart_accounts_kept before update or delete on chart_accounts for each row execute function keep_chart();
--> statement-breakpoint
create trigger exchange_rates_append_only before update or delete or truncate on exchange_rates execute function refuse_change();
--> statement-breakpoint

-- What the stored balances should be, from the lines and the pending holds alone; no row when all is as it should be.
create function verify_ledger() returns table (account_id text, currency text, fault text) language sql stable as $$
  with lines as (
    select l.account_id, l.currency, l.id, l.seq, l.balance_after, a.customer_id is not null or a.partner_id is not null as person,
           case when a.kind in ('asset', 'expense') then l.debit - l.credit else l.credit - l.debit end as delta
      from journal_lines l join accounts a on a.id = l.account_id),
  walked as (
    select *, sum(delta) over w as running, row_number() over w as place from lines
    window w as (partition by lines.account_id, lines.currency order by id)),
  sums as (
    select coalesce(l.account_id, b.account_id) as account_id, coalesce(l.currency, b.currency) as currency,
           coalesce(l.net, 0) as net, coalesce(b.posted, 0) as posted, coalesce(l.n, 0) as n, coalesce(b.lines, 0) as counted
      from (select x.account_id, x.currency, sum(delta) as net, count(*) as n from lines x group by 1, 2) as l
      full join (select y.account_id, y.currency, sum(y.posted) as posted, sum(y.lines) as lines from account_balances y group by 1, 2) as b
        on b.account_id = l.account_id and b.currency = l.currency),
  held as (select h.account_id, h.currency, sum(amount) as amount from holds h where status = 'pending' group by 1, 2)
  select s.account_id, s.currency, 'balance' from sums s where s.net <> s.posted or s.n <> s.counted
  union all select w.account_id, w.currency, 'line ' || w.id from walked w where person and (running <> balance_after or place <> seq)
  union all select b.account_id, b.currency, 'held' from account_balances b left join held h
              on h.account_id = b.account_id and h.currency = b.currency where b.stripe = 0 and b.held <> coalesce(h.amount, 0)
$$;
--> statement-breakpoint
do $$
declare
  name text;
  own text := '(select actor_setting(''all'')) = ''on'' or customer_id = (select actor_setting(''customer_id''))
    or partner_id = any ((select actor_partners())::text[])
    or (customer_id is not null and exists (select 1 from customers c where c.id = accounts.customer_id))';
begin
  foreach name in array array['accounts', 'account_balances', 'journal_lines', 'journal_entries', 'holds'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy office on %I to samfony_office using (true)', name);
    execute format('create policy reach on %I to samfony_api using (%s)', name, case name
      when 'accounts' then own
      when 'journal_entries' then 'exists (select 1 from journal_lines l where l.entry_id = journal_entries.id)'
      else format('exists (select 1 from accounts a where a.id = %I.account_id)', name) end);
  end loop;
end
$$;
--> statement-breakpoint
grant select on accounts, account_balances, journal_lines, journal_entries, holds, chart_accounts, currencies, exchange_rates
  to samfony_api, samfony_office;
