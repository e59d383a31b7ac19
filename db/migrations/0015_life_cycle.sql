CREATE TABLE "definition_authors" (
	"definition_id" text NOT NULL,
	"version" integer NOT NULL,
	"author" text NOT NULL,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "definition_authors_definition_id_version_author_pk" PRIMARY KEY("definition_id","version","author")
);
--> statement-breakpoint
CREATE TABLE "definition_reviews" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"definition_id" text NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"verdict" text NOT NULL,
	"note" text,
	"reviewer" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "definition_reviews_verdict" CHECK ("definition_reviews"."verdict" in ('approved', 'rejected'))
);
--> statement-breakpoint
CREATE TABLE "rollouts" (
	"id" text PRIMARY KEY NOT NULL,
	"definition_id" text NOT NULL,
	"version" integer NOT NULL,
	"base_version" integer NOT NULL,
	"share" integer,
	"city_id" text,
	"partner_id" text,
	"limits" jsonb NOT NULL,
	"status" text DEFAULT 'running' NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"ended_by" text,
	"ended_at" timestamp(3) with time zone,
	"reasons" jsonb,
	"figures" jsonb,
	CONSTRAINT "rollouts_status" CHECK ("rollouts"."status" in ('running', 'returned', 'stopped', 'completed')),
	CONSTRAINT "rollouts_ended" CHECK (("rollouts"."status" = 'running') = ("rollouts"."ended_at" is null)),
	CONSTRAINT "rollouts_two_versions" CHECK ("rollouts"."version" <> "rollouts"."base_version"),
	CONSTRAINT "rollouts_one_audience" CHECK (num_nonnulls("rollouts"."share", "rollouts"."city_id", "rollouts"."partner_id") = 1),
	CONSTRAINT "rollouts_share" CHECK ("rollouts"."share" between 1 and 100)
);
--> statement-breakpoint
ALTER TABLE "definition_authors" ADD CONSTRAINT "definition_authors_definition_id_version_definitions_id_version_fk" FOREIGN KEY ("definition_id","version") REFERENCES "public"."definitions"("id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "definition_reviews" ADD CONSTRAINT "definition_reviews_definition_id_version_definitions_id_version_fk" FOREIGN KEY ("definition_id","version") REFERENCES "public"."definitions"("id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollouts" ADD CONSTRAINT "rollouts_city_id_cities_id_fk" FOREIGN KEY ("city_id") REFERENCES "public"."cities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollouts" ADD CONSTRAINT "rollouts_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollouts" ADD CONSTRAINT "rollouts_definition_id_version_definitions_id_version_fk" FOREIGN KEY ("definition_id","version") REFERENCES "public"."definitions"("id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollouts" ADD CONSTRAINT "rollouts_definition_id_base_version_definitions_id_version_fk" FOREIGN KEY ("definition_id","base_version") REFERENCES "public"."definitions"("id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "definition_reviews_version" ON "definition_reviews" USING btree ("definition_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "rollouts_running" ON "rollouts" USING btree ("definition_id") WHERE "rollouts"."status" = 'running';--> statement-breakpoint
CREATE INDEX "rollouts_definition" ON "rollouts" USING btree ("definition_id","started_at");--> statement-breakpoint
-- What was published before reviews were kept: its writer is known, and that somebody else published it.
insert into definition_authors (definition_id, version, author, at)
  select id, version, created_by, created_at from definitions where created_by is not null;
--> statement-breakpoint
create trigger definition_authors_append_only before update or delete or truncate on definition_authors execute function refuse_change();
--> statement-breakpoint
create trigger definition_reviews_append_only before update or delete or truncate on definition_reviews execute function refuse_change();
--> statement-breakpoint
-- SF006: the last word on this very text must be the approval of somebody who did not write on it; nor may a writer publish it.
create function keep_review() returns trigger language plpgsql as $$
begin
  if exists (select 1 from definition_authors a
              where a.definition_id = new.definition_id and a.version = new.version and a.author = new.reviewer) then
    raise exception '% wrote on version % of definition %', new.reviewer, new.version, new.definition_id using errcode = 'SF006';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger definition_reviews_second_person before insert on definition_reviews for each row execute function keep_review();
--> statement-breakpoint
create or replace function keep_definition() returns trigger language plpgsql as $$
begin
  if old.status = 'draft' then
    if tg_op = 'UPDATE' and new.status <> 'draft' then
      if exists (select 1 from definition_authors a
                  where a.definition_id = old.id and a.version = old.version and a.author = new.published_by) then
        raise exception '% wrote on version % of definition %', new.published_by, old.version, old.id using errcode = 'SF006';
      end if;
      if new.hash <> old.hash or 'approved' is distinct from (
           select r.verdict from definition_reviews r
            where r.definition_id = old.id and r.version = old.version and r.hash = old.hash order by r.id desc limit 1) then
        raise exception 'version % of definition % is not approved', old.version, old.id using errcode = 'SF006';
      end if;
    end if;
    return coalesce(new, old);
  end if;
  if tg_op = 'DELETE' or new.status = 'draft' or to_jsonb(new) - 'status' - 'layout' <> to_jsonb(old) - 'status' - 'layout' then
    raise exception 'version % of definition % is published and never changes', old.version, old.id using errcode = 'SF003';
  end if;
  return new;
end
$$;
--> statement-breakpoint
drop function resolve_version(text, text, text, text);
--> statement-breakpoint
-- The same key is always on the same side; a share that grows keeps those it had.
create function in_share(rollout text, key text, share integer) returns boolean language sql immutable parallel safe as $$
  select ('x' || substr(encode(sha256(convert_to(rollout || ':' || key, 'UTF8')), 'hex'), 1, 8))::bit(32)::bigint % 100 < share
$$;
--> statement-breakpoint
-- Which version an order runs by: a pin, else a roll-out that takes it in, else the current one. A reseller may not read these himself.
create function resolve_version(definition text, partner text, centre text, city text, key text default null) returns integer
language sql stable security definer set search_path = public as $$
  select version from (
    select p.version, 3 as rank, length(top.path) as depth from pins p join partners top on top.id = p.partner_id
      join partners here on here.id = partner and (here.path = top.path or starts_with(here.path, top.path || '.'))
     where p.definition_id = definition
    union all select version, 2, 0 from pins where definition_id = definition and centre_id = centre
    union all select version, 1, 0 from pins where definition_id = definition and city_id = city
    union all select r.version, 0, 1 from rollouts r
     where r.definition_id = definition and r.status = 'running' and (
       in_share(r.id, key, r.share) or r.city_id = city or exists (
         select 1 from partners top join partners here on here.id = partner
            and (here.path = top.path or starts_with(here.path, top.path || '.')) where top.id = r.partner_id))
    union all select current_version, 0, 0 from definition_pointers where definition_id = definition
  ) as candidates order by rank desc, depth desc limit 1
$$;
--> statement-breakpoint
-- A version that new orders may come to run by is not taken out of use under them. SF007.
create function keep_in_use() returns trigger language plpgsql as $$
begin
  if new.status = 'retired' and old.status = 'published' and (
       exists (select 1 from definition_pointers p where p.definition_id = old.id and p.current_version = old.version)
       or exists (select 1 from pins p where p.definition_id = old.id and p.version = old.version)
       or exists (select 1 from rollouts r where r.definition_id = old.id and r.status = 'running' and old.version in (r.version, r.base_version))) then
    raise exception 'version % of definition % is in use', old.version, old.id using errcode = 'SF007';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger definitions_in_use before update of status on definitions for each row execute function keep_in_use();
--> statement-breakpoint
grant select on definition_authors, definition_reviews, rollouts to samfony_api, samfony_office;
