import { index, pgTable, text } from 'drizzle-orm/pg-core'

export const cities = pgTable('cities', {
  id: text('id').primaryKey(),
  nameFa: text('name_fa').notNull(),
  nameEn: text('name_en').notNull(),
})

/** Telephone exchanges; a fixed line belongs to the centre whose prefix it starts with. */
export const centres = pgTable(
  'centres',
  {
    id: text('id').primaryKey(),
    cityId: text('city_id')
      .notNull()
      .references(() => cities.id),
    code: text('code').notNull().unique('centres_code'),
    nameFa: text('name_fa').notNull(),
    nameEn: text('name_en').notNull(),
    prefixes: text('prefixes').array().notNull().default([]),
  },
  (t) => [index('centres_city').on(t.cityId)],
)
