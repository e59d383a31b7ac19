import { z } from 'zod'
import { revokeAllKeys } from '../../db/api-keys.ts'
import { audit } from '../../db/audit.ts'
import { endSessions } from '../../db/sessions.ts'
import {
  assignmentRows,
  assignRole,
  changeUser,
  createUser,
  holdersOf,
  listUsers,
  userById,
  withdrawRole,
} from '../../db/users.ts'
import { roles } from '../../definitions/catalogue/roles.ts'
import { hashPassword } from '../passwords.ts'
import { badInput, conflict, notFound } from '../problem.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, done, id, instant, limit, mobile, name, searchWords, text } from '../schemas.ts'

const assignment = z.object({
  id: z.int(),
  role: z.string(),
  reach: z.string(),
  partnerId: z.string().nullable(),
  centreId: z.string().nullable(),
  cityId: z.string().nullable(),
})

const user = z.object({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  locale: z.string(),
  partnerId: z.string().nullable(),
  customerId: z.string().nullable(),
  mobile: z.string().nullable(),
  active: z.boolean(),
  createdAt: instant,
})

const roleName = z.string().refine((value) => Object.hasOwn(roles, value), 'no such role')

/** Each reach names exactly the place that it needs. */
const newAssignment = z.discriminatedUnion('reach', [
  z.strictObject({ role: roleName, reach: z.literal('own'), partnerId: id.optional() }),
  z.strictObject({ role: roleName, reach: z.literal('subtree'), partnerId: id }),
  z.strictObject({ role: roleName, reach: z.literal('centre'), centreId: id }),
  z.strictObject({ role: roleName, reach: z.literal('city'), cityId: id }),
  z.strictObject({ role: roleName, reach: z.literal('all') }),
])

/** Accounts and their roles (MT1, AU7); every change is in the audit log, and acts at the user's next request. */
export const userRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/roles',
    summary: 'Roles that can be given',
    auth: 'users.read',
    output: z.object({ roles: z.array(z.object({ role: z.string(), label: text })) }),
    handler: async () => ({ roles: Object.entries(roles).map(([role, label]) => ({ role, label })) }),
  }),
  route({
    method: 'get',
    path: '/v1/users',
    summary: 'Users in reach',
    auth: 'users.read',
    input: { query: z.strictObject({ q: searchWords.optional(), after: z.string().max(100).optional(), limit }) },
    output: z.object({ users: z.array(user), next: z.string().nullable() }),
    async handler({ query, inReach }) {
      const users = await inReach((tx) => listUsers(tx, { search: query.q, after: query.after, limit: query.limit }))
      return { users, next: users.length === query.limit ? (users.at(-1)?.username ?? null) : null }
    },
  }),
  route({
    method: 'get',
    path: '/v1/users/:id',
    summary: 'One user with his roles',
    auth: 'users.read',
    input: { params: byId },
    output: user.extend({ roles: z.array(assignment) }),
    async handler({ params, inReach }) {
      return inReach(async (tx) => {
        const found = await userById(tx, params.id)
        if (found === null) throw notFound()
        return { ...found, roles: await assignmentRows(tx, params.id) }
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/users',
    summary: 'Add a user',
    auth: 'users.write',
    input: {
      body: z.strictObject({
        username: z
          .string()
          .trim()
          .toLowerCase()
          .regex(/^[a-z0-9][a-z0-9._-]{2,49}$/),
        password: z.string().min(8).max(200),
        name,
        locale: z.enum(['fa', 'en']).default('fa'),
        partnerId: id.optional(),
        customerId: id.optional(),
        mobile: mobile.optional(),
      }),
    },
    output: z.object({ id: z.string() }),
    status: 201,
    async handler({ deps, who, body, newId, now, ip }) {
      const made = newId('u')
      const { password, ...account } = body
      const passwordHash = await hashPassword(password)
      await deps.db.transaction(async (tx) => {
        if (!(await createUser(tx, { ...account, id: made, passwordHash, createdAt: now.toISOString() }))) return
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'user.create',
          entity: 'user',
          entityId: made,
          detail: { username: body.username },
          ip,
        })
      })
      return new Reply(201, { id: made }, { Location: `/v1/users/${made}` })
    },
  }),
  route({
    method: 'patch',
    path: '/v1/users/:id',
    summary: 'Change a user; a new password or mobile, or putting him out, ends his sessions',
    auth: 'users.write',
    input: {
      params: byId,
      body: z.strictObject({
        name: name.optional(),
        locale: z.enum(['fa', 'en']).optional(),
        active: z.boolean().optional(),
        password: z.string().min(8).max(200).optional(),
        /** Null: he signs in by password only. */
        mobile: mobile.nullable().optional(),
      }),
    },
    output: done,
    async handler({ deps, who, params, body, now, ip }) {
      const { password, ...rest } = body
      const passwordHash = password === undefined ? undefined : await hashPassword(password)
      const change = {
        ...(rest.name !== undefined && { name: rest.name }),
        ...(rest.locale !== undefined && { locale: rest.locale }),
        ...(rest.active !== undefined && { active: rest.active }),
        ...(rest.mobile !== undefined && { mobile: rest.mobile }),
      }
      if (passwordHash === undefined && Object.keys(change).length === 0) return { done: true as const }
      await deps.db.transaction(async (tx) => {
        if (!(await changeUser(tx, params.id, { ...change, ...(passwordHash !== undefined && { passwordHash }) })))
          throw notFound()
        if (passwordHash !== undefined || rest.mobile !== undefined || rest.active === false)
          await endSessions(tx, params.id)
        if (rest.active === false) await revokeAllKeys(tx, params.id)
        if (rest.active === false && (await holdersOf(tx, 'admin')) === 0) throw lastAdmin()
        const { mobile: _personal, ...plain } = change
        const detail = {
          ...plain,
          ...(rest.mobile !== undefined && { mobileChanged: true }),
          ...(passwordHash !== undefined && { passwordChanged: true }),
        }
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'user.change',
          entity: 'user',
          entityId: params.id,
          detail,
          ip,
        })
      })
      return { done: true as const }
    },
  }),
  route({
    method: 'post',
    path: '/v1/users/:id/roles',
    summary: 'Give a user a role, and say how far it reaches',
    auth: 'users.write',
    input: { params: byId, body: newAssignment },
    output: z.object({ roles: z.array(assignment) }),
    status: 201,
    async handler({ deps, who, params, body, now, ip }) {
      const places = {
        role: body.role,
        reach: body.reach,
        partnerId: 'partnerId' in body ? (body.partnerId ?? null) : null,
        centreId: 'centreId' in body ? body.centreId : null,
        cityId: 'cityId' in body ? body.cityId : null,
      }
      return deps.db.transaction(async (tx) => {
        if ((await userById(tx, params.id)) === null) throw notFound()
        if (body.role === 'admin' && body.reach !== 'all')
          throw badInput([
            {
              place: '$.body.reach',
              fa: 'راهبر سامانه همه‌جا را در بر می‌گیرد',
              en: 'an administrator reaches everything',
            },
          ])
        const fresh = await assignRole(tx, { ...places, userId: params.id })
        const given = await assignmentRows(tx, params.id)
        if (fresh)
          await audit(tx, {
            at: now.toISOString(),
            actor: who.id,
            action: 'role.give',
            entity: 'user',
            entityId: params.id,
            detail: places,
            ip,
          })
        return { roles: given }
      })
    },
  }),
  route({
    method: 'delete',
    path: '/v1/users/:id/roles/:assignment',
    summary: 'Take a role away',
    auth: 'users.write',
    input: {
      params: z.strictObject({
        id,
        assignment: z.coerce
          .number()
          .int()
          .positive()
          .max(2 ** 53 - 1),
      }),
    },
    output: done,
    async handler({ deps, who, params, now, ip }) {
      await deps.db.transaction(async (tx) => {
        const gone = await withdrawRole(tx, params.id, params.assignment)
        if (gone === null) throw notFound()
        if (gone.role === 'admin' && (await holdersOf(tx, 'admin')) === 0) throw lastAdmin()
        const { role, reach, partnerId, centreId, cityId } = gone
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'role.withdraw',
          entity: 'user',
          entityId: params.id,
          detail: { role, reach, partnerId, centreId, cityId },
          ip,
        })
      })
      return { done: true as const }
    },
  }),
]

const lastAdmin = () =>
  conflict('LastAdmin', { fa: 'آخرین راهبر سامانه را نمی‌توان برداشت', en: 'The last administrator must stay' })
