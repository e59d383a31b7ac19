import { eq, sql } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import { centres, cities } from './schema/places.ts'

export type City = typeof cities.$inferSelect
export type Centre = typeof centres.$inferSelect

/** Cities by id, at most 2000. */
export async function listCities(db: Queryable): Promise<City[]> {
  return db.select().from(cities).orderBy(cities.id).limit(2000)
}

/** Centres by code, at most 2000; of one city when given. */
export async function listCentres(db: Queryable, cityId?: string): Promise<Centre[]> {
  return db
    .select()
    .from(centres)
    .where(cityId === undefined ? undefined : eq(centres.cityId, cityId))
    .orderBy(centres.code)
    .limit(2000)
}

/** One centre; null when there is none. */
export async function centreById(db: Queryable, id: string): Promise<Centre | null> {
  const [centre] = await db.select().from(centres).where(eq(centres.id, id))
  return centre ?? null
}

/** The centre whose longest prefix a line (`+98…`) starts with; null when none does. Prefixes are as written at home, without the first 0. */
export async function centreOfLine(db: Queryable, phone: string): Promise<Centre | null> {
  const national = phone.replace(/^\+98/, '')
  const [found] = await db
    .select({ centre: centres })
    .from(centres)
    .innerJoin(sql`lateral unnest(${centres.prefixes}) as prefix`, sql`starts_with(${national}, ltrim(prefix, '0'))`)
    .orderBy(sql`length(prefix) desc`)
    .limit(1)
  return found?.centre ?? null
}
