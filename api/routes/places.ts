import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { partnersInReach } from '../../db/partner-reach.ts'
import { createPartner, partnerTree } from '../../db/partners.ts'
import { listCentres, listCities } from '../../db/places.ts'
import { Reply, type Route, route } from '../route.ts'
import { id, instant, textInput } from '../schemas.ts'

const partner = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  path: z.string(),
  code: z.string(),
  nameFa: z.string(),
  nameEn: z.string(),
  createdAt: instant,
})

/** Partners, cities and centres: what orders and reach refer to. */
export const placeRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/partners',
    summary: 'Partners in reach, in the order of the tree',
    auth: 'partners.read',
    output: z.object({ partners: z.array(partner) }),
    async handler({ deps, who }) {
      const all = await partnerTree(deps.db)
      return { partners: partnersInReach(who, all) }
    },
  }),
  route({
    method: 'post',
    path: '/v1/partners',
    summary: 'Add a partner below another',
    auth: 'partners.write',
    input: {
      body: z.strictObject({ parentId: id.nullable(), code: z.string().regex(/^[a-z0-9-]{1,40}$/), name: textInput }),
    },
    output: z.object({ id: z.string() }),
    status: 201,
    async handler({ deps, who, body, newId, now, ip }) {
      const made = newId('p')
      await deps.db.transaction(async (tx) => {
        await createPartner(tx, { id: made, ...body })
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'partner.create',
          entity: 'partner',
          entityId: made,
          detail: { code: body.code, parentId: body.parentId },
          ip,
        })
      })
      return new Reply(201, { id: made })
    },
  }),
  route({
    method: 'get',
    path: '/v1/cities',
    summary: 'Cities',
    auth: 'catalogue.read',
    output: z.object({ cities: z.array(z.object({ id: z.string(), nameFa: z.string(), nameEn: z.string() })) }),
    handler: async ({ inReach }) => ({ cities: await inReach(listCities) }),
  }),
  route({
    method: 'get',
    path: '/v1/centres',
    summary: 'Telephone exchanges, of one city when given',
    auth: 'catalogue.read',
    input: { query: z.strictObject({ city: id.optional() }) },
    output: z.object({
      centres: z.array(
        z.object({
          id: z.string(),
          cityId: z.string(),
          code: z.string(),
          nameFa: z.string(),
          nameEn: z.string(),
          prefixes: z.array(z.string()),
        }),
      ),
    }),
    handler: async ({ query, inReach }) => ({ centres: await inReach((tx) => listCentres(tx, query.city)) }),
  }),
]
