import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { type Customer, contactsOf, customerById, listCustomers, saveCustomer } from '../../db/customers.ts'
import { documentsOf } from '../../db/documents.ts'
import type { Person } from '../../db/users.ts'
import { DomainError } from '../../domain/errors.ts'
import { latinDigits, parseNationalId, parsePhone } from '../../domain/identity.ts'
import { cursorOf, parseCursor } from '../cursor.ts'
import { badInput, notFound } from '../problem.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, id, instant, limit, name, searchWords } from '../schemas.ts'
import { documentShape } from './documents.ts'

const contactKind = z.enum(['mobile', 'email', 'phone', 'address'])

export const contact = z.object({
  id: z.string(),
  kind: contactKind,
  value: z.string(),
  label: z.string().nullable(),
  product: z.string().nullable(),
})

export const customer = z.object({
  id: z.string(),
  partnerId: z.string().nullable(),
  kind: z.enum(['person', 'company']),
  name: z.string(),
  nationalId: z.string().nullable(),
  locale: z.string(),
  createdAt: instant,
  updatedAt: instant,
})

const input = z.strictObject({
  kind: z.enum(['person', 'company']).default('person'),
  name,
  nationalId: z.string().max(20).nullish(),
  locale: z.enum(['fa', 'en']).default('fa'),
  partnerId: id.nullish(),
  contacts: z
    .array(
      z.strictObject({
        kind: contactKind,
        value: z.string().trim().min(1).max(300),
        label: name.nullish(),
        product: id.nullish(),
      }),
    )
    .max(20)
    .default([]),
})
type Input = z.output<typeof input>

/** What narrows a list of customers, as it stands in an address. */
export const customerFilters = z.strictObject({ q: searchWords.optional(), agent: id.optional() })

/** Subscribers, persons and companies, with the ways to reach them (CU1). */
export const customerRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/customers',
    summary: 'Customers in reach, newest first; `q` looks in names, ids and numbers',
    auth: 'customers.read',
    input: {
      query: customerFilters.extend({ cursor: z.string().max(300).optional(), limit }),
    },
    output: z.object({ customers: z.array(customer), next: z.string().nullable() }),
    async handler({ query, inReach }) {
      const before = query.cursor === undefined ? undefined : parseCursor(query.cursor)
      const customers = await inReach((tx) =>
        listCustomers(tx, {
          limit: query.limit,
          ...(query.q !== undefined && { search: query.q }),
          ...(query.agent !== undefined && { agent: query.agent }),
          ...(before !== undefined && { before: { createdAt: before.at, id: before.id } }),
        }),
      )
      const last = customers.at(-1)
      const next =
        customers.length === query.limit && last !== undefined ? cursorOf({ at: last.createdAt, id: last.id }) : null
      return { customers, next }
    },
  }),
  route({
    method: 'get',
    path: '/v1/customers/:id',
    summary: 'One customer with contacts and documents',
    auth: 'customers.read',
    input: { params: byId },
    output: customer.extend({ contacts: z.array(contact), documents: z.array(documentShape) }),
    async handler({ params, inReach }) {
      return inReach(async (tx) => {
        const found = await customerById(tx, params.id)
        if (found === null) throw notFound()
        return {
          ...found,
          contacts: await contactsOf(tx, params.id),
          documents: await documentsOf(tx, { customerId: params.id }),
        }
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/customers',
    summary: 'Add a customer',
    auth: 'customers.write',
    input: { body: input },
    output: z.object({ id: z.string() }),
    status: 201,
    async handler({ who, body, newId, now, ip, inReach }) {
      const made = newId('c')
      await inReach(async (tx) => {
        if ((await customerById(tx, made)) !== null) return
        await saveCustomer(tx, entered(made, body, partnerOf(who, body.partnerId ?? null)))
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'customer.create',
          entity: 'customer',
          entityId: made,
          ip,
        })
      })
      return new Reply(201, { id: made }, { Location: `/v1/customers/${made}` })
    },
  }),
  route({
    method: 'put',
    path: '/v1/customers/:id',
    summary: 'Change a customer; the contacts given replace those before',
    auth: 'customers.write',
    input: { params: byId, body: input.omit({ partnerId: true }) },
    output: z.object({ id: z.string() }),
    async handler({ who, params, body, now, ip, inReach }) {
      await inReach(async (tx) => {
        const before = await customerById(tx, params.id)
        if (before === null) throw notFound()
        await saveCustomer(tx, entered(params.id, body, before.partnerId))
        const detail = { changed: changes(before, body) }
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'customer.change',
          entity: 'customer',
          entityId: params.id,
          detail,
          ip,
        })
      })
      return { id: params.id }
    },
  }),
]

/** Whoever reaches everything says whose the customer is; an agent's customer is his own, whatever he says. */
function partnerOf(who: Person, wanted: string | null): string | null {
  if (who.assignments.some(({ reach }) => reach === 'all')) return wanted
  return wanted ?? who.partnerId ?? who.assignments.find(({ partnerId }) => partnerId !== null)?.partnerId ?? null
}

function entered(customerId: string, body: Omit<Input, 'partnerId'>, partnerId: string | null) {
  return {
    id: customerId,
    partnerId,
    kind: body.kind,
    name: body.name,
    locale: body.locale,
    nationalId:
      body.nationalId === null || body.nationalId === undefined
        ? null
        : at('$.body.nationalId', () => parseNationalId(body.nationalId ?? '', body.kind)),
    contacts: body.contacts.map((given, i) => ({
      id: `${customerId}:${i + 1}`,
      kind: given.kind,
      value: at(`$.body.contacts[${i}].value`, () => contactValue(given)),
      label: given.label ?? null,
      product: given.product ?? null,
    })),
  }
}

function contactValue({ kind, value }: { kind: z.output<typeof contactKind>; value: string }): string {
  switch (kind) {
    case 'mobile':
    case 'phone':
      return parsePhone(value).number
    case 'email': {
      const address = latinDigits(value).toLowerCase()
      if (z.email().safeParse(address).success) return address
      throw new DomainError('BadEmail', { fa: 'نشانی رایانامه درست نیست', en: 'not an e-mail address' })
    }
    case 'address':
      return value
    default:
      return kind satisfies never
  }
}

/** Gives a fault of the domain the place of the value that it speaks of. */
function at<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof DomainError) throw badInput([{ place, ...error.text }])
    throw error
  }
}

/** Names of what changed: the values are personal and stay out of the log. */
function changes(before: Customer, body: Omit<Input, 'partnerId'>): string[] {
  return (['kind', 'name', 'locale', 'nationalId'] as const)
    .filter((field) => (before[field] ?? null) !== (body[field] ?? null))
    .map(String)
    .concat('contacts')
}
