CREATE TABLE "customer_group_members" (
	"group_id" text NOT NULL,
	"customer_id" text NOT NULL,
	CONSTRAINT "customer_group_members_group_id_customer_id_pk" PRIMARY KEY("group_id","customer_id")
);
--> statement-breakpoint
CREATE TABLE "customer_groups" (
	"id" text PRIMARY KEY NOT NULL,
	"label_fa" text NOT NULL,
	"label_en" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "partner_rule_limits" (
	"partner_id" text PRIMARY KEY NOT NULL,
	"effects" text[] NOT NULL,
	"max_discount_bp" integer NOT NULL,
	"max_commission_bp" integer NOT NULL,
	CONSTRAINT "partner_rule_limits_range" CHECK ("partner_rule_limits"."max_discount_bp" between 0 and 10000 and "partner_rule_limits"."max_commission_bp" between 0 and 10000)
);
--> statement-breakpoint
CREATE TABLE "price_decisions" (
	"id" text PRIMARY KEY NOT NULL,
	"invoice_id" text NOT NULL,
	"order_id" text,
	"at" timestamp(3) with time zone NOT NULL,
	"basis" jsonb NOT NULL,
	"decision" jsonb NOT NULL,
	CONSTRAINT "price_decisions_invoice" UNIQUE("invoice_id")
);
--> statement-breakpoint
CREATE TABLE "rule_dimensions" (
	"id" text PRIMARY KEY NOT NULL,
	"path" text NOT NULL,
	"type" text NOT NULL,
	"label_fa" text NOT NULL,
	"label_en" text NOT NULL,
	CONSTRAINT "rule_dimensions_id" CHECK ("rule_dimensions"."id" ~ '^[a-z][A-Za-z0-9]{0,39}$'),
	CONSTRAINT "rule_dimensions_type" CHECK ("rule_dimensions"."type" in ('text', 'number', 'list'))
);
--> statement-breakpoint
CREATE TABLE "rule_sets" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"partner_id" text,
	"status" text DEFAULT 'draft' NOT NULL,
	"rules" jsonb NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"published_by" text,
	"published_at" timestamp(3) with time zone,
	CONSTRAINT "rule_sets_id_version_pk" PRIMARY KEY("id","version"),
	CONSTRAINT "rule_sets_status" CHECK ("rule_sets"."status" in ('draft', 'published', 'retired'))
);
--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "attributes" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "product_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "customer_group_members" ADD CONSTRAINT "customer_group_members_group_id_customer_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."customer_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_group_members" ADD CONSTRAINT "customer_group_members_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_rule_limits" ADD CONSTRAINT "partner_rule_limits_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_decisions" ADD CONSTRAINT "price_decisions_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_decisions" ADD CONSTRAINT "price_decisions_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_sets" ADD CONSTRAINT "rule_sets_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "customer_group_members_customer" ON "customer_group_members" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "price_decisions_at" ON "price_decisions" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "price_decisions_order" ON "price_decisions" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "rule_sets_partner" ON "rule_sets" USING btree ("partner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "rule_sets_published" ON "rule_sets" USING btree ("id") WHERE "rule_sets"."status" = 'published';--> statement-breakpoint
CREATE UNIQUE INDEX "rule_sets_draft" ON "rule_sets" USING btree ("id") WHERE "rule_sets"."status" = 'draft';--> statement-breakpoint

-- A published set of rules never changes: prices cite it.
create function keep_rule_set() returns trigger language plpgsql as $$
begin
  if old.status = 'draft' then
    return coalesce(new, old);
  end if;
  if tg_op = 'DELETE' or new.status = 'draft' or to_jsonb(new) - 'status' <> to_jsonb(old) - 'status' then
    raise exception 'version % of rules % is published and never changes', old.version, old.id using errcode = 'SF003';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger rule_sets_immutable before update or delete on rule_sets for each row execute function keep_rule_set();
--> statement-breakpoint
create trigger price_decisions_append_only before update or delete or truncate on price_decisions execute function refuse_change();
--> statement-breakpoint

-- SF012: a partner's limits lie within those of the nearest partner above who has limits, and hold those below within them.
create function keep_rule_limits() returns trigger language plpgsql security definer set search_path from current as $$
begin
  perform pg_advisory_xact_lock(hashtext('samfony.rule_limits'));
  if exists (
    select 1 from partner_rule_limits l join partners other on other.id = l.partner_id, partners me
     where me.id = new.partner_id and other.id <> me.id
       and case when starts_with(me.path, other.path || '.') then
             not (new.effects <@ l.effects and new.max_discount_bp <= l.max_discount_bp and new.max_commission_bp <= l.max_commission_bp)
           when starts_with(other.path, me.path || '.') then
             not (l.effects <@ new.effects and l.max_discount_bp <= new.max_discount_bp and l.max_commission_bp <= new.max_commission_bp)
           else false end) then
    raise exception 'the limits of % are not within the tree', new.partner_id using errcode = 'SF012';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger partner_rule_limits_tree before insert or update on partner_rule_limits for each row execute function keep_rule_limits();
--> statement-breakpoint
do $$
declare
  name text;
  rules jsonb := jsonb_build_object(
    'rule_sets', 'partner_id = any ((select actor_partners())::text[])',
    'partner_rule_limits', 'partner_id = any ((select actor_partners())::text[])',
    'customer_group_members', 'exists (select 1 from customers c where c.id = customer_group_members.customer_id)',
    'price_decisions', 'exists (select 1 from invoices i where i.id = price_decisions.invoice_id)');
begin
  for name in select jsonb_object_keys(rules) loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy office on %I to samfony_office using (true)', name);
    execute format('create policy reach on %I to samfony_api using (%s)', name, rules ->> name);
  end loop;
end
$$;
--> statement-breakpoint
grant select on rule_sets, rule_dimensions, partner_rule_limits, customer_groups, customer_group_members, price_decisions
  to samfony_api, samfony_office;
