import { sql } from 'drizzle-orm'
import type { JsonObject } from '../domain/json.ts'
import type { Queryable } from './client.ts'

/** Partners from the top of the tree down to one, by id; none for none. */
export async function partnerPathOf(db: Queryable, partnerId: string | null): Promise<string[]> {
  if (partnerId === null) return []
  const rows = await db.execute<{ id: string }>(sql`
    select p.id from partners p, partners me where me.id = ${partnerId}
       and (me.path = p.path or starts_with(me.path, p.path || '.')) order by length(p.path)`)
  return rows.map(({ id }) => id)
}

/** Categories from the top of the tree down to one, by id. */
export async function categoryPathOf(db: Queryable, categoryId: string | null): Promise<string[]> {
  if (categoryId === null) return []
  const rows = await db.execute<{ id: string }>(sql`
    with recursive up as (
      select id, parent_id, 1 as n from product_categories where id = ${categoryId}
      union all select c.id, c.parent_id, n + 1 from product_categories c join up on c.id = up.parent_id where n < 50)
    select id from up order by n desc`)
  return rows.map(({ id }) => id)
}

/** What rules may ask about a customer: his groups and the company's own words about him; the products that he has. */
export async function customerFactsOf(
  db: Queryable,
  customerId: string | null,
): Promise<{ id: string | null; groups: string[]; attributes: JsonObject; owned: string[] }> {
  const [row] = await db.execute<{ attributes: JsonObject; groups: string[]; owned: string[] }>(sql`
    select attributes,
           array(select group_id from customer_group_members m where m.customer_id = c.id order by 1) as groups,
           array(select distinct product_id from subscriptions s where s.customer_id = c.id
                  and s.status in ('active', 'suspended') order by 1) as owned
      from customers c where id = ${customerId}`)
  return { id: customerId, groups: row?.groups ?? [], attributes: row?.attributes ?? {}, owned: row?.owned ?? [] }
}
