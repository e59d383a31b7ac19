import { and, asc, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import { type SubscriptionStatus, subscriptions } from './schema/subscriptions.ts'

export type Subscription = typeof subscriptions.$inferSelect

/** Writes a new subscription; the same id again changes nothing and answers the one there is. */
export async function createSubscription(
  tx: Queryable,
  input: typeof subscriptions.$inferInsert,
): Promise<Subscription> {
  const [made] = await tx
    .insert(subscriptions)
    .values({ ...input, productVersion: input.productVersion ?? currentVersion(input.productId) })
    .onConflictDoNothing({ target: subscriptions.id })
    .returning()
  const subscription = made ?? (await subscriptionById(tx, input.id))
  if (subscription === null) throw new Error(`subscription ${input.id} is out of reach`)
  return subscription
}

/** One subscription; null when there is none, or none in reach. */
export async function subscriptionById(db: Queryable, id: string): Promise<Subscription | null> {
  const [subscription] = await db.select().from(subscriptions).where(eq(subscriptions.id, id))
  return subscription ?? null
}

/** Subscriptions of a customer or a fixed line (`+98…`), newest first, at most 200. */
export async function listSubscriptions(
  db: Queryable,
  query: { customerId?: string; phone?: string; status?: SubscriptionStatus },
): Promise<Subscription[]> {
  return db
    .select()
    .from(subscriptions)
    .where(
      and(
        query.customerId === undefined ? undefined : eq(subscriptions.customerId, query.customerId),
        query.phone === undefined ? undefined : eq(subscriptions.phone, query.phone),
        query.status === undefined ? undefined : eq(subscriptions.status, query.status),
      ),
    )
    .orderBy(desc(subscriptions.createdAt), desc(subscriptions.id))
    .limit(200)
}

/** Sets what is given; everything else stays. Another product comes in the version that is on sale, the same one keeps its own. */
export async function changeSubscription(
  tx: Queryable,
  id: string,
  change: Partial<
    Pick<Subscription, 'status' | 'startsAt' | 'expiresAt' | 'username' | 'portId' | 'phone' | 'productId'>
  >,
): Promise<void> {
  await tx
    .update(subscriptions)
    .set({
      ...change,
      ...(change.productId !== undefined && {
        productVersion: sql`case when ${subscriptions.productId} = ${change.productId} then ${subscriptions.productVersion}
          else ${currentVersion(change.productId)} end`,
      }),
      updatedAt: sql`now()`,
    })
    .where(eq(subscriptions.id, id))
}

/**
 * Active or suspended subscriptions that end before an instant and have no running renewal, in the order of their ids after
 * `after`, at most `limit`: what a sweep starts renewals for.
 */
export async function dueForRenewal(
  db: Queryable,
  query: { before: string; after?: string; limit: number },
): Promise<Subscription[]> {
  return db
    .select()
    .from(subscriptions)
    .where(
      and(
        inArray(subscriptions.status, ['active', 'suspended']),
        lt(subscriptions.expiresAt, query.before),
        query.after === undefined ? undefined : gt(subscriptions.id, query.after),
        sql`not exists (select 1 from orders o where o.subscription_id = ${subscriptions.id}
              and o.kind = 'renewal' and o.status <> 'ended')`,
      ),
    )
    .orderBy(asc(subscriptions.id))
    .limit(query.limit)
}

const currentVersion = (productId: string) => sql<number>`(select p.version from products p where p.id = ${productId})`
