DROP INDEX "customers_created";--> statement-breakpoint
DROP INDEX "invoices_issued";--> statement-breakpoint
DROP INDEX "messages_created";--> statement-breakpoint
DROP INDEX "orders_created";--> statement-breakpoint
DROP INDEX "orders_definition";--> statement-breakpoint
DROP INDEX "orders_partner";--> statement-breakpoint
DROP INDEX "orders_held";--> statement-breakpoint
CREATE INDEX "customers_created" ON "customers" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "invoices_issued" ON "invoices" USING btree ("issued_at","id");--> statement-breakpoint
CREATE INDEX "messages_created" ON "messages" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "orders_created" ON "orders" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "orders_definition" ON "orders" USING btree ("definition_id","created_at","id");--> statement-breakpoint
CREATE INDEX "orders_partner" ON "orders" USING btree ("partner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "orders_held" ON "orders" USING btree ("created_at") WHERE "orders"."incident_count" > 0;