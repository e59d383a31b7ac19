CREATE TABLE "currencies" (
	"code" text PRIMARY KEY NOT NULL,
	"exponent" integer NOT NULL,
	"label_fa" text NOT NULL,
	"label_en" text NOT NULL,
	CONSTRAINT "currencies_code" CHECK ("currencies"."code" ~ '^[A-Z]{3}$'),
	CONSTRAINT "currencies_exponent" CHECK ("currencies"."exponent" between 0 and 4)
);
--> statement-breakpoint
CREATE TABLE "exchange_rates" (
	"base" text NOT NULL,
	"quote" text NOT NULL,
	"valid_from" timestamp(3) with time zone NOT NULL,
	"source" text NOT NULL,
	"numerator" bigint NOT NULL,
	"denominator" bigint NOT NULL,
	"recorded_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "exchange_rates_base_quote_valid_from_source_pk" PRIMARY KEY("base","quote","valid_from","source"),
	CONSTRAINT "exchange_rates_positive" CHECK ("exchange_rates"."numerator" > 0 and "exchange_rates"."denominator" > 0),
	CONSTRAINT "exchange_rates_pair" CHECK ("exchange_rates"."base" <> "exchange_rates"."quote")
);
--> statement-breakpoint
CREATE TABLE "account_balances" (
	"account_id" text NOT NULL,
	"currency" text NOT NULL,
	"stripe" integer NOT NULL,
	"posted" bigint NOT NULL,
	"held" bigint NOT NULL,
	"credit_limit" bigint NOT NULL,
	"lines" bigint NOT NULL,
	"bounded" boolean NOT NULL,
	CONSTRAINT "account_balances_account_id_currency_stripe_pk" PRIMARY KEY("account_id","currency","stripe"),
	CONSTRAINT "account_balances_within" CHECK (not "account_balances"."bounded" or "account_balances"."posted" - "account_balances"."held" + "account_balances"."credit_limit" >= 0),
	CONSTRAINT "account_balances_signs" CHECK ("account_balances"."held" >= 0 and "account_balances"."credit_limit" >= 0)
);
--> statement-breakpoint
CREATE TABLE "chart_accounts" (
	"code" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"party" text DEFAULT 'none' NOT NULL,
	"bounded" boolean DEFAULT false NOT NULL,
	"label_fa" text NOT NULL,
	"label_en" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "chart_accounts_code" CHECK ("chart_accounts"."code" ~ '^[0-9]{4}$'),
	CONSTRAINT "chart_accounts_kind" CHECK ("chart_accounts"."kind" in ('asset', 'liability', 'income', 'expense')),
	CONSTRAINT "chart_accounts_party" CHECK ("chart_accounts"."party" in ('none', 'customer', 'partner', 'terminal', 'code'))
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"account_id" text NOT NULL,
	"currency" text DEFAULT 'IRR' NOT NULL,
	"amount" bigint NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"reason" text NOT NULL,
	"order_id" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	"entry_id" bigint,
	CONSTRAINT "holds_key" UNIQUE("key"),
	CONSTRAINT "holds_amount" CHECK ("holds"."amount" > 0),
	CONSTRAINT "holds_status" CHECK ("holds"."status" in ('pending', 'posted', 'void', 'expired'))
);
--> statement-breakpoint
DROP INDEX "journal_entries_at";--> statement-breakpoint
DROP INDEX "journal_lines_account";--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "code" text;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "customer_id" text;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "partner_id" text;--> statement-breakpoint
ALTER TABLE "journal_entries" ADD COLUMN "actor" text;--> statement-breakpoint
ALTER TABLE "journal_entries" ADD COLUMN "digest" text;--> statement-breakpoint
ALTER TABLE "journal_entries" ADD COLUMN "reverses_id" bigint;--> statement-breakpoint
ALTER TABLE "journal_lines" ADD COLUMN "seq" bigint;--> statement-breakpoint
ALTER TABLE "journal_lines" ADD COLUMN "balance_after" bigint;--> statement-breakpoint
-- Currencies and the chart of policy/money: what a company starts from, and changes.
insert into currencies (code, exponent, label_fa, label_en) values
  ('IRR', 0, 'ریال', 'Rial'), ('USD', 2, 'دلار آمریکا', 'US dollar'), ('EUR', 2, 'یورو', 'Euro'), ('AED', 2, 'درهم امارات', 'UAE dirham');
--> statement-breakpoint
insert into chart_accounts (code, kind, party, bounded, label_fa, label_en) values
  ('1101', 'asset', 'terminal', false, 'بانک', 'Bank'),
  ('1102', 'asset', 'none', false, 'صندوق', 'Cash'),
  ('1103', 'asset', 'none', false, 'چک‌های دریافتنی', 'Cheques'),
  ('1104', 'asset', 'none', false, 'پایانه‌های فروش', 'POS'),
  ('1190', 'asset', 'none', false, 'موجودی ارزی', 'Currency position'),
  ('1200', 'asset', 'customer', false, 'حساب‌های دریافتنی مشترکان', 'Receivable from customers'),
  ('1210', 'asset', 'partner', false, 'حساب‌های دریافتنی نمایندگان', 'Receivable from agents'),
  ('2100', 'liability', 'customer', true, 'بانک مجازی مشترک', 'Wallet of a customer'),
  ('2110', 'liability', 'partner', true, 'بانک مجازی نماینده', 'Wallet of an agent'),
  ('2120', 'liability', 'code', false, 'وجوه مسدود', 'Money held'),
  ('2200', 'liability', 'none', false, 'مالیات بر ارزش افزوده', 'Value added tax'),
  ('2210', 'liability', 'code', false, 'عوارض', 'Levies'),
  ('2300', 'liability', 'partner', false, 'پورسانت پرداختنی', 'Commission payable'),
  ('2400', 'liability', 'none', false, 'پیش‌دریافت درآمد', 'Deferred revenue'),
  ('2900', 'liability', 'none', false, 'دریافت‌های نامشخص', 'Unidentified receipts'),
  ('4100', 'income', 'none', false, 'درآمد خدمات', 'Service revenue'),
  ('4110', 'income', 'none', false, 'درآمد نصب', 'Installation revenue'),
  ('4120', 'income', 'none', false, 'فروش کالا', 'Sale of goods'),
  ('4900', 'income', 'none', false, 'سود تسعیر ارز', 'Exchange gain'),
  ('4910', 'income', 'none', false, 'گرد کردن', 'Rounding'),
  ('5100', 'expense', 'none', false, 'هزینه پورسانت', 'Commission'),
  ('5110', 'expense', 'none', false, 'تخفیف‌ها', 'Discounts'),
  ('5200', 'expense', 'none', false, 'مطالبات سوخت‌شده', 'Bad debt'),
  ('5300', 'expense', 'none', false, 'استرداد از روی حسن نیت', 'Goodwill refunds'),
  ('5900', 'expense', 'none', false, 'زیان تسعیر ارز', 'Exchange loss');
--> statement-breakpoint
update accounts set code = split_part(id, ':', 1);
--> statement-breakpoint
update accounts a set customer_id = c.id from chart_accounts k, customers c
 where k.code = a.code and k.party = 'customer' and c.id = substr(a.id, 6);
--> statement-breakpoint
update accounts a set partner_id = p.id from chart_accounts k, partners p
 where k.code = a.code and k.party = 'partner' and p.id = substr(a.id, 6);
--> statement-breakpoint
ALTER TABLE "accounts" ALTER COLUMN "code" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "exchange_rates" ADD CONSTRAINT "exchange_rates_base_currencies_code_fk" FOREIGN KEY ("base") REFERENCES "public"."currencies"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_rates" ADD CONSTRAINT "exchange_rates_quote_currencies_code_fk" FOREIGN KEY ("quote") REFERENCES "public"."currencies"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_balances" ADD CONSTRAINT "account_balances_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_balances" ADD CONSTRAINT "account_balances_currency_currencies_code_fk" FOREIGN KEY ("currency") REFERENCES "public"."currencies"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_currency_currencies_code_fk" FOREIGN KEY ("currency") REFERENCES "public"."currencies"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_entry_id_journal_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."journal_entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "exchange_rates_quote" ON "exchange_rates" USING btree ("quote");--> statement-breakpoint
CREATE INDEX "holds_account" ON "holds" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "holds_order" ON "holds" USING btree ("order_id") WHERE "holds"."order_id" is not null;--> statement-breakpoint
CREATE INDEX "holds_entry" ON "holds" USING btree ("entry_id") WHERE "holds"."entry_id" is not null;--> statement-breakpoint
CREATE INDEX "holds_pending" ON "holds" USING btree ("expires_at") WHERE "holds"."status" = 'pending';--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_code_chart_accounts_code_fk" FOREIGN KEY ("code") REFERENCES "public"."chart_accounts"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal_entries" ADD CONSTRAINT "journal_entries_reverses_id_journal_entries_id_fk" FOREIGN KEY ("reverses_id") REFERENCES "public"."journal_entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal_lines" ADD CONSTRAINT "journal_lines_currency_currencies_code_fk" FOREIGN KEY ("currency") REFERENCES "public"."currencies"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_code" ON "accounts" USING btree ("code");--> statement-breakpoint
CREATE INDEX "accounts_customer" ON "accounts" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "accounts_partner" ON "accounts" USING btree ("partner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "journal_entries_reverses" ON "journal_entries" USING btree ("reverses_id") WHERE "journal_entries"."reverses_id" is not null;--> statement-breakpoint
CREATE INDEX "journal_entries_at" ON "journal_entries" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "journal_lines_account" ON "journal_lines" USING btree ("account_id","currency","id");