import { eq } from 'drizzle-orm'
import type { BusinessCalendar } from '../domain/business-calendar.ts'
import type { Queryable } from './client.ts'
import { calendars } from './schema/calendars.ts'

/** One calendar; null when there is none. */
export async function calendarById(db: Queryable, id: string): Promise<BusinessCalendar | null> {
  const [row] = await db.select({ data: calendars.data }).from(calendars).where(eq(calendars.id, id))
  return row?.data ?? null
}

/** All calendars, at most 200. */
export async function listCalendars(db: Queryable): Promise<BusinessCalendar[]> {
  const rows = await db.select({ data: calendars.data }).from(calendars).orderBy(calendars.id).limit(200)
  return rows.map(({ data }) => data)
}

/** Writes a calendar, new or changed. */
export async function saveCalendar(db: Queryable, data: BusinessCalendar): Promise<void> {
  await db.insert(calendars).values({ id: data.id, data }).onConflictDoUpdate({ target: calendars.id, set: { data } })
}
