import { and, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Json } from '../domain/json.ts'
import type { Queryable, Tx } from './client.ts'
import { partnerRuleLimits, ruleDimensions, ruleSets } from './schema/rules.ts'
import { sqlStateOf } from './sql-state.ts'

export type RuleSetRow = typeof ruleSets.$inferSelect
export type Dimension = typeof ruleDimensions.$inferSelect
export type RuleLimits = typeof partnerRuleLimits.$inferSelect

/** Keeps rules as the draft of a set, in place of the draft before; answers its version. `partnerId` null: the company's own. */
export async function saveRuleDraft(
  tx: Tx,
  draft: { id: string; partnerId: string | null; rules: Json[]; note: string; by: string; at: string },
): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`rules:${draft.id}`}, 0))`)
  const [last] = await tx
    .select()
    .from(ruleSets)
    .where(eq(ruleSets.id, draft.id))
    .orderBy(desc(ruleSets.version))
    .limit(1)
  if (last !== undefined && last.partnerId !== draft.partnerId)
    throw new DomainError('Conflict', {
      fa: 'این مجموعه از آن دیگری است',
      en: 'this set belongs to somebody else',
    })
  const { id, partnerId, rules, note, by: createdBy, at: createdAt } = draft
  if (last?.status === 'draft') {
    await tx
      .update(ruleSets)
      .set({ rules, note, createdBy, createdAt })
      .where(and(eq(ruleSets.id, id), eq(ruleSets.version, last.version)))
    return last.version
  }
  const version = (last?.version ?? 0) + 1
  await tx.insert(ruleSets).values({ id, version, partnerId, rules, note, createdBy, createdAt })
  return version
}

/** Makes a draft the set that counts; the one before retires. Ends in DomainError `NoSuchRuleSet` or `AlreadyPublished`. */
export async function publishRules(
  tx: Tx,
  input: { id: string; version: number; by: string; at: string },
): Promise<void> {
  const { id, version, by: publishedBy, at: publishedAt } = input
  const [row] = await tx
    .select()
    .from(ruleSets)
    .where(and(eq(ruleSets.id, id), eq(ruleSets.version, version)))
    .for('update')
  if (row === undefined) throw noSet(id)
  if (row.status !== 'draft')
    throw new DomainError('AlreadyPublished', {
      fa: 'این نسخه پیش‌تر منتشر شده است',
      en: 'this version was published before',
    })
  await tx
    .update(ruleSets)
    .set({ status: 'retired' })
    .where(and(eq(ruleSets.id, id), eq(ruleSets.status, 'published')))
  await tx
    .update(ruleSets)
    .set({ status: 'published', publishedBy, publishedAt })
    .where(and(eq(ruleSets.id, id), eq(ruleSets.version, version)))
}

/** The published sets of the company and of these partners, the company's first, then from the top of the tree down. */
export async function publishedRules(db: Queryable, partnerPath: readonly string[]): Promise<RuleSetRow[]> {
  const mine = partnerPath.length === 0 ? undefined : inArray(ruleSets.partnerId, [...partnerPath])
  const rows = await db
    .select()
    .from(ruleSets)
    .where(and(eq(ruleSets.status, 'published'), or(isNull(ruleSets.partnerId), mine)))
    .limit(200)
  const depth = ({ partnerId }: RuleSetRow) => (partnerId === null ? -1 : partnerPath.indexOf(partnerId))
  return rows.sort((a, b) => depth(a) - depth(b) || (a.id < b.id ? -1 : 1))
}

/** One version of a set; null when there is none, or none in reach. */
export async function ruleSetOf(db: Queryable, id: string, version: number): Promise<RuleSetRow | null> {
  const [row] = await db
    .select()
    .from(ruleSets)
    .where(and(eq(ruleSets.id, id), eq(ruleSets.version, version)))
  return row ?? null
}

/** Versions in reach without their rules, newest first, at most 200; of one set when given. */
export async function listRuleSets(db: Queryable, id?: string): Promise<Omit<RuleSetRow, 'rules'>[]> {
  return db
    .select(headColumns)
    .from(ruleSets)
    .where(id === undefined ? undefined : eq(ruleSets.id, id))
    .orderBy(ruleSets.id, desc(ruleSets.version))
    .limit(200)
}

/** The company's own dimensions, at most 200. */
export async function listDimensions(db: Queryable): Promise<Dimension[]> {
  return db.select().from(ruleDimensions).orderBy(ruleDimensions.id).limit(200)
}

/** Adds a dimension or changes it: from the next price on, rules may ask about it (BR8). */
export async function saveDimension(tx: Queryable, dimension: Dimension): Promise<void> {
  await tx.insert(ruleDimensions).values(dimension).onConflictDoUpdate({ target: ruleDimensions.id, set: dimension })
}

/** How far a partner's own rules may go; null: he may have none. */
export async function ruleLimitsOf(db: Queryable, partnerId: string): Promise<RuleLimits | null> {
  const [limits] = await db.select().from(partnerRuleLimits).where(eq(partnerRuleLimits.partnerId, partnerId))
  return limits ?? null
}

/** Sets how far a partner's own rules may go. Ends in DomainError `LimitAboveParent`; the database checks it against the tree. */
export async function saveRuleLimits(tx: Queryable, limits: RuleLimits): Promise<void> {
  try {
    await tx
      .insert(partnerRuleLimits)
      .values(limits)
      .onConflictDoUpdate({ target: partnerRuleLimits.partnerId, set: limits })
  } catch (fault) {
    if (sqlStateOf(fault) !== 'SF012') throw fault
    throw new DomainError('LimitAboveParent', {
      fa: 'حد نماینده نمی‌تواند از حد بالادست او بیشتر باشد',
      en: 'the limits of a partner are within those of the partner above',
    })
  }
}

const headColumns = {
  id: ruleSets.id,
  version: ruleSets.version,
  partnerId: ruleSets.partnerId,
  status: ruleSets.status,
  note: ruleSets.note,
  createdBy: ruleSets.createdBy,
  createdAt: ruleSets.createdAt,
  publishedBy: ruleSets.publishedBy,
  publishedAt: ruleSets.publishedAt,
}

const noSet = (id: string) =>
  new DomainError('NoSuchRuleSet', { fa: `مجموعه قواعد ${id} نیست`, en: `there is no rule set ${id}` })
