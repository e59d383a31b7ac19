CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "login_codes" (
	"mobile" text PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"user_id" text,
	"code_hash" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"used_at" timestamp(3) with time zone
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "mobile" text;--> statement-breakpoint
ALTER TABLE "login_codes" ADD CONSTRAINT "login_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rate_limits_expire" ON "rate_limits" USING btree ("expire");--> statement-breakpoint
CREATE INDEX "login_codes_expiry" ON "login_codes" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "orders_own_process" ON "orders" USING btree ("started_by") WHERE "orders"."customer_id" is null;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_mobile" UNIQUE("mobile");--> statement-breakpoint
grant select (mobile) on users to samfony_api, samfony_office;
--> statement-breakpoint
-- An order for no customer, as a leave request, is its starter's own (`technician_id` is the user himself, db/scope.ts).
alter policy reach on orders using (
  (select actor_setting('all')) = 'on'
  or customer_id = (select actor_setting('customer_id'))
  or technician_id = (select actor_setting('technician_id'))
  or (customer_id is null and started_by = (select actor_setting('technician_id')))
  or partner_id = any ((select actor_partners())::text[])
  or centre_id = any ((select actor_list('centres'))::text[]) or city_id = any ((select actor_list('cities'))::text[]));
