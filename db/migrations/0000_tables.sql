CREATE TABLE "audit_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"entity" text NOT NULL,
	"entity_id" text NOT NULL,
	"detail" jsonb,
	"ip" text,
	"prev_hash" text DEFAULT '' NOT NULL,
	"hash" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendars" (
	"id" text PRIMARY KEY NOT NULL,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "product_prices" (
	"product_id" text NOT NULL,
	"valid_from" date NOT NULL,
	"amount_rial" bigint NOT NULL,
	"tax_included" boolean DEFAULT false NOT NULL,
	"taxes" text[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "product_prices_product_id_valid_from_pk" PRIMARY KEY("product_id","valid_from")
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"kind" text NOT NULL,
	"label_fa" text NOT NULL,
	"label_en" text NOT NULL,
	"order_definition" text NOT NULL,
	"characteristics" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "products_code" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "tax_rates" (
	"code" text NOT NULL,
	"valid_from" date NOT NULL,
	"label_fa" text NOT NULL,
	"label_en" text NOT NULL,
	"numerator" integer NOT NULL,
	"denominator" integer NOT NULL,
	"compound" boolean DEFAULT false NOT NULL,
	CONSTRAINT "tax_rates_code_valid_from_pk" PRIMARY KEY("code","valid_from")
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"label" text,
	"product" text,
	CONSTRAINT "contacts_once" UNIQUE("customer_id","kind","value"),
	CONSTRAINT "contacts_kind" CHECK ("contacts"."kind" in ('mobile', 'email', 'phone', 'address'))
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" text PRIMARY KEY NOT NULL,
	"partner_id" text,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"national_id" text,
	"locale" text DEFAULT 'fa' NOT NULL,
	"search" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "customers_national_id" UNIQUE("national_id"),
	CONSTRAINT "customers_kind" CHECK ("customers"."kind" in ('person', 'company'))
);
--> statement-breakpoint
CREATE TABLE "definition_pointers" (
	"definition_id" text PRIMARY KEY NOT NULL,
	"current_version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "definitions" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"text" text NOT NULL,
	"graph" jsonb,
	"layout" jsonb,
	"status" text DEFAULT 'draft' NOT NULL,
	"kind" text NOT NULL,
	"label_fa" text NOT NULL,
	"label_en" text NOT NULL,
	"created_by" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"published_by" text,
	"published_at" timestamp(3) with time zone,
	CONSTRAINT "definitions_id_version_pk" PRIMARY KEY("id","version"),
	CONSTRAINT "definitions_status" CHECK ("definitions"."status" in ('draft', 'published', 'retired')),
	CONSTRAINT "definitions_published" CHECK ("definitions"."status" = 'draft' or ("definitions"."graph" is not null and "definitions"."published_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "pins" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"definition_id" text NOT NULL,
	"version" integer NOT NULL,
	"partner_id" text,
	"centre_id" text,
	"city_id" text,
	CONSTRAINT "pins_once" UNIQUE NULLS NOT DISTINCT("definition_id","partner_id","centre_id","city_id"),
	CONSTRAINT "pins_one_place" CHECK (num_nonnulls("pins"."partner_id", "pins"."centre_id", "pins"."city_id") = 1)
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text,
	"customer_id" text,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	"content" "bytea" NOT NULL,
	"uploaded_by" text NOT NULL,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "fact_queries" (
	"source" text NOT NULL,
	"query" text NOT NULL,
	"template" text NOT NULL,
	"params" text[] DEFAULT '{}' NOT NULL,
	"row_limit" integer DEFAULT 100 NOT NULL,
	"timeout_ms" integer DEFAULT 3000 NOT NULL,
	CONSTRAINT "fact_queries_source_query_pk" PRIMARY KEY("source","query")
);
--> statement-breakpoint
CREATE TABLE "foreign_sources" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"config" jsonb NOT NULL,
	CONSTRAINT "foreign_sources_kind" CHECK ("foreign_sources"."kind" in ('postgres', 'http'))
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"actor" text NOT NULL,
	"key" text NOT NULL,
	"route" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"response" jsonb,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_actor_key_pk" PRIMARY KEY("actor","key")
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"key" text NOT NULL,
	"order_id" text,
	"payload" jsonb NOT NULL,
	"received_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"handled_at" timestamp(3) with time zone,
	"result" jsonb,
	CONSTRAINT "inbox_once" UNIQUE("source","key")
);
--> statement-breakpoint
CREATE TABLE "invoice_lines" (
	"invoice_id" text NOT NULL,
	"line" integer NOT NULL,
	"product_id" text,
	"description" jsonb NOT NULL,
	"quantity" integer NOT NULL,
	"unit_rial" bigint NOT NULL,
	"list_rial" bigint NOT NULL,
	"discount_rial" bigint NOT NULL,
	"net_rial" bigint NOT NULL,
	"taxes" jsonb NOT NULL,
	"tax_rial" bigint NOT NULL,
	"total_rial" bigint NOT NULL,
	"period_start" date,
	"period_end" date,
	CONSTRAINT "invoice_lines_invoice_id_line_pk" PRIMARY KEY("invoice_id","line"),
	CONSTRAINT "invoice_lines_total" CHECK ("invoice_lines"."total_rial" = "invoice_lines"."net_rial" + "invoice_lines"."tax_rial")
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"number" text NOT NULL,
	"jalali_year" integer NOT NULL,
	"order_id" text,
	"customer_id" text,
	"partner_id" text,
	"net_rial" bigint NOT NULL,
	"tax_rial" bigint NOT NULL,
	"total_rial" bigint NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"issued_at" timestamp(3) with time zone NOT NULL,
	"due_on" date,
	"paid_at" timestamp(3) with time zone,
	"proforma_id" text,
	"corrects_id" text,
	"subscription_id" text,
	"period_start" date,
	CONSTRAINT "invoices_key" UNIQUE("key"),
	CONSTRAINT "invoices_number" UNIQUE("number"),
	CONSTRAINT "invoices_total" CHECK ("invoices"."total_rial" = "invoices"."net_rial" + "invoices"."tax_rial"),
	CONSTRAINT "invoices_kind" CHECK ("invoices"."kind" in ('proforma', 'invoice', 'credit-note')),
	CONSTRAINT "invoices_status" CHECK ("invoices"."status" in ('open', 'paid', 'void'))
);
--> statement-breakpoint
CREATE TABLE "number_series" (
	"kind" text NOT NULL,
	"entity" text NOT NULL,
	"jalali_year" integer NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "number_series_kind_entity_jalali_year_pk" PRIMARY KEY("kind","entity","jalali_year")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "accounts_kind" CHECK ("accounts"."kind" in ('asset', 'liability', 'income', 'expense'))
);
--> statement-breakpoint
CREATE TABLE "journal_entries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"description" text NOT NULL,
	"order_id" text,
	CONSTRAINT "journal_entries_key" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "journal_lines" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"entry_id" bigint NOT NULL,
	"account_id" text NOT NULL,
	"debit" bigint NOT NULL,
	"credit" bigint NOT NULL,
	"currency" text DEFAULT 'IRR' NOT NULL,
	CONSTRAINT "journal_lines_one_side" CHECK ("journal_lines"."debit" >= 0 and "journal_lines"."credit" >= 0 and ("journal_lines"."debit" = 0) <> ("journal_lines"."credit" = 0))
);
--> statement-breakpoint
CREATE TABLE "message_templates" (
	"key" text NOT NULL,
	"channel" text NOT NULL,
	"locale" text NOT NULL,
	"subject" text,
	"body" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_by" text,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "message_templates_key_channel_locale_pk" PRIMARY KEY("key","channel","locale")
);
--> statement-breakpoint
CREATE TABLE "message_timings" (
	"definition_id" text NOT NULL,
	"state" text NOT NULL,
	"template" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"delay" text,
	CONSTRAINT "message_timings_definition_id_state_template_pk" PRIMARY KEY("definition_id","state","template")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"order_id" text,
	"channel" text NOT NULL,
	"template" text NOT NULL,
	"locale" text NOT NULL,
	"recipient" text NOT NULL,
	"subject" text,
	"body" text NOT NULL,
	"segments" integer DEFAULT 1 NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"provider_id" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp(3) with time zone,
	"delivered_at" timestamp(3) with time zone,
	"error" text,
	CONSTRAINT "messages_key" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "order_search" (
	"order_id" text PRIMARY KEY NOT NULL,
	"search" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" text PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"kind" text NOT NULL,
	"workflow_id" text NOT NULL,
	"definition_id" text NOT NULL,
	"definition_version" integer NOT NULL,
	"engine_version" integer NOT NULL,
	"customer_id" text,
	"partner_id" text,
	"partner_path" text,
	"centre_id" text,
	"city_id" text,
	"product_id" text,
	"subscription_id" text,
	"technician_id" text,
	"phone" text,
	"parent_order_id" text,
	"parent_invocation" text,
	"seq" integer DEFAULT 0 NOT NULL,
	"states" text[] DEFAULT '{}' NOT NULL,
	"status" text DEFAULT 'running' NOT NULL,
	"outcome" text,
	"outcome_kind" text,
	"stage" text,
	"tmf_state" text,
	"owners" text[] DEFAULT '{}' NOT NULL,
	"due_at" timestamp(3) with time zone,
	"incident_count" integer DEFAULT 0 NOT NULL,
	"instance" jsonb,
	"chain_hash" text DEFAULT '' NOT NULL,
	"started_by" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "orders_number" UNIQUE("number"),
	CONSTRAINT "orders_workflow" UNIQUE("workflow_id"),
	CONSTRAINT "orders_kind" CHECK ("orders"."kind" in ('order', 'installation', 'renewal', 'collection', 'ticket', 'process')),
	CONSTRAINT "orders_status" CHECK ("orders"."status" in ('running', 'held', 'compensating', 'ended')),
	CONSTRAINT "orders_outcome_kind" CHECK ("orders"."outcome_kind" in ('success', 'failure', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "tally" (
	"definition_id" text NOT NULL,
	"state" text NOT NULL,
	"partner_id" text NOT NULL,
	"centre_id" text NOT NULL,
	"city_id" text NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "tally_definition_id_state_partner_id_centre_id_city_id_pk" PRIMARY KEY("definition_id","state","partner_id","centre_id","city_id")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"payload" jsonb NOT NULL,
	"order_id" text,
	"due_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"done_at" timestamp(3) with time zone,
	"cancelled_at" timestamp(3) with time zone,
	"last_error" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outbox_key" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "partners" (
	"id" text PRIMARY KEY NOT NULL,
	"parent_id" text,
	"path" text NOT NULL,
	"code" text NOT NULL,
	"name_fa" text NOT NULL,
	"name_en" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "partners_path" UNIQUE("path"),
	CONSTRAINT "partners_code" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "payment_attempts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payment_attempts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 100001 CACHE 1),
	"key" text NOT NULL,
	"path_token" text NOT NULL,
	"order_id" text,
	"invoice_id" text,
	"customer_id" text,
	"gateway" text NOT NULL,
	"amount_rial" bigint NOT NULL,
	"status" text DEFAULT 'created' NOT NULL,
	"gateway_token" text,
	"bank_ref" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"verified_at" timestamp(3) with time zone,
	"settled_at" timestamp(3) with time zone,
	"raw" jsonb,
	CONSTRAINT "payment_attempts_key" UNIQUE("key"),
	CONSTRAINT "payment_attempts_path" UNIQUE("path_token"),
	CONSTRAINT "payment_attempts_bank_ref" UNIQUE("gateway","bank_ref"),
	CONSTRAINT "payment_attempts_amount" CHECK ("payment_attempts"."amount_rial" > 0),
	CONSTRAINT "payment_attempts_status" CHECK ("payment_attempts"."status" in ('created', 'sent', 'verified', 'settled', 'failed', 'reversed'))
);
--> statement-breakpoint
CREATE TABLE "unmatched_payments" (
	"id" text PRIMARY KEY NOT NULL,
	"gateway" text NOT NULL,
	"bank_ref" text NOT NULL,
	"attempt_id" bigint,
	"order_id" text,
	"customer_id" text,
	"amount_rial" bigint NOT NULL,
	"reason" text NOT NULL,
	"raw" jsonb,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp(3) with time zone,
	"resolution" text,
	CONSTRAINT "unmatched_payments_once" UNIQUE("gateway","bank_ref","reason")
);
--> statement-breakpoint
CREATE TABLE "centres" (
	"id" text PRIMARY KEY NOT NULL,
	"city_id" text NOT NULL,
	"code" text NOT NULL,
	"name_fa" text NOT NULL,
	"name_en" text NOT NULL,
	"prefixes" text[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "centres_code" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "cities" (
	"id" text PRIMARY KEY NOT NULL,
	"name_fa" text NOT NULL,
	"name_en" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"partner_id" text,
	"product_id" text NOT NULL,
	"username" text,
	"port_id" text,
	"phone" text,
	"starts_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscriptions_username" UNIQUE("username"),
	CONSTRAINT "subscriptions_status" CHECK ("subscriptions"."status" in ('active', 'suspended', 'expired', 'collecting', 'collected', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "incident_proposals" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"incident_id" text NOT NULL,
	"command" text NOT NULL,
	"args" jsonb NOT NULL,
	"proposed_by" text NOT NULL,
	"approved_by" text,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"approved_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"order_id" text NOT NULL,
	"incident_id" text NOT NULL,
	"kind" text NOT NULL,
	"place" text NOT NULL,
	"error" jsonb NOT NULL,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"closed_at" timestamp(3) with time zone,
	"resolution" text,
	CONSTRAINT "incidents_order_id_incident_id_pk" PRIMARY KEY("order_id","incident_id")
);
--> statement-breakpoint
CREATE TABLE "transitions" (
	"order_id" text NOT NULL,
	"seq" integer NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"event" jsonb NOT NULL,
	"actor" jsonb,
	"payload" jsonb,
	"from_states" text[] NOT NULL,
	"to_states" text[] NOT NULL,
	"entered" text[] NOT NULL,
	"left_states" text[] NOT NULL,
	"trace" jsonb,
	"set" jsonb NOT NULL,
	"effects" text[] NOT NULL,
	"definition_version" integer NOT NULL,
	"prev_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "transitions_order_id_seq_pk" PRIMARY KEY("order_id","seq")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"hash" text PRIMARY KEY NOT NULL,
	"prefix" text NOT NULL,
	"user_id" text NOT NULL,
	"label" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone,
	"last_used_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "role_assignments" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"reach" text NOT NULL,
	"partner_id" text,
	"centre_id" text,
	"city_id" text,
	CONSTRAINT "role_assignments_once" UNIQUE NULLS NOT DISTINCT("user_id","role","reach","partner_id","centre_id","city_id"),
	CONSTRAINT "role_assignments_reach" CHECK (case "role_assignments"."reach" when 'own' then true when 'all' then true when 'subtree' then "role_assignments"."partner_id" is not null
        when 'centre' then "role_assignments"."centre_id" is not null when 'city' then "role_assignments"."city_id" is not null else false end)
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"ip" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"username" text NOT NULL,
	"password_hash" text NOT NULL,
	"name" text NOT NULL,
	"locale" text DEFAULT 'fa' NOT NULL,
	"partner_id" text,
	"customer_id" text,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_username" UNIQUE("username")
);
--> statement-breakpoint
ALTER TABLE "product_prices" ADD CONSTRAINT "product_prices_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "definition_pointers" ADD CONSTRAINT "definition_pointers_definition_id_current_version_definitions_id_version_fk" FOREIGN KEY ("definition_id","current_version") REFERENCES "public"."definitions"("id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_centre_id_centres_id_fk" FOREIGN KEY ("centre_id") REFERENCES "public"."centres"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_city_id_cities_id_fk" FOREIGN KEY ("city_id") REFERENCES "public"."cities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_definition_id_version_definitions_id_version_fk" FOREIGN KEY ("definition_id","version") REFERENCES "public"."definitions"("id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fact_queries" ADD CONSTRAINT "fact_queries_source_foreign_sources_id_fk" FOREIGN KEY ("source") REFERENCES "public"."foreign_sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbox" ADD CONSTRAINT "inbox_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_proforma_id_invoices_id_fk" FOREIGN KEY ("proforma_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_corrects_id_invoices_id_fk" FOREIGN KEY ("corrects_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal_entries" ADD CONSTRAINT "journal_entries_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal_lines" ADD CONSTRAINT "journal_lines_entry_id_journal_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."journal_entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal_lines" ADD CONSTRAINT "journal_lines_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_search" ADD CONSTRAINT "order_search_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_centre_id_centres_id_fk" FOREIGN KEY ("centre_id") REFERENCES "public"."centres"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_city_id_cities_id_fk" FOREIGN KEY ("city_id") REFERENCES "public"."cities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_technician_id_users_id_fk" FOREIGN KEY ("technician_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_parent_order_id_orders_id_fk" FOREIGN KEY ("parent_order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_definition_id_definition_version_definitions_id_version_fk" FOREIGN KEY ("definition_id","definition_version") REFERENCES "public"."definitions"("id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partners" ADD CONSTRAINT "partners_parent_id_partners_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unmatched_payments" ADD CONSTRAINT "unmatched_payments_attempt_id_payment_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."payment_attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unmatched_payments" ADD CONSTRAINT "unmatched_payments_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unmatched_payments" ADD CONSTRAINT "unmatched_payments_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "centres" ADD CONSTRAINT "centres_city_id_cities_id_fk" FOREIGN KEY ("city_id") REFERENCES "public"."cities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_proposals" ADD CONSTRAINT "incident_proposals_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transitions" ADD CONSTRAINT "transitions_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_assignments" ADD CONSTRAINT "role_assignments_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_assignments" ADD CONSTRAINT "role_assignments_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_assignments" ADD CONSTRAINT "role_assignments_centre_id_centres_id_fk" FOREIGN KEY ("centre_id") REFERENCES "public"."centres"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_assignments" ADD CONSTRAINT "role_assignments_city_id_cities_id_fk" FOREIGN KEY ("city_id") REFERENCES "public"."cities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_entity" ON "audit_log" USING btree ("entity","entity_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor","id");--> statement-breakpoint
CREATE INDEX "contacts_value" ON "contacts" USING btree ("value");--> statement-breakpoint
CREATE INDEX "customers_partner" ON "customers" USING btree ("partner_id");--> statement-breakpoint
CREATE INDEX "customers_created" ON "customers" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "pins_version" ON "pins" USING btree ("definition_id","version");--> statement-breakpoint
CREATE INDEX "pins_partner" ON "pins" USING btree ("partner_id");--> statement-breakpoint
CREATE INDEX "pins_centre" ON "pins" USING btree ("centre_id");--> statement-breakpoint
CREATE INDEX "pins_city" ON "pins" USING btree ("city_id");--> statement-breakpoint
CREATE INDEX "documents_order" ON "documents" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "documents_customer" ON "documents" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "inbox_waiting" ON "inbox" USING btree ("id") WHERE "inbox"."handled_at" is null;--> statement-breakpoint
CREATE INDEX "inbox_order" ON "inbox" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "invoice_lines_product" ON "invoice_lines" USING btree ("product_id");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_period" ON "invoices" USING btree ("subscription_id","period_start","kind") WHERE "invoices"."period_start" is not null and "invoices"."status" <> 'void' and "invoices"."kind" <> 'credit-note';--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_of_proforma" ON "invoices" USING btree ("proforma_id") WHERE "invoices"."proforma_id" is not null;--> statement-breakpoint
CREATE INDEX "invoices_order" ON "invoices" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "invoices_customer" ON "invoices" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "invoices_partner" ON "invoices" USING btree ("partner_id");--> statement-breakpoint
CREATE INDEX "invoices_corrects" ON "invoices" USING btree ("corrects_id");--> statement-breakpoint
CREATE INDEX "invoices_due" ON "invoices" USING btree ("due_on") WHERE "invoices"."status" = 'open';--> statement-breakpoint
CREATE INDEX "invoices_issued" ON "invoices" USING btree ("issued_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "journal_entries_order" ON "journal_entries" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "journal_entries_at" ON "journal_entries" USING btree ("at");--> statement-breakpoint
CREATE INDEX "journal_lines_entry" ON "journal_lines" USING btree ("entry_id");--> statement-breakpoint
CREATE INDEX "journal_lines_account" ON "journal_lines" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "messages_order" ON "messages" USING btree ("order_id","id");--> statement-breakpoint
CREATE INDEX "messages_provider" ON "messages" USING btree ("channel","provider_id");--> statement-breakpoint
CREATE INDEX "messages_created" ON "messages" USING btree ("created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "orders_created" ON "orders" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "orders_definition" ON "orders" USING btree ("definition_id","definition_version","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "orders_partner" ON "orders" USING btree ("partner_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "orders_customer" ON "orders" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "orders_centre" ON "orders" USING btree ("centre_id");--> statement-breakpoint
CREATE INDEX "orders_city" ON "orders" USING btree ("city_id");--> statement-breakpoint
CREATE INDEX "orders_product" ON "orders" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "orders_subscription" ON "orders" USING btree ("subscription_id") WHERE "orders"."subscription_id" is not null;--> statement-breakpoint
CREATE INDEX "orders_technician" ON "orders" USING btree ("technician_id") WHERE "orders"."technician_id" is not null;--> statement-breakpoint
CREATE INDEX "orders_phone" ON "orders" USING btree ("phone") WHERE "orders"."phone" is not null;--> statement-breakpoint
CREATE INDEX "orders_parent" ON "orders" USING btree ("parent_order_id") WHERE "orders"."parent_order_id" is not null;--> statement-breakpoint
CREATE INDEX "orders_states" ON "orders" USING gin ("states");--> statement-breakpoint
CREATE INDEX "orders_due" ON "orders" USING btree ("definition_id","due_at","states","partner_id","centre_id","city_id") WHERE "orders"."status" <> 'ended' and "orders"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "orders_held" ON "orders" USING btree ("created_at" DESC NULLS LAST) WHERE "orders"."incident_count" > 0;--> statement-breakpoint
CREATE INDEX "tally_partner" ON "tally" USING btree ("partner_id");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("next_at","id") WHERE "outbox"."done_at" is null and "outbox"."cancelled_at" is null;--> statement-breakpoint
CREATE INDEX "outbox_order" ON "outbox" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "partners_parent" ON "partners" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "payment_attempts_order" ON "payment_attempts" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "payment_attempts_invoice" ON "payment_attempts" USING btree ("invoice_id");--> statement-breakpoint
CREATE INDEX "payment_attempts_customer" ON "payment_attempts" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "payment_attempts_token" ON "payment_attempts" USING btree ("gateway","gateway_token");--> statement-breakpoint
CREATE INDEX "payment_attempts_open" ON "payment_attempts" USING btree ("created_at") WHERE "payment_attempts"."status" in ('created', 'sent', 'verified');--> statement-breakpoint
CREATE INDEX "unmatched_payments_attempt" ON "unmatched_payments" USING btree ("attempt_id");--> statement-breakpoint
CREATE INDEX "unmatched_payments_order" ON "unmatched_payments" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "unmatched_payments_customer" ON "unmatched_payments" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "unmatched_payments_open" ON "unmatched_payments" USING btree ("at") WHERE "unmatched_payments"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "centres_city" ON "centres" USING btree ("city_id");--> statement-breakpoint
CREATE INDEX "subscriptions_order" ON "subscriptions" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "subscriptions_customer" ON "subscriptions" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "subscriptions_partner" ON "subscriptions" USING btree ("partner_id");--> statement-breakpoint
CREATE INDEX "subscriptions_product" ON "subscriptions" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "subscriptions_phone" ON "subscriptions" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "subscriptions_expiry" ON "subscriptions" USING btree ("status","expires_at");--> statement-breakpoint
CREATE INDEX "incident_proposals_incident" ON "incident_proposals" USING btree ("order_id","incident_id");--> statement-breakpoint
CREATE INDEX "incidents_opened" ON "incidents" USING btree ("opened_at");--> statement-breakpoint
CREATE INDEX "transitions_at" ON "transitions" USING btree ("at");--> statement-breakpoint
CREATE INDEX "api_keys_user" ON "api_keys" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "role_assignments_partner" ON "role_assignments" USING btree ("partner_id");--> statement-breakpoint
CREATE INDEX "role_assignments_centre" ON "role_assignments" USING btree ("centre_id");--> statement-breakpoint
CREATE INDEX "role_assignments_city" ON "role_assignments" USING btree ("city_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "users_partner" ON "users" USING btree ("partner_id");--> statement-breakpoint
CREATE INDEX "users_customer" ON "users" USING btree ("customer_id");