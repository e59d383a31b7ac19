import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { makeLoginCode, takeLoginCode } from '../../db/login-codes.ts'
import { endSessions, openSession, sessionsOf } from '../../db/sessions.ts'
import { changeUser, credentialsOf, userById } from '../../db/users.ts'
import { latinDigits } from '../../domain/identity.ts'
import { clearCookie, newToken, sessionHash, sessionHours, setCookie } from '../identity.ts'
import type { LoginGuard } from '../login-guard.ts'
import { credentials } from '../mount.ts'
import { checkPassword, hashPassword } from '../passwords.ts'
import { permissions } from '../permissions.ts'
import { notFound, Problem } from '../problem.ts'
import { type Context, publicRoute, Reply, type Route, route } from '../route.ts'
import { done, instant, mobile } from '../schemas.ts'

const me = z.object({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  locale: z.enum(['fa', 'en']),
  partnerId: z.string().nullable(),
  customerId: z.string().nullable(),
  roles: z.array(
    z.object({
      role: z.string(),
      reach: z.string(),
      partnerId: z.string().nullable(),
      centreId: z.string().nullable(),
      cityId: z.string().nullable(),
    }),
  ),
  /** What the caller's roles open: the panel shows nothing else. */
  permissions: z.array(z.string()),
})

const password = z.string().min(1).max(200)
const byPassword = z.strictObject({ username: z.string().trim().toLowerCase().min(1).max(100), password })
const byCode = z.strictObject({
  mobile,
  code: z
    .string()
    .max(20)
    .transform((given) => latinDigits(given).trim()),
})
type Asked = Context<unknown, unknown, unknown, null>

/** Logging in and out, and the caller himself. */
export function sessionRoutes(guard: LoginGuard): Route[] {
  return [
    publicRoute({
      method: 'post',
      path: '/v1/session',
      summary:
        'Log in by name and password, or by mobile and one-time code: sets the cookie, and answers a token for `Authorization: Bearer`',
      input: { body: z.union([byPassword, byCode]) },
      output: z.object({ token: z.string(), expiresAt: instant, userId: z.string() }),
      status: 201,
      async handler(context) {
        const { body, ip } = context
        const account = 'code' in body ? body.mobile : body.username
        await guard.enter(account, ip)
        const userId = 'code' in body ? await ofCode(context, body) : await ofPassword(context, body)
        await guard.succeeded(account, ip)
        return opened(context, userId, 'code' in body ? 'code' : 'password')
      },
    }),
    publicRoute({
      method: 'post',
      path: '/v1/session/code',
      summary: 'Ask for a one-time code by SMS; the answer is the same whether anybody has this number',
      input: { body: z.strictObject({ mobile }) },
      output: z.object({ seconds: z.int() }),
      status: 202,
      async handler({ deps, body, ip, now }) {
        await guard.askCode(body.mobile, ip)
        await deps.db.transaction((tx) => makeLoginCode(tx, deps.config.sessionSecret, body.mobile, now.toISOString()))
        return { seconds: 120 }
      },
    }),
    route({
      method: 'delete',
      path: '/v1/session',
      summary: 'Log out: this session ends',
      auth: 'self',
      output: done,
      async handler({ deps, who, req, res }) {
        const credential = credentials.get(req)
        if (credential !== undefined && credential.by !== 'key') await endSessions(deps.db, who.id, credential.hash)
        clearCookie(res, deps.config)
        return { done: true as const }
      },
    }),
    route({
      method: 'get',
      path: '/v1/sessions',
      summary: 'The caller’s open sessions',
      auth: 'self',
      output: z.object({
        sessions: z.array(
          z.object({
            id: z.string(),
            createdAt: instant,
            expiresAt: instant,
            ip: z.string().nullable(),
            userAgent: z.string().nullable(),
            current: z.boolean(),
          }),
        ),
      }),
      async handler({ deps, who, now, req }) {
        const open = await sessionsOf(deps.db, who.id, now.toISOString())
        const mine = credentials.get(req)?.hash
        return {
          sessions: open.map((session) => ({
            ...session,
            id: idOf(session.tokenHash),
            current: session.tokenHash === mine,
          })),
        }
      },
    }),
    route({
      method: 'delete',
      path: '/v1/sessions/:id',
      summary: 'End one of the caller’s sessions',
      auth: 'self',
      input: { params: z.strictObject({ id: z.string().regex(/^[\da-f]{16}$/) }) },
      output: done,
      async handler({ deps, who, params }) {
        if ((await endSessions(deps.db, who.id, params.id)) === 0) throw notFound()
        return { done: true as const }
      },
    }),
    route({
      method: 'get',
      path: '/v1/me',
      summary: 'Who the caller is, and what his roles open',
      auth: 'self',
      output: me,
      async handler({ who }) {
        const held = who.assignments.map(({ role }) => role)
        const open = Object.entries(permissions).filter(
          ([name, roles]) => name === 'self' || roles.some((role) => held.includes(role)),
        )
        return { ...who, roles: who.assignments, permissions: open.map(([name]) => name) }
      },
    }),
    route({
      method: 'patch',
      path: '/v1/me',
      summary: 'Change one’s name or language',
      auth: 'self',
      input: {
        body: z.strictObject({
          name: z.string().trim().min(1).max(200).optional(),
          locale: z.enum(['fa', 'en']).optional(),
        }),
      },
      output: done,
      async handler({ deps, who, body, now, ip }) {
        await deps.db.transaction(async (tx) => {
          const change = {
            ...(body.name !== undefined && { name: body.name }),
            ...(body.locale && { locale: body.locale }),
          }
          if (Object.keys(change).length === 0) return
          await changeUser(tx, who.id, change)
          await audit(tx, {
            at: now.toISOString(),
            actor: who.id,
            action: 'user.change',
            entity: 'user',
            entityId: who.id,
            detail: change,
            ip,
          })
        })
        return { done: true as const }
      },
    }),
    route({
      method: 'put',
      path: '/v1/me/password',
      summary: 'Change one’s password; all sessions end, this one too',
      auth: 'self',
      input: { body: z.strictObject({ current: password, password }) },
      output: done,
      async handler({ deps, who, body, now, ip, res }) {
        await guard.enter(who.username, ip)
        const account = await credentialsOf(deps.db, who.username)
        if (!(await checkPassword(account?.passwordHash, body.current))) throw wrongPassword()
        await guard.succeeded(who.username, ip)
        const passwordHash = await hashPassword(body.password)
        await deps.db.transaction(async (tx) => {
          await changeUser(tx, who.id, { passwordHash })
          await endSessions(tx, who.id)
          await audit(tx, {
            at: now.toISOString(),
            actor: who.id,
            action: 'user.password',
            entity: 'user',
            entityId: who.id,
            ip,
          })
        })
        clearCookie(res, deps.config)
        return new Reply(200, { done: true as const })
      },
    }),
  ]
}

async function ofPassword({ deps }: Asked, given: z.output<typeof byPassword>): Promise<string> {
  const account = await credentialsOf(deps.db, given.username)
  const right = await checkPassword(account?.passwordHash, given.password)
  if (account === null || !right || !account.active) throw wrongPassword()
  return account.id
}

async function ofCode({ deps, now }: Asked, given: z.output<typeof byCode>): Promise<string> {
  const { mobile: number, code } = given
  const userId = await takeLoginCode(deps.db, deps.config.sessionSecret, {
    mobile: number,
    code,
    now: now.toISOString(),
  })
  const account = userId === null ? null : await userById(deps.db, userId)
  if (account === null || !account.active || account.mobile !== number) throw wrongCode()
  return account.id
}

/** Opens a session, writes who came in and how, and sets the cookie. */
async function opened({ deps, now, ip, req, res }: Asked, userId: string, by: 'password' | 'code') {
  const token = newToken()
  const at = now.toISOString()
  const expiresAt = new Date(now.getTime() + sessionHours * 3_600_000).toISOString()
  await deps.db.transaction(async (tx) => {
    await openSession(tx, {
      tokenHash: sessionHash(deps.config.sessionSecret, token),
      userId,
      createdAt: at,
      expiresAt,
      ip,
      userAgent: (req.get('User-Agent') ?? '').slice(0, 300),
    })
    await audit(tx, {
      at,
      actor: userId,
      action: 'session.open',
      entity: 'user',
      entityId: userId,
      detail: { by },
      ip,
    })
  })
  setCookie(res, deps.config, token)
  return { token, expiresAt, userId }
}

/** Enough of the hash to name a session, and useless for anything else. */
const idOf = (tokenHash: string) => tokenHash.slice(0, 16)

const wrongPassword = () =>
  new Problem(401, 'WrongPassword', { fa: 'نام کاربری یا گذرواژه درست نیست', en: 'The name or the password is wrong' })

const wrongCode = () =>
  new Problem(401, 'WrongCode', {
    fa: 'کد درست نیست یا زمان آن گذشته است',
    en: 'The code is wrong, or its time is over',
  })
