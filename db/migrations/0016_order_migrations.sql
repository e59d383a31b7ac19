CREATE TABLE "migration_items" (
	"migration_id" text NOT NULL,
	"order_id" text NOT NULL,
	"from_version" integer NOT NULL,
	"to_version" integer NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"seq" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"detail" jsonb,
	"replaced" jsonb,
	CONSTRAINT "migration_items_migration_id_order_id_pk" PRIMARY KEY("migration_id","order_id"),
	CONSTRAINT "migration_items_state" CHECK ("migration_items"."state" in ('open', 'moved', 'held', 'busy', 'refused', 'ended'))
);
--> statement-breakpoint
CREATE TABLE "order_migrations" (
	"id" text PRIMARY KEY NOT NULL,
	"definition_id" text NOT NULL,
	"from_versions" integer[] NOT NULL,
	"to_version" integer NOT NULL,
	"inverse_of" text,
	"status" text DEFAULT 'running' NOT NULL,
	"rate" integer NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "order_migrations_status" CHECK ("order_migrations"."status" in ('running', 'paused', 'stopped', 'done')),
	CONSTRAINT "order_migrations_rate" CHECK ("order_migrations"."rate" between 1 and 200)
);
--> statement-breakpoint
ALTER TABLE "migration_items" ADD CONSTRAINT "migration_items_migration_id_order_migrations_id_fk" FOREIGN KEY ("migration_id") REFERENCES "public"."order_migrations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "migration_items" ADD CONSTRAINT "migration_items_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "migration_items_state" ON "migration_items" USING btree ("migration_id","state","order_id");
--> statement-breakpoint
CREATE INDEX "migration_items_order" ON "migration_items" USING btree ("order_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "order_migrations_running" ON "order_migrations" USING btree ("definition_id") WHERE "order_migrations"."status" in ('running', 'paused');
--> statement-breakpoint
CREATE INDEX "order_migrations_definition" ON "order_migrations" USING btree ("definition_id","started_at");
--> statement-breakpoint
grant select on order_migrations to samfony_office;
--> statement-breakpoint
-- Which orders run by a version now, and in which states: asked for each map.
create index orders_version_open on orders (definition_id, definition_version) where status <> 'ended';
