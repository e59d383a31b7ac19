import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { DomainError, type Text } from '../domain/errors.ts'
import type { Json } from '../domain/json.ts'
import type { Queryable, Tx } from './client.ts'
import { definitionPointers, definitions, pins } from './schema/definitions.ts'
import { definitionAuthors, definitionReviews } from './schema/reviews.ts'

export type StoredDefinition = typeof definitions.$inferSelect

/** Where a new order comes from, for pins and roll-outs. `key` is its own, by which a share of the orders is told apart. */
export interface OrderPlace {
  partnerId?: string | null
  centreId?: string | null
  cityId?: string | null
  key?: string
}

/**
 * Keeps a draft: the newest version while it is a draft, else a new version after it. Its writer is one of its authors from
 * then on, whoever edits it after him. Answers the version.
 */
export async function saveDraft(
  tx: Tx,
  draft: { id: string; hash: string; text: string; layout?: Json; kind: string; label: Text; by: string },
): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`samfony.definition:${draft.id}`}))`)
  const [newest] = await tx
    .select({ version: definitions.version, status: definitions.status })
    .from(definitions)
    .where(eq(definitions.id, draft.id))
    .orderBy(desc(definitions.version))
    .limit(1)
  const version = newest === undefined ? 1 : newest.status === 'draft' ? newest.version : newest.version + 1
  const columns = {
    hash: draft.hash,
    text: draft.text,
    layout: draft.layout ?? null,
    kind: draft.kind,
    labelFa: draft.label.fa,
    labelEn: draft.label.en,
    createdBy: draft.by,
  }
  await tx
    .insert(definitions)
    .values({ id: draft.id, version, ...columns })
    .onConflictDoUpdate({ target: [definitions.id, definitions.version], set: columns })
  await tx.insert(definitionAuthors).values({ definitionId: draft.id, version, author: draft.by }).onConflictDoNothing()
  return version
}

/**
 * Publishes a draft with the graph compiled from it; from then on the database refuses any change of it. `hash` is that of the
 * text that was checked: a draft edited meanwhile is DomainError `DraftChanged`. With `makeCurrent` new orders run by it.
 * The same publication again is harmless. Also ends in DomainError `NoSuchDefinition`, `NotApproved` (the last review of this
 * text is no approval) or `SamePerson` (an author); the database refuses both, too.
 */
export async function publish(
  tx: Tx,
  what: {
    id: string
    version: number
    hash: string
    graph: Json
    /** Warnings that may stand, with reasons. */
    acknowledged?: Json
    by: string
    at: string
    makeCurrent: boolean
  },
): Promise<void> {
  const stored = await definitionOf(tx, what.id, what.version, 'for update')
  if (stored.hash !== what.hash) {
    throw new DomainError('DraftChanged', {
      fa: 'پیش‌نویس پس از بررسی تغییر کرده است',
      en: 'the draft was changed after it was checked',
    })
  }
  if (stored.status === 'draft') {
    await refuseUnreviewed(tx, stored, what.by)
    await tx
      .update(definitions)
      .set({
        status: 'published',
        graph: what.graph,
        acknowledged: what.acknowledged ?? [],
        publishedBy: what.by,
        publishedAt: what.at,
      })
      .where(and(eq(definitions.id, what.id), eq(definitions.version, what.version)))
  }
  if (what.makeCurrent) await pointAt(tx, what.id, what.version)
}

/** Makes a published version the one that new orders run by. Ends in DomainError `NoSuchDefinition` or `NotPublished`. */
export async function pointAt(tx: Tx, definitionId: string, version: number): Promise<void> {
  await refuseUnpublished(tx, definitionId, version)
  await tx
    .insert(definitionPointers)
    .values({ definitionId, currentVersion: version })
    .onConflictDoUpdate({ target: definitionPointers.definitionId, set: { currentVersion: version } })
}

/**
 * Takes a version out of use for new pins and pointers; orders that run by it go on. The database refuses (SF007) while it is
 * current, pinned or rolled out.
 */
export async function retire(tx: Tx, id: string, version: number): Promise<void> {
  await setStatus(tx, id, version, 'published', 'retired')
}

/** Brings a retired version back: it may be pinned and pointed at again. */
export async function reinstate(tx: Tx, id: string, version: number): Promise<void> {
  await setStatus(tx, id, version, 'retired', 'published')
}

async function setStatus(
  tx: Tx,
  id: string,
  version: number,
  from: StoredDefinition['status'],
  status: StoredDefinition['status'],
): Promise<void> {
  await tx
    .update(definitions)
    .set({ status })
    .where(and(eq(definitions.id, id), eq(definitions.version, version), eq(definitions.status, from)))
}

/** Sets the version for one partner (and those below), one centre or one city; null takes the pin away. Ends as `pointAt`. */
export async function pin(tx: Tx, definitionId: string, place: OrderPlace, version: number | null): Promise<void> {
  const where = { partnerId: place.partnerId ?? null, centreId: place.centreId ?? null, cityId: place.cityId ?? null }
  if (version === null) {
    await tx.delete(pins).where(
      and(
        eq(pins.definitionId, definitionId),
        sql`(${pins.partnerId}, ${pins.centreId}, ${pins.cityId}) is not distinct from
          (${where.partnerId}::text, ${where.centreId}::text, ${where.cityId}::text)`,
      ),
    )
    return
  }
  await refuseUnpublished(tx, definitionId, version)
  await tx
    .insert(pins)
    .values({ definitionId, version, ...where })
    .onConflictDoUpdate({ target: [pins.definitionId, pins.partnerId, pins.centreId, pins.cityId], set: { version } })
}

/**
 * The version that an order from this place runs by: the pin of the nearest partner upwards, else of the centre, else of the
 * city, else that of a running roll-out that takes it in, else the current one. Null when the definition was never published.
 */
export async function resolveVersion(db: Queryable, definitionId: string, place: OrderPlace): Promise<number | null> {
  const [found] = await db.execute<{ version: number | null }>(sql`
    select resolve_version(${definitionId}, ${place.partnerId ?? null}, ${place.centreId ?? null}, ${place.cityId ?? null},
      ${place.key ?? null}) as version`)
  return found?.version ?? null
}

/** One version. Ends in DomainError `NoSuchDefinition`. */
export async function definitionOf(
  db: Queryable,
  id: string,
  version: number,
  lock?: 'for update',
): Promise<StoredDefinition> {
  const wanted = db
    .select()
    .from(definitions)
    .where(and(eq(definitions.id, id), eq(definitions.version, version)))
  const [stored] = await (lock === undefined ? wanted : wanted.for('update'))
  if (stored === undefined) throw noDefinition(id, version)
  return stored
}

/** The newest published versions of a definition before one (of all, when it is null), at most five, with how many orders stand in which of their states. */
export async function earlierVersions(
  db: Queryable,
  id: string,
  before: number | null,
): Promise<{ version: number; text: string; occupied: Record<string, number> }[]> {
  const rows = await db
    .select({ version: definitions.version, text: definitions.text })
    .from(definitions)
    .where(
      and(
        eq(definitions.id, id),
        eq(definitions.status, 'published'),
        before === null ? undefined : lt(definitions.version, before),
      ),
    )
    .orderBy(desc(definitions.version))
    .limit(5)
  if (rows.length === 0) return []
  const counts = await db.execute<{ version: number; state: string; n: string }>(sql`
    select definition_version as version, state, count(*) as n from orders, unnest(states) as state
     where definition_id = ${id} and status <> 'ended' group by 1, 2`)
  return rows.map((row) => ({
    ...row,
    occupied: Object.fromEntries(
      counts.filter(({ version }) => version === row.version).map(({ state, n }) => [state, Number(n)]),
    ),
  }))
}

/** The kind of order that a version is for, without reading its text and graph. Ends in DomainError `NoSuchDefinition`. */
export async function kindOfDefinition(db: Queryable, id: string, version: number): Promise<string> {
  const [row] = await db
    .select({ kind: definitions.kind })
    .from(definitions)
    .where(and(eq(definitions.id, id), eq(definitions.version, version)))
  if (row === undefined) throw noDefinition(id, version)
  return row.kind
}

/** All versions of one definition, newest first, without their texts and graphs; of all definitions when no id is given. At most 1000. */
export async function listDefinitions(db: Queryable, id?: string): Promise<DefinitionRow[]> {
  return db
    .select(listed)
    .from(definitions)
    .leftJoin(definitionPointers, eq(definitionPointers.definitionId, definitions.id))
    .where(id === undefined ? undefined : eq(definitions.id, id))
    .orderBy(definitions.id, desc(definitions.version))
    .limit(1000)
}

const listed = {
  id: definitions.id,
  version: definitions.version,
  hash: definitions.hash,
  status: definitions.status,
  kind: definitions.kind,
  labelFa: definitions.labelFa,
  labelEn: definitions.labelEn,
  createdBy: definitions.createdBy,
  createdAt: definitions.createdAt,
  publishedBy: definitions.publishedBy,
  publishedAt: definitions.publishedAt,
  acknowledged: definitions.acknowledged,
  current: sql<boolean>`coalesce(${definitionPointers.currentVersion} = ${definitions.version}, false)`,
}

export type DefinitionRow = Omit<StoredDefinition, 'text' | 'graph' | 'layout'> & { current: boolean }

async function refuseUnreviewed(tx: Tx, { id, version, hash }: StoredDefinition, by: string): Promise<void> {
  const [author] = await tx
    .select({ author: definitionAuthors.author })
    .from(definitionAuthors)
    .where(
      and(
        eq(definitionAuthors.definitionId, id),
        eq(definitionAuthors.version, version),
        eq(definitionAuthors.author, by),
      ),
    )
  if (author !== undefined)
    throw new DomainError('SamePerson', {
      fa: 'پیش‌نویس را شخص دیگری باید منتشر کند',
      en: 'another person must publish a draft',
    })
  const [last] = await tx
    .select({ verdict: definitionReviews.verdict })
    .from(definitionReviews)
    .where(
      and(
        eq(definitionReviews.definitionId, id),
        eq(definitionReviews.version, version),
        eq(definitionReviews.hash, hash),
      ),
    )
    .orderBy(desc(definitionReviews.id))
    .limit(1)
  if (last?.verdict !== 'approved')
    throw new DomainError('NotApproved', {
      fa: 'این متن هنوز به تأیید بازبین نرسیده است',
      en: 'this very text has not been approved by a reviewer',
    })
}

/** Ends in DomainError `NoSuchDefinition` or `NotPublished`. */
export async function refuseUnpublished(tx: Tx, id: string, version: number): Promise<void> {
  const { status } = await definitionOf(tx, id, version)
  if (status !== 'published') {
    throw new DomainError('NotPublished', { fa: 'این نسخه منتشر نشده است', en: `version ${version} is ${status}` })
  }
}

const noDefinition = (id: string, version: number) =>
  new DomainError('NoSuchDefinition', {
    fa: `تعریف ${id} نسخهٔ ${version} یافت نشد`,
    en: `there is no version ${version} of definition ${id}`,
  })
