import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'

export const stepsOfEach = 15

/** Ways through the states of bench/map-rows.ts before the last step: with loops, and one with a deadline that passes at step 9. */
const roads = [
  '1 2 3 4 5 6 7 8 7 8 9 10 9 10',
  '1 2 3 4 5 4 5 6 7 8 9 8 9 10',
  '1 2 3 2 3 4 5 6 7 8 9 10 9 10',
  '1 2 3 4 5 6 7 8 8 9 10 9 10 9',
].map((road) => road.split(' ').map(Number))

/** Gives each order of `fillMap` the fifteen transitions that led to its state: three million, as `record_transition` would have left them but for their hashes. */
export async function fillLog(db: Db): Promise<void> {
  const states = 'draft feasibility proforma payment documents port ranging visit handover check'.split(' ')
  const road = sql.raw(
    `(array[${roads.map((one) => `array[${one.map((s) => `'${states[s - 1]}'`).join(',')}]`).join(',')}])`,
  )
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    await tx.execute(sql`
      insert into transitions (order_id, seq, at, event, actor, from_states, to_states, entered, left_states, set, effects, definition_version, prev_hash, hash)
      select id, i, created_at + make_interval(hours => 8 * i, secs => abs(hashint4(n * 16 + i)) % 28800),
             case when f = t then jsonb_build_object('type', 'sla', 'name', t || '/due@100') else jsonb_build_object('type', 'user', 'name', 'TO_' || upper(t)) end,
             case when f = t then null else jsonb_build_object('id', 'u' || abs(hashint4(n + i)) % 30, 'name', 'someone', 'role', 'sales') end,
             case when i = 1 then '{}' else array[f] end, array[t], case when f = t then '{}' else array[t] end,
             case when i = 1 or f = t then '{}' else array[f] end, '{}', '{}', 1, '', md5(n::text || i)
        from (select o.id, o.created_at, n, i, coalesce(${road}[1 + n % 4][i - 1], '') as f,
                     case when i = 15 then o.states[1] else ${road}[1 + n % 4][i] end as t
                from (select id, created_at, states, substr(number, 6)::int as n from orders) as o, generate_series(1, ${stepsOfEach}) as i) as made`)
    await tx.execute(sql`update orders set seq = ${stepsOfEach}`)
  })
  await db.$client`vacuum analyze`
}
