ALTER TABLE "definitions" ADD COLUMN "acknowledged" jsonb DEFAULT '[]'::jsonb NOT NULL;
