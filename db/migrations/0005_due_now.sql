ALTER TABLE "outbox" ALTER COLUMN "next_at" SET DATA TYPE timestamp with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ALTER COLUMN "next_at" SET DEFAULT now();