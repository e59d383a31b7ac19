import { hashPassword } from '../../api/passwords.ts'
import { saveCalendar } from '../../db/calendars.ts'
import type { Db } from '../../db/client.ts'
import { customerById, saveCustomer } from '../../db/customers.ts'
import { post } from '../../db/ledger.ts'
import { createPartner, partnerById } from '../../db/partners.ts'
import * as catalogue from '../../db/schema/catalogue.ts'
import * as places from '../../db/schema/places.ts'
import { roleAssignments, users as usersTable } from '../../db/schema/users.ts'
import { calendars } from '../../definitions/catalogue/calendars.ts'
import { roles } from '../../definitions/catalogue/roles.ts'
import { rial } from '../../domain/money.ts'
import * as company from './company.ts'
import { seedDefinitions } from './definitions.ts'

/** Whom one can be in the demonstration, for the greeting of `npm start`. */
export const demoLogins = company.users.map(({ id, roles: held }) => ({
  user: id,
  password: company.demoPassword,
  role: held.map(({ role, reach }) => `${roles[role]?.en ?? role} (${reach})`).join(', '),
}))

/** Fills an empty database with the demonstration company; a second time changes nothing that was changed since. */
export async function seedDemo(db: Db, at = new Date().toISOString()): Promise<void> {
  await db.insert(places.cities).values(company.cities).onConflictDoNothing()
  await db.insert(places.centres).values(company.centres).onConflictDoNothing()
  for (const partner of company.partners)
    if ((await partnerById(db, partner.id)) === null) await createPartner(db, partner)
  await db.insert(catalogue.taxRates).values(company.taxRates).onConflictDoNothing()
  for (const { product, amountRial } of company.products) {
    await db.insert(catalogue.products).values(product).onConflictDoNothing()
    await db
      .insert(catalogue.productPrices)
      .values({ productId: product.id, validFrom: '2024-03-20', amount: rial(amountRial), taxes: ['vat'] })
      .onConflictDoNothing()
  }
  for (const customer of company.customers)
    if ((await customerById(db, customer.id)) === null) await db.transaction((tx) => saveCustomer(tx, customer))
  for (const calendar of Object.values(calendars)) await saveCalendar(db, calendar)
  await seedUsers(db)
  await seedCredit(db, at)
  await seedDefinitions(db, at)
}

async function seedUsers(db: Db): Promise<void> {
  const passwordHash = await hashPassword(company.demoPassword)
  for (const { id, name, partnerId = null, customerId = null, mobile = null, roles: held } of company.users) {
    const made = await db
      .insert(usersTable)
      .values({ id, username: id, passwordHash, name, partnerId, customerId, mobile })
      .onConflictDoNothing()
      .returning()
    if (made.length === 0) continue
    await db
      .insert(roleAssignments)
      .values(held.map((role) => ({ userId: id, partnerId: null, centreId: null, cityId: null, ...role })))
  }
}

async function seedCredit(db: Db, at: string): Promise<void> {
  for (const [partner, amount] of Object.entries(company.partnerCreditRial)) {
    const lines = [
      { account: '1102', debitRial: rial(amount) },
      { account: `2110:${partner}`, creditRial: rial(amount) },
    ]
    await db.transaction((tx) => post(tx, { key: `seed/credit/${partner}`, at, description: 'paid in', lines }))
  }
}
