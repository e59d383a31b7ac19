import { z } from 'zod'

/**
 * What the business asks of the system that authenticates subscribers and counts their traffic (features AA1-AA11).
 * Every write takes a key made by the caller: the same key twice is one effect. Bytes are bigint, instants ISO strings.
 * Calls end in Refused, Unavailable, OutcomeUnknown or NotConfigured; a name that doesn't exist is `null` on reads.
 */
export interface AaaGateway {
  /** AA1. The account as it stands, without its password. */
  getUser(username: string): Promise<AaaUser | null>
  searchUsers(query: UserQuery): Promise<Page<AaaUser>>
  /** AA8. Refused DUPLICATE if the name belongs to an account made under another key. */
  createUser(user: NewAaaUser, key: string): Promise<AaaUser>
  /** AA8. Disconnects first; an account that is not there counts as deleted. Session logs stay, as the law asks. */
  deleteUser(username: string, input: { reason: string }, key: string): Promise<void>
  /** AA3. A new period: absolute expiry, perhaps another group, perhaps traffic of its own. */
  renew(username: string, renewal: Renewal, key: string): Promise<AaaUser>
  /** AA2. Adds traffic: bought, gift, of the period, in reserve or as compensation. */
  addCredit(username: string, credit: CreditGrant, key: string): Promise<CreditReceipt>
  /** AA2. Queues a group that starts by itself when the present one ends. */
  reserveRenewal(
    username: string,
    input: { group: string; startsAt: 'on-expiry' | 'on-quota-end' },
    key: string,
  ): Promise<void>
  cancelReservedRenewal(username: string, key: string): Promise<void>
  /** AA3. */
  changeExpiry(username: string, input: { expiresAt: string; reason: string }, key: string): Promise<void>
  /** AA4. */
  changePassword(username: string, input: { password: string }, key: string): Promise<void>
  /** AA5. A disabled account is also disconnected. */
  setStatus(username: string, input: { status: 'active' | 'disabled'; reason: string }, key: string): Promise<void>
  /** AA6. No addresses: back to the pool. */
  changeIp(username: string, input: { ips: string[] }, key: string): Promise<void>
  /** AA6. */
  changeMac(username: string, input: { macs: string[]; bindOnNextLogin: boolean }, key: string): Promise<void>
  changeGroup(username: string, input: { group: string }, key: string): Promise<void>
  /** AA9. Some hours (and perhaps bytes) for an account whose period or traffic has ended. */
  temporaryConnect(
    username: string,
    input: { hours: number; bytes?: bigint; reason: string },
    key: string,
  ): Promise<void>
  /** AA11. */
  listOnline(query: OnlineQuery): Promise<Page<OnlineSession>>
  /** AA11. Ends every session of the name; none at all is a fine outcome too. */
  disconnect(
    username: string,
    input: { reason: string },
  ): Promise<{ outcome: 'disconnected' | 'no-session'; sessions: number }>
  /** AA7. Newest first. */
  usageDetail(username: string, query: ReportQuery): Promise<Page<UsageRecord>>
  /** AA10. Newest first. */
  events(username: string, query: ReportQuery): Promise<Page<AaaEvent>>
  health(): Promise<{ ok: boolean; detail: string }>
}

const bytes = z.coerce.bigint().nonnegative()
const instant = z.iso.datetime({ offset: true })

export const aaaUser = z.object({
  username: z.string(),
  externalId: z.string().optional(),
  status: z.enum(['active', 'disabled', 'expired', 'temporary']),
  lockReason: z.string().optional(),
  group: z.string().optional(),
  nextGroup: z.string().optional(),
  speed: z.object({ downKbps: z.number().int(), upKbps: z.number().int() }).optional(),
  firstLoginAt: instant.optional(),
  expiresAt: instant.optional(),
  staticIps: z.array(z.string()),
  macs: z.array(z.string()),
  multiLogin: z.number().int(),
  quota: z.object({ total: bytes, used: bytes, remaining: bytes, gift: bytes, reserve: bytes }),
  online: z.boolean(),
  attributes: z.record(z.string(), z.string()),
})
export type AaaUser = z.infer<typeof aaaUser>

export const creditKinds = ['purchase', 'gift', 'period', 'reserve', 'compensation'] as const
export type CreditKind = (typeof creditKinds)[number]

export interface CreditGrant {
  kind: CreditKind
  bytes: bigint
  validUntil?: string
  comment: string
}

export const creditReceipt = z.object({ reference: z.string(), bytes, remaining: bytes, already: z.boolean() })
/** `already`: an earlier call with the same key had done it. */
export type CreditReceipt = z.infer<typeof creditReceipt>

export interface NewAaaUser {
  username: string
  password: string
  group: string
  expiresAt?: string
  bytes?: bigint
  speed?: { downKbps: number; upKbps: number }
  staticIps?: string[]
  macs?: string[]
  multiLogin?: number
  name?: string
  mobile?: string
}

export interface Renewal {
  group?: string
  expiresAt: string
  bytes?: bigint
  /** true: what is left of the earlier period's traffic is lost. */
  resetUsage: boolean
}

export interface Page<T> {
  items: T[]
  nextCursor?: string | undefined
}

export interface UserQuery {
  group?: string
  status?: 'active' | 'disabled'
  expiringBefore?: string
  cursor?: string
  limit: number
}

export interface OnlineQuery {
  username?: string
  ip?: string
  nas?: string
  cursor?: string
  limit: number
}

export interface ReportQuery {
  from: string
  to: string
  cursor?: string
  limit: number
}

export const onlineSession = z.object({
  username: z.string(),
  sessionId: z.string(),
  nasIp: z.string(),
  framedIp: z.string().optional(),
  mac: z.string().optional(),
  startedAt: instant,
  bytesIn: bytes,
  bytesOut: bytes,
})
export type OnlineSession = z.infer<typeof onlineSession>

export const usageRecord = z.object({
  sessionId: z.string(),
  startedAt: instant,
  endedAt: instant.optional(),
  durationSeconds: z.number().int(),
  bytesIn: bytes,
  bytesOut: bytes,
  ip: z.string().optional(),
  mac: z.string().optional(),
  nasIp: z.string().optional(),
  endReason: z.string().optional(),
})
export type UsageRecord = z.infer<typeof usageRecord>

export const aaaEvent = z.object({
  at: instant,
  what: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
  by: z.string(),
})
export type AaaEvent = z.infer<typeof aaaEvent>

/** Names that can't carry an attribute or a wildcard into the other system (contract aaa.md 6). */
export const usernamePattern = /^[A-Za-z0-9._@-]{1,64}$/
