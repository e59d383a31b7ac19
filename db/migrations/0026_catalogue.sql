CREATE TABLE "product_categories" (
	"id" text PRIMARY KEY NOT NULL,
	"parent_id" text,
	"label_fa" text NOT NULL,
	"label_en" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "product_relations" (
	"product_id" text NOT NULL,
	"kind" text NOT NULL,
	"other_id" text NOT NULL,
	"quantity" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "product_relations_product_id_kind_other_id_pk" PRIMARY KEY("product_id","kind","other_id"),
	CONSTRAINT "product_relations_kind" CHECK ("product_relations"."kind" in ('requires', 'excludes', 'suggests', 'includes')),
	CONSTRAINT "product_relations_other_one" CHECK ("product_relations"."product_id" <> "product_relations"."other_id"),
	CONSTRAINT "product_relations_quantity" CHECK ("product_relations"."quantity" between 1 and 1000)
);
--> statement-breakpoint
CREATE TABLE "product_versions" (
	"product_id" text NOT NULL,
	"version" integer NOT NULL,
	"characteristics" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "product_versions_product_id_version_pk" PRIMARY KEY("product_id","version")
);
--> statement-breakpoint
ALTER TABLE "product_prices" DROP CONSTRAINT "product_prices_product_id_valid_from_pk";--> statement-breakpoint
ALTER TABLE "product_prices" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "product_prices" ADD COLUMN "charge" text DEFAULT 'recurring' NOT NULL;--> statement-breakpoint
ALTER TABLE "product_prices" ADD COLUMN "valid_until" date;--> statement-breakpoint
ALTER TABLE "product_prices" ADD COLUMN "currency" text DEFAULT 'IRR' NOT NULL;--> statement-breakpoint
ALTER TABLE "product_prices" ADD COLUMN "tiers" jsonb;--> statement-breakpoint
ALTER TABLE "product_prices" RENAME COLUMN "amount_rial" TO "amount";--> statement-breakpoint
ALTER TABLE "product_prices" ADD CONSTRAINT "product_prices_product_id_version_charge_valid_from_pk" PRIMARY KEY("product_id","version","charge","valid_from");--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "category_id" text;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "delivery" text DEFAULT 'definition' NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "income" text DEFAULT '4100' NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "sale_from" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "sale_until" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "product_categories" ADD CONSTRAINT "product_categories_parent_id_product_categories_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."product_categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_relations" ADD CONSTRAINT "product_relations_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_relations" ADD CONSTRAINT "product_relations_other_id_products_id_fk" FOREIGN KEY ("other_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_versions" ADD CONSTRAINT "product_versions_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "product_categories_parent" ON "product_categories" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "product_relations_other" ON "product_relations" USING btree ("other_id");--> statement-breakpoint
insert into product_versions (product_id, version, characteristics) select id, 1, characteristics from products;
--> statement-breakpoint
ALTER TABLE "product_prices" ADD CONSTRAINT "product_prices_currency_currencies_code_fk" FOREIGN KEY ("currency") REFERENCES "public"."currencies"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_prices" ADD CONSTRAINT "product_prices_product_id_version_product_versions_product_id_version_fk" FOREIGN KEY ("product_id","version") REFERENCES "public"."product_versions"("product_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_category_id_product_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."product_categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_income_chart_accounts_code_fk" FOREIGN KEY ("income") REFERENCES "public"."chart_accounts"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "products_category" ON "products" USING btree ("category_id");--> statement-breakpoint
CREATE INDEX "products_income" ON "products" USING btree ("income");--> statement-breakpoint
ALTER TABLE "product_prices" ADD CONSTRAINT "product_prices_amount" CHECK ("product_prices"."amount" >= 0);--> statement-breakpoint
ALTER TABLE "product_prices" ADD CONSTRAINT "product_prices_charge" CHECK ("product_prices"."charge" in ('one-off', 'recurring'));--> statement-breakpoint
ALTER TABLE "product_prices" ADD CONSTRAINT "product_prices_until" CHECK ("product_prices"."valid_until" > "product_prices"."valid_from");--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_delivery" CHECK ("products"."delivery" in ('definition', 'pool', 'download', 'shipping'));--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_sale" CHECK ("products"."sale_until" > "products"."sale_from");
--> statement-breakpoint

-- Every version that was ever on sale is kept; new characteristics are a new version (subscribers keep what they bought).
create function keep_product_version() returns trigger language plpgsql security definer set search_path from current as $$
begin
  if tg_op = 'UPDATE' and new.version <> old.version + (new.characteristics is distinct from old.characteristics)::integer then
    raise exception 'new characteristics of product % are a new version', new.id using errcode = 'SF003';
  end if;
  if tg_op = 'INSERT' or new.version <> old.version then
    insert into product_versions (product_id, version, characteristics) values (new.id, new.version, new.characteristics);
  end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger products_versions after insert or update on products for each row execute function keep_product_version();
--> statement-breakpoint
create trigger product_versions_append_only before update or delete or truncate on product_versions execute function refuse_change();
--> statement-breakpoint

-- SF010: a price list names one price for a day: no price begins inside a limited one. A price in force is never rewritten.
create function keep_price_list() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.valid_from <= (now() at time zone 'Asia/Tehran')::date
     and (tg_op = 'DELETE' or to_jsonb(new) <> to_jsonb(old)) then
    raise exception 'the price of % is in force', old.valid_from using errcode = 'SF003';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('price:' || new.product_id, 0));
  if exists (select 1 from product_prices p where p.product_id = new.product_id and p.version = new.version and p.charge = new.charge
      and p.valid_from <> new.valid_from
      and (p.valid_from > new.valid_from and p.valid_from < new.valid_until or new.valid_from > p.valid_from and new.valid_from < p.valid_until)) then
    raise exception 'the price of % overlaps another', new.valid_from using errcode = 'SF010';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger product_prices_kept before insert or update or delete on product_prices for each row execute function keep_price_list();
--> statement-breakpoint

-- SF011: no category lies below itself, and no bundle holds itself.
create function refuse_cycle() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('samfony.catalogue'));
  if tg_table_name = 'product_categories' then
    if exists (with recursive up as (select new.parent_id as id union select c.parent_id from product_categories c join up on c.id = up.id)
               select 1 from up where id = new.id) then
      raise exception 'category % lies below itself', new.id using errcode = 'SF011';
    end if;
  elsif (to_jsonb(new) ->> 'kind') = 'includes' and exists (
      with recursive down as (select to_jsonb(new) ->> 'other_id' as id
        union select r.other_id from product_relations r join down on r.product_id = down.id where r.kind = 'includes')
      select 1 from down where id = to_jsonb(new) ->> 'product_id') then
    raise exception 'bundle % holds itself', to_jsonb(new) ->> 'product_id' using errcode = 'SF011';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger product_categories_tree before insert or update on product_categories for each row execute function refuse_cycle();
--> statement-breakpoint
create trigger product_relations_tree before insert or update on product_relations for each row execute function refuse_cycle();
--> statement-breakpoint
create trigger tax_rates_append_only before update or delete or truncate on tax_rates execute function refuse_change();
--> statement-breakpoint
grant select on product_categories, product_versions, product_relations to samfony_api, samfony_office;
