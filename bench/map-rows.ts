import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { createPartner } from '../db/partners.ts'
import { definitions } from '../db/schema/definitions.ts'
import { centres, cities } from '../db/schema/places.ts'
import type { Assignment } from '../db/scope.ts'
import { foldText } from '../domain/identity.ts'

export const orderCount = 200_000
const customerCount = 40_000
const agencies = 7
const resellersOfEach = 6
const cityCount = 5
const centresOfEach = 4

/** States of an order in the order of its life; 70 of 100 orders have reached the last two, and of the others one in ten is late. */
const states = 'draft feasibility proforma payment documents port ranging visit handover check active cancelled'.split(
  ' ',
)

const firstNames =
  'سارا علی مریم رضا زهرا حسین فاطمه مهدی نرگس امیر لیلا حامد الهام کاوه پریسا بهرام ناهید سینا شیرین داود'.split(' ')
const lastNames =
  'احمدی میرزائی کریمی رستمی موسوی نیکو شریفی یزدانی قاسمی صادقی رحیمی عباسی کاظمی نوری حیدری جعفری اکبری شکوهی پارسا امینی طاهری فرهادی بهشتی کیانی رضوی زمانی سلیمی خانی فتحی آذری'.split(
    ' ',
  )

/** Who looks: head office, and an agency with its resellers below. */
export const onlookers: Record<'hq' | 'agency', Assignment> = {
  hq: { role: 'manager', reach: 'all', partnerId: 'hq', partnerPath: 'hq', centreId: null, cityId: null },
  agency: { role: 'agent', reach: 'subtree', partnerId: 'a3', partnerPath: 'hq.a3', centreId: null, cityId: null },
}

/** What people type: a family name, a number, the middle of a telephone number. */
export const searches = [
  ...lastNames.slice(0, 10),
  ...[77, 4_211, 90_003, 150_777, 199_998].map((n) => `1405-${String(n).padStart(6, '0')}`),
  ...[12_345, 60_606, 99_120, 171_717, 180_001].map((n) => phone(n).slice(4, 11)),
]

/**
 * Fills the real tables with 200,000 orders of 50 partners, 20 centres and 12 states, with their search texts and counts, as
 * their transitions would have left them. Foreign keys are not looked up one by one, which needs a superuser; the counts are
 * checked by the caller.
 */
export async function fillMap(db: Db): Promise<void> {
  await createPartner(db, { id: 'hq', parentId: null, code: 'hq', name: { fa: 'ستاد', en: 'Head office' } })
  for (let a = 0; a < agencies; a++) {
    await createPartner(db, { id: `a${a}`, parentId: 'hq', code: `a${a}`, name: { fa: 'نماینده', en: 'Agency' } })
    for (let r = 0; r < resellersOfEach; r++) {
      const id = `a${a}r${r}`
      await createPartner(db, { id, parentId: `a${a}`, code: id, name: { fa: 'فروشگاه', en: 'Reseller' } })
    }
  }
  const cityIds = Array.from({ length: cityCount }, (_, c) => `c${c}`)
  await db.insert(cities).values(cityIds.map((id) => ({ id, nameFa: 'شهر', nameEn: 'City' })))
  const centreIds = cityIds.flatMap((cityId) =>
    Array.from({ length: centresOfEach }, (_, n) => ({ id: `${cityId}-${n}`, cityId })),
  )
  await db.insert(centres).values(centreIds.map((c) => ({ ...c, code: c.id, nameFa: 'مرکز', nameEn: 'Centre' })))
  await db
    .insert(definitions)
    .values({ id: 'adsl', version: 1, hash: 'h', text: '{}', kind: 'order', labelFa: 'سفارش', labelEn: 'Order' })

  const names = lastNames.flatMap((last) => firstNames.map((first) => `${first} ${last}`))
  const partners = Array.from({ length: agencies }, (_, a) => [
    `a${a}`,
    ...Array.from({ length: resellersOfEach }, (_, r) => `a${a}r${r}`),
  ])
  const ids = ['hq', ...partners.flat()]
  const paths = ids.map((id) => (id === 'hq' ? 'hq' : id.length === 2 ? `hq.${id}` : `hq.${id.slice(0, 2)}.${id}`))
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    await tx.execute(sql`set local maintenance_work_mem = '512MB'`)
    const indexes = await tx.execute<{ name: string; made: string }>(sql`
      select c.relname as name, pg_get_indexdef(i.indexrelid) as made from pg_index i join pg_class c on c.oid = i.indexrelid
       where not i.indisunique and i.indrelid in ('orders'::regclass, 'order_search'::regclass, 'customers'::regclass)`)
    for (const { name } of indexes) await tx.execute(sql`drop index ${sql.identifier(name)}`)
    await tx.execute(sql`
      insert into customers (id, partner_id, kind, name, search)
      select 'k' || n, (${list(ids)})[1 + n % ${ids.length}], 'person', (${list(names)})[1 + n % ${names.length}], (${list(names.map(foldText))})[1 + n % ${names.length}]
        from generate_series(0, ${customerCount - 1}) as n`)
    await tx.execute(sql`
      insert into orders (id, number, kind, workflow_id, definition_id, definition_version, engine_version, customer_id, partner_id,
        partner_path, centre_id, city_id, phone, seq, states, status, outcome, outcome_kind, stage, owners, due_at, instance, chain_hash,
        created_at, updated_at, ended_at)
      select md5(n::text), '1405-' || lpad(n::text, 6, '0'), 'order', 'order:' || md5(n::text), 'adsl', 1, 1, 'k' || n % ${customerCount},
        (${list(ids)})[1 + p], (${list(paths)})[1 + p], 'c' || c % ${cityCount} || '-' || c / ${cityCount}, 'c' || c % ${cityCount},
        '+9821' || (22000000 + n * 31), s, array[(${list(states)})[s]],
        case when s > 10 then 'ended' else 'running' end, case s when 11 then 'active' when 12 then 'cancelled' end,
        case s when 11 then 'success' when 12 then 'cancelled' end, 'sales', case when s > 10 then '{}'::text[] else array['backoffice'] end,
        case when s <= 10 then now() + make_interval(hours => 24 * (n % 100 - 10) + 1) end,
        jsonb_build_object('id', 'order:' || md5(n::text), 'seq', s, 'leaves', array[(${list(states)})[s]], 'context', jsonb_build_object(
          'customerId', 'k' || n % ${customerCount}, 'productId', 'adsl-16', 'history', array(select md5((n + i)::text) from generate_series(1, 16) as i))),
        md5(n::text) || md5((-n)::text), at, at + interval '2 days', case when s > 10 then at + interval '5 days' end
      from (select n, n * 79 % ${ids.length} as p, n * 107 % ${cityCount * centresOfEach} as c,
                   case when h < 62 then 11 when h < 70 then 12 else 1 + h % 10 end as s,
                   now() - interval '1 year' * ((${orderCount} - n)::float / ${orderCount}) as at
              from (select n, abs(hashint4(n)) % 100 as h from generate_series(1, ${orderCount}) as n) as hashed) as made`)
    await tx.execute(sql`
      insert into order_search (order_id, search)
      select o.id, replace(o.number, '-', ' ') || ' ' || o.phone || ' 0' || substr(o.phone, 4) || ' ' || c.search from orders o join customers c on c.id = o.customer_id`)
    await tx.execute(sql`
      insert into tally (definition_id, state, partner_id, centre_id, city_id, n)
      select definition_id, unnest(states), partner_id, centre_id, city_id, count(*) from orders group by 1, 2, 3, 4, 5`)
    for (const { made } of indexes) await tx.execute(sql.raw(made))
  })
  // What the server does by itself within a minute.
  await db.$client`vacuum analyze`
}

const list = (values: readonly string[]) => sql`(${`{${values.map((v) => `"${v}"`).join(',')}}`}::text[])`

function phone(n: number): string {
  return `+9821${22_000_000 + n * 31}`
}
