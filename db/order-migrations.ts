import { and, asc, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import type { Db, Queryable, Tx } from './client.ts'
import { type MigrationState, migrationItems, orderMigrations } from './schema/order-migrations.ts'
import { orders } from './schema/orders.ts'
import { transitions } from './schema/transitions.ts'
import { textArray } from './scope.ts'

export type OrderMigration = typeof orderMigrations.$inferSelect
export type MigrationItem = typeof migrationItems.$inferSelect

/** In which states the orders of some versions stand now, and how many; those that have ended do not count. */
export async function occupiedStates(
  db: Queryable,
  definitionId: string,
  versions: readonly number[],
): Promise<{ version: number; leaves: string[]; orders: number }[]> {
  return db.execute(sql`
    select definition_version as version, states as leaves, count(*)::int as orders from orders
     where definition_id = ${definitionId} and definition_version = any (${`{${versions.join()}}`}::integer[]) and status <> 'ended'
     group by 1, 2 order by 1, 2`)
}

/**
 * Writes a migration and its orders: all of the old versions that have not ended, or those that the migration it takes back has
 * moved. Ends in DomainError `Conflict` while another one of the definition is not over.
 */
export async function openMigration(
  tx: Tx,
  given: Pick<
    OrderMigration,
    'id' | 'definitionId' | 'fromVersions' | 'toVersion' | 'rate' | 'startedBy' | 'startedAt'
  > & {
    inverseOf?: string
  },
): Promise<void> {
  const [opened] = await tx.insert(orderMigrations).values(given).onConflictDoNothing().returning()
  if (opened === undefined)
    throw new DomainError('Conflict', {
      fa: 'جابه‌جایی دیگری برای این تعریف هنوز به پایان نرسیده است',
      en: 'another migration of this definition is not over yet',
    })
  await takeIn(tx, opened)
}

/** Adds the orders that have come to the old versions since; a migration that takes another back has its orders from the start. */
export async function takeIn(db: Queryable, migration: OrderMigration): Promise<void> {
  const { id, definitionId, fromVersions, toVersion, inverseOf } = migration
  if (inverseOf === null)
    await db.execute(sql`
      insert into migration_items (migration_id, order_id, from_version, to_version)
      select ${id}, id, definition_version, ${toVersion} from orders
       where definition_id = ${definitionId} and definition_version = any (${`{${fromVersions.join()}}`}::integer[]) and status <> 'ended'
      on conflict do nothing`)
  else
    await db.execute(sql`
      insert into migration_items (migration_id, order_id, from_version, to_version, replaced)
      select ${id}, order_id, to_version, from_version, replaced from migration_items
       where migration_id = ${inverseOf} and state = 'moved'
      on conflict do nothing`)
}

/** One migration; null when there is none. */
export async function migrationById(db: Queryable, id: string): Promise<OrderMigration | null> {
  const [found] = await db.select().from(orderMigrations).where(eq(orderMigrations.id, id))
  return found ?? null
}

/** Migrations of a definition, newest first, at most 100. */
export async function migrationsOf(db: Queryable, definitionId: string): Promise<OrderMigration[]> {
  return db
    .select()
    .from(orderMigrations)
    .where(eq(orderMigrations.definitionId, definitionId))
    .orderBy(desc(orderMigrations.startedAt))
    .limit(100)
}

/** Moves a migration on; false when it is not in one of the states that lead there. */
export async function setMigrationStatus(
  db: Queryable,
  id: string,
  from: OrderMigration['status'][],
  to: OrderMigration['status'],
  at: string,
): Promise<boolean> {
  const changed = await db
    .update(orderMigrations)
    .set({ status: to, endedAt: to === 'done' || to === 'stopped' ? at : null })
    .where(and(eq(orderMigrations.id, id), inArray(orderMigrations.status, from)))
    .returning({ id: orderMigrations.id })
  return changed.length > 0
}

/** How many orders of a migration stand in each state. */
export async function migrationProgress(db: Queryable, id: string): Promise<Record<MigrationState, number>> {
  const rows = await db
    .select({ state: migrationItems.state, n: sql<number>`count(*)::int` })
    .from(migrationItems)
    .where(eq(migrationItems.migrationId, id))
    .groupBy(migrationItems.state)
  const counts = { open: 0, moved: 0, held: 0, busy: 0, refused: 0, ended: 0 }
  for (const { state, n } of rows) counts[state] = n
  return counts
}

/** Orders of a migration by id, after `after`, at most `limit`; of one state when given. */
export async function migrationItemsOf(
  db: Queryable,
  id: string,
  page: { state?: MigrationState | undefined; after?: string | undefined; limit: number },
): Promise<(MigrationItem & { number: string })[]> {
  const rows = await db
    .select({ item: migrationItems, number: orders.number })
    .from(migrationItems)
    .innerJoin(orders, eq(orders.id, migrationItems.orderId))
    .where(
      and(
        eq(migrationItems.migrationId, id),
        page.state === undefined ? undefined : eq(migrationItems.state, page.state),
        page.after === undefined ? undefined : gt(migrationItems.orderId, page.after),
      ),
    )
    .orderBy(asc(migrationItems.orderId))
    .limit(page.limit)
  return rows.map(({ item, number }) => ({ ...item, number }))
}

/** Orders to be looked at now: never looked at, or held and moved on since, or due to be tried again. */
export async function nextItems(db: Db, id: string, limit: number): Promise<MigrationItem[]> {
  const rows = await db
    .select({ item: migrationItems })
    .from(migrationItems)
    .innerJoin(orders, eq(orders.id, migrationItems.orderId))
    .where(
      and(
        eq(migrationItems.migrationId, id),
        sql`(${migrationItems.state} = 'open' or ${migrationItems.state} in ('held', 'busy')
             and (${orders.seq} <> ${migrationItems.seq} or ${migrationItems.nextAt} <= now()))`,
      ),
    )
    .orderBy(asc(migrationItems.orderId))
    .limit(limit)
  return rows.map(({ item }) => item)
}

/** What became of one order. `againInMs`: look again after this time even if the order has not moved. */
export async function settleItem(
  db: Queryable,
  item: Pick<MigrationItem, 'migrationId' | 'orderId'>,
  outcome: { state: MigrationState; seq: number; detail?: Json; replaced?: JsonObject; againInMs?: number },
): Promise<void> {
  const { againInMs = 600_000, ...columns } = outcome
  await db
    .update(migrationItems)
    .set({ ...columns, nextAt: sql`now() + make_interval(secs => ${againInMs / 1000})` })
    .where(and(eq(migrationItems.migrationId, item.migrationId), eq(migrationItems.orderId, item.orderId)))
}

/** What orders have passed, oldest first: all that a promise looks at. */
export async function passedBy(
  db: Queryable,
  orderIds: readonly string[],
): Promise<Map<string, { version: number; entered: string[]; effects: string[] }[]>> {
  const rows = await db
    .select({
      orderId: transitions.orderId,
      version: transitions.definitionVersion,
      entered: transitions.entered,
      effects: transitions.effects,
    })
    .from(transitions)
    .where(sql`${transitions.orderId} = any (${textArray(orderIds)}::text[])`)
    .orderBy(asc(transitions.orderId), asc(transitions.seq))
  const found = new Map<string, { version: number; entered: string[]; effects: string[] }[]>()
  for (const { orderId, ...step } of rows) {
    const log = found.get(orderId) ?? []
    log.push(step)
    found.set(orderId, log)
  }
  return found
}

/** Orders of some versions that have not ended, by id after `after`, with their instances; at most `limit`. */
export async function ordersToMove(
  db: Queryable,
  query: { definitionId: string; versions: readonly number[]; after?: string | undefined; limit: number },
): Promise<{ id: string; number: string; version: number; seq: number; instance: Json | null }[]> {
  return db
    .select({
      id: orders.id,
      number: orders.number,
      version: orders.definitionVersion,
      seq: orders.seq,
      instance: orders.instance,
    })
    .from(orders)
    .where(
      and(
        eq(orders.definitionId, query.definitionId),
        sql`${orders.definitionVersion} = any (${`{${query.versions.join()}}`}::integer[])`,
        sql`${orders.status} <> 'ended'`,
        query.after === undefined ? undefined : gt(orders.id, query.after),
      ),
    )
    .orderBy(asc(orders.id))
    .limit(query.limit)
}
