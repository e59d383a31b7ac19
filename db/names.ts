import { inArray } from 'drizzle-orm'
import type { Text } from '../domain/errors.ts'
import type { Queryable } from './client.ts'
import { products } from './schema/catalogue.ts'
import { partners } from './schema/partners.ts'
import { centres, cities } from './schema/places.ts'
import { users } from './schema/users.ts'

/** Things that rows name by their ids and people by their names. */
export type Named = 'partner' | 'city' | 'centre' | 'product' | 'user'

/** Names of things by id, as far as the caller may know them; an id that is not in the answer shows itself. */
export async function namesOf(
  db: Queryable,
  kind: Named,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string, Text>> {
  const wanted = [...new Set(ids.filter((id) => id !== null && id !== ''))] as string[]
  if (wanted.length === 0) return new Map()
  const rows = await lookUp[kind](db, wanted)
  return new Map(rows.map(({ id, fa, en }) => [id, { fa, en }]))
}

type Row = { id: string } & Text

const lookUp: Record<Named, (db: Queryable, ids: string[]) => Promise<Row[]>> = {
  partner: (db, ids) =>
    db
      .select({ id: partners.id, fa: partners.nameFa, en: partners.nameEn })
      .from(partners)
      .where(inArray(partners.id, ids)),
  city: (db, ids) =>
    db.select({ id: cities.id, fa: cities.nameFa, en: cities.nameEn }).from(cities).where(inArray(cities.id, ids)),
  centre: (db, ids) =>
    db.select({ id: centres.id, fa: centres.nameFa, en: centres.nameEn }).from(centres).where(inArray(centres.id, ids)),
  product: (db, ids) =>
    db
      .select({ id: products.id, fa: products.labelFa, en: products.labelEn })
      .from(products)
      .where(inArray(products.id, ids)),
  user: (db, ids) =>
    db.select({ id: users.id, fa: users.name, en: users.name }).from(users).where(inArray(users.id, ids)),
}
