import { eq, sql } from 'drizzle-orm'
import { DomainError, type Text } from '../domain/errors.ts'
import type { Queryable, Tx } from './client.ts'
import { partners } from './schema/partners.ts'

export type Partner = typeof partners.$inferSelect

/** Adds a partner below another, or a root. `code` is the last word of its path. Ends in DomainError `NoSuchPartner` or `BadPartnerCode`. */
export async function createPartner(
  tx: Queryable,
  input: { id: string; parentId: string | null; code: string; name: Text },
): Promise<Partner> {
  if (!/^[a-z0-9-]+$/.test(input.code)) {
    throw new DomainError('BadPartnerCode', {
      fa: 'کد نماینده فقط حروف کوچک لاتین، رقم و خط تیره دارد',
      en: 'a partner code is made of a–z, 0–9 and -',
    })
  }
  const parent = input.parentId === null ? null : await partnerById(tx, input.parentId)
  if (input.parentId !== null && parent === null) throw noPartner(input.parentId)
  const [partner] = await tx
    .insert(partners)
    .values({
      id: input.id,
      parentId: input.parentId,
      code: input.code,
      path: parent === null ? input.code : `${parent.path}.${input.code}`,
      nameFa: input.name.fa,
      nameEn: input.name.en,
    })
    .returning()
  if (partner === undefined) throw new Error('the partner was not written')
  return partner
}

/** One partner; null when there is none. */
export async function partnerById(db: Queryable, id: string): Promise<Partner | null> {
  const [partner] = await db.select().from(partners).where(eq(partners.id, id))
  return partner ?? null
}

/** A partner and all below in the order of the tree, at most 5000; the whole forest without an id. */
export async function partnerTree(db: Queryable, topId?: string): Promise<Partner[]> {
  const below = sql`exists (select 1 from partners as top where top.id = ${topId ?? null}
    and (${partners.path} = top.path or starts_with(${partners.path}, top.path || '.')))`
  return db
    .select()
    .from(partners)
    .where(topId === undefined ? undefined : below)
    .orderBy(partners.path)
    .limit(5000)
}

/** Hangs a partner with all below under another one; the paths kept on orders follow. Ends in DomainError `NoSuchPartner` or `PartnerCycle`. */
export async function movePartner(tx: Tx, id: string, parentId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('samfony.move'))`)
  const [partner, parent] = [await partnerById(tx, id), await partnerById(tx, parentId)]
  if (partner === null) throw noPartner(id)
  if (parent === null) throw noPartner(parentId)
  if (parent.path === partner.path || parent.path.startsWith(`${partner.path}.`)) {
    throw new DomainError('PartnerCycle', {
      fa: 'نماینده نمی‌تواند زیر شاخهٔ خودش برود',
      en: 'a partner cannot hang below itself',
    })
  }
  const path = `${parent.path}.${partner.code}`
  await tx.update(partners).set({ parentId }).where(eq(partners.id, id))
  await tx.execute(sql`
    update partners set path = ${path} || substr(path, ${partner.path.length + 1})
     where path = ${partner.path} or starts_with(path, ${`${partner.path}.`})`)
  await tx.execute(sql`
    update orders o set partner_path = p.path from partners p
     where p.id = o.partner_id and (p.path = ${path} or starts_with(p.path, ${`${path}.`})) and o.partner_path <> p.path`)
}

const noPartner = (id: string) =>
  new DomainError('NoSuchPartner', { fa: `نمایندهٔ ${id} یافت نشد`, en: `there is no partner ${id}` })
