import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Queryable } from '../db/client.ts'
import { personOfKey, personOfSession } from '../db/sessions.ts'
import type { Person } from '../db/users.ts'
import type { ApiConfig } from './deps.ts'
import { Problem } from './problem.ts'

/** Over TLS the prefix makes browsers refuse a cookie that another host or a plain connection planted (A19). */
export const cookieName = ({ publicUrl }: Pick<ApiConfig, 'publicUrl'>) =>
  publicUrl.startsWith('https:') ? '__Host-samfony' : 'samfony'
export const sessionHours = 12

/** How a request proved who made it. */
export interface Credential {
  by: 'cookie' | 'session' | 'key'
  hash: string
}

/**
 * The person behind a request: by `Authorization: Bearer` (a session's token, or an API key `sk_…`), else by the cookie.
 * Null when there is no proof or it is no longer good. Rights are read anew each time, so a change acts at the next request.
 */
export async function whoAsks(
  db: Queryable,
  config: ApiConfig,
  req: Request,
  now: Date,
): Promise<{ person: Person; credential: Credential } | null> {
  const given = proofOf(req, config)
  if (given === null) return null
  const { token, by } = given
  const at = now.toISOString()
  if (by === 'key') {
    const hash = keyHash(token)
    const person = await personOfKey(db, hash, at)
    return person && { person, credential: { by, hash } }
  }
  const hash = sessionHash(config.sessionSecret, token)
  const person = await personOfSession(db, hash, at)
  return person && { person, credential: { by, hash } }
}

function proofOf(req: Request, config: ApiConfig): { token: string; by: Credential['by'] } | null {
  const bearer = /^Bearer ([\w-]{20,200})$/i.exec(req.headers.authorization ?? '')?.[1]
  if (bearer !== undefined) return { token: bearer, by: bearer.startsWith('sk_') ? 'key' : 'session' }
  const cookie = cookieOf(req, cookieName(config))
  return cookie === undefined ? null : { token: cookie, by: 'cookie' }
}

function cookieOf(req: Request, wanted: string): string | undefined {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2)
    if (name === wanted && value !== undefined && /^[\w-]{20,200}$/.test(value)) return value
  }
  return undefined
}

/** A token of 256 random bits; whoever holds it is signed in. */
export const newToken = () => randomBytes(32).toString('base64url')

export const sessionHash = (secret: string, token: string) => createHmac('sha256', secret).update(token).digest('hex')

/** Keys outlive a change of the session secret, so their hash does not hold it; 256 random bits need no salt. */
export const keyHash = (key: string) => createHash('sha256').update(key).digest('hex')

export const newApiKey = () => `sk_${newToken()}`

export function setCookie(res: Response, config: ApiConfig, token: string): void {
  res.append('Set-Cookie', cookie(config, token, sessionHours * 3600))
}

export function clearCookie(res: Response, config: ApiConfig): void {
  res.append('Set-Cookie', cookie(config, '', 0))
}

function cookie(config: ApiConfig, value: string, maxAgeSeconds: number): string {
  const secure = config.publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${cookieName(config)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`
}

/**
 * A write that is proved by the cookie must come from our own pages: SameSite alone does not hold against a sibling host.
 * A browser sends `Origin` (or `Sec-Fetch-Site`) with every such write. Throws Problem 403 `CrossOrigin`.
 */
export function refuseCrossOrigin(req: Request, config: ApiConfig): void {
  const { origin } = req.headers
  const site = req.headers['sec-fetch-site']
  const ours = origin === undefined ? site === 'same-origin' : originsOf(req, config).includes(origin)
  if (!ours)
    throw new Problem(403, 'CrossOrigin', {
      fa: 'این درخواست از صفحه دیگری آمده است',
      en: 'This request did not come from our own pages',
    })
}

function originsOf(req: Request, config: ApiConfig): string[] {
  const { origin } = new URL(config.publicUrl)
  // Without a proxy the panel may be opened by another name of this very machine.
  return config.proxies === 0 ? [origin, `http://${req.headers.host}`] : [origin]
}
