import { and, asc, count, desc, eq, type SQL, sql } from 'drizzle-orm'
import { foldText, searchText } from '../domain/identity.ts'
import type { Queryable, Tx } from './client.ts'
import { agentAndBelow, phoneWords } from './orders.ts'
import { contacts, customers } from './schema/customers.ts'

export type Customer = typeof customers.$inferSelect
export type Contact = typeof contacts.$inferSelect

/** A customer as entered: the national id checked and the numbers normalised (domain/identity.ts). Contacts replace those before. */
export interface CustomerInput {
  id: string
  partnerId: string | null
  kind: Customer['kind']
  name: string
  nationalId: string | null
  locale?: Customer['locale']
  contacts: { id: string; kind: Contact['kind']; value: string; label?: string | null; product?: string | null }[]
}

/** Writes a customer with his contacts, new or changed. A national id that another customer has ends in the driver's error 23505. */
export async function saveCustomer(tx: Tx, input: CustomerInput): Promise<Customer> {
  const { contacts: reached, ...columns } = input
  const search = searchText([
    columns.name,
    columns.nationalId,
    ...reached.flatMap(({ value }) => (value.startsWith('+98') ? phoneWords(value) : [value])),
  ])
  const [customer] = await tx
    .insert(customers)
    .values({ ...columns, search })
    .onConflictDoUpdate({ target: customers.id, set: { ...columns, search, updatedAt: sql`now()` } })
    .returning()
  if (customer === undefined) throw new Error('the customer was not written')
  await tx.delete(contacts).where(eq(contacts.customerId, input.id))
  if (reached.length > 0)
    await tx.insert(contacts).values(reached.map((contact) => ({ ...contact, customerId: input.id })))
  return customer
}

/** One customer; null when there is none, or none in reach. */
export async function customerById(db: Queryable, id: string): Promise<Customer | null> {
  const [customer] = await db.select().from(customers).where(eq(customers.id, id))
  return customer ?? null
}

/** The customer with a national id; null when there is none, or none in reach. */
export async function customerByNationalId(db: Queryable, nationalId: string): Promise<Customer | null> {
  const [customer] = await db.select().from(customers).where(eq(customers.nationalId, nationalId))
  return customer ?? null
}

/** Customers in reach (call inside `withActor`), newest first, at most 200; `before` is the last row of the page before. */
export async function listCustomers(
  db: Queryable,
  query: { search?: string; agent?: string; before?: { createdAt: string; id: string }; limit?: number } = {},
): Promise<Customer[]> {
  const before =
    query.before === undefined
      ? undefined
      : sql`(${customers.createdAt}, ${customers.id}) < (${query.before.createdAt}::timestamptz, ${query.before.id})`
  return db
    .select()
    .from(customers)
    .where(and(...conditions(query), before))
    .orderBy(desc(customers.createdAt), desc(customers.id))
    .limit(Math.min(query.limit ?? 50, 200))
}

/** How many customers in reach the filters leave, at most `most` (call inside `withActor`). */
export async function countCustomers(
  db: Queryable,
  query: { search?: string; agent?: string; most: number },
): Promise<number> {
  const found = db
    .select({ one: sql`1` })
    .from(customers)
    .where(and(...conditions(query)))
    .limit(query.most)
    .as('found')
  const [row] = await db.select({ n: count() }).from(found)
  return row?.n ?? 0
}

function conditions({ search = '', agent }: { search?: string; agent?: string }): (SQL | undefined)[] {
  const words = foldText(search)
  return [
    words === '' ? undefined : sql`${customers.id} = any (array(select search_customers(${words})))`,
    agent === undefined ? undefined : sql`${customers.partnerId} = any (array(${agentAndBelow(agent)}))`,
  ]
}

/** Ways to reach a customer, at most 100. */
export async function contactsOf(db: Queryable, customerId: string): Promise<Contact[]> {
  return db.select().from(contacts).where(eq(contacts.customerId, customerId)).orderBy(asc(contacts.id)).limit(100)
}

/** The contact for a message: the one assigned to the product, else one assigned to none; null without either. */
export async function contactFor(
  db: Queryable,
  customerId: string,
  kind: Contact['kind'],
  product: string | null,
): Promise<Contact | null> {
  const [contact] = await db
    .select()
    .from(contacts)
    .where(
      and(
        eq(contacts.customerId, customerId),
        eq(contacts.kind, kind),
        sql`(${contacts.product} is null or ${contacts.product} = ${product})`,
      ),
    )
    .orderBy(sql`${contacts.product} is null`, asc(contacts.id))
    .limit(1)
  return contact ?? null
}

/**
 * Moves a customer to another partner with his subscriptions and all his orders, so that the partner before sees nothing of
 * him any more (PR7, PR8); the counts of states follow. Documents of account stay with the partner that they were issued under.
 */
export async function moveCustomer(tx: Tx, customerId: string, partnerId: string): Promise<void> {
  // Moves of customers and partners touch the same orders: one at a time.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('samfony.move'))`)
  await tx.update(customers).set({ partnerId, updatedAt: sql`now()` }).where(eq(customers.id, customerId))
  await tx.execute(
    sql`update subscriptions set partner_id = ${partnerId}, updated_at = now() where customer_id = ${customerId}`,
  )
  await tx.execute(sql`
    with old as (
      select id, definition_id, states, partner_id, centre_id, city_id from orders
       where customer_id = ${customerId} and partner_id is distinct from ${partnerId} order by id for no key update),
    moved as (
      update orders o set partner_id = ${partnerId}, partner_path = (select path from partners where id = ${partnerId})
        from old where o.id = old.id)
    insert into tally as c (definition_id, state, partner_id, centre_id, city_id, n)
      select definition_id, state, partner, coalesce(centre_id, ''), coalesce(city_id, ''), sum(d)
        from (select old.*, unnest(states) as state, coalesce(partner_id, '') as partner, -1 as d from old
              union all select old.*, unnest(states), ${partnerId}, 1 from old) as deltas
       group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (definition_id, state, partner_id, centre_id, city_id) do update set n = c.n + excluded.n`)
}

/** Whether somebody has approved this customer's documents before, on any of his orders. */
export async function documentsVerified(db: Queryable, customerId: string): Promise<boolean> {
  const [row] = await db.execute<{ found: boolean }>(sql`
    select exists (select 1 from orders o join transitions t on t.order_id = o.id
                    where o.customer_id = ${customerId} and t.event ->> 'name' = 'DOCUMENTS_APPROVED') as found`)
  return row?.found ?? false
}
