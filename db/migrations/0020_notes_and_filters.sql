CREATE TABLE "order_notes" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"author" text NOT NULL,
	"author_name" text NOT NULL,
	"text" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_filters" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"partner_id" text,
	"shared" boolean DEFAULT false NOT NULL,
	"list" text NOT NULL,
	"name" text NOT NULL,
	"query" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "order_notes" ADD CONSTRAINT "order_notes_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_filters" ADD CONSTRAINT "saved_filters_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_filters" ADD CONSTRAINT "saved_filters_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "order_notes_order" ON "order_notes" USING btree ("order_id","at");--> statement-breakpoint
CREATE INDEX "saved_filters_owner" ON "saved_filters" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "saved_filters_partner" ON "saved_filters" USING btree ("partner_id");--> statement-breakpoint
create trigger order_notes_append_only before update or delete or truncate on order_notes execute function refuse_change();
--> statement-breakpoint
alter table order_notes enable row level security;
--> statement-breakpoint
create policy reach on order_notes to samfony_api using (exists (select 1 from orders o where o.id = order_notes.order_id));
--> statement-breakpoint
create policy office on order_notes to samfony_office using (true);
--> statement-breakpoint
grant select, insert on order_notes to samfony_api, samfony_office;
--> statement-breakpoint
alter table saved_filters enable row level security;
--> statement-breakpoint
-- Also in the office a filter that is not shared is its owner's alone, and nobody changes another's.
create policy seen on saved_filters for select to samfony_api, samfony_office using (
  owner_id = (select actor_setting('user_id'))
  or shared and partner_id is not distinct from (select u.partner_id from users u where u.id = (select actor_setting('user_id'))));
--> statement-breakpoint
create policy own on saved_filters to samfony_api, samfony_office
  using (owner_id = (select actor_setting('user_id'))) with check (owner_id = (select actor_setting('user_id')));
--> statement-breakpoint
grant select, insert, update, delete on saved_filters to samfony_api, samfony_office;
