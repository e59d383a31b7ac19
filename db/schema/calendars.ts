import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { BusinessCalendar } from '../../domain/business-calendar.ts'

export const calendars = pgTable('calendars', {
  id: text('id').primaryKey(),
  data: jsonb('data').$type<BusinessCalendar>().notNull(),
})
