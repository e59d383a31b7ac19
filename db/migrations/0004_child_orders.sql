CREATE UNIQUE INDEX "orders_invocation" ON "orders" USING btree ("parent_invocation") WHERE "orders"."parent_invocation" is not null;--> statement-breakpoint
grant select on pins to samfony_api;
