import { z } from 'zod'

/**
 * What the business asks of the system that keeps lines, ports and the wishes sent to the telephone company (features
 * OS1-OS6). `phone` is the national form: 0, area code and number, 11 digits. Writes take a key of the caller; two
 * reservations for one line are never made. Calls end in Refused, Unavailable, OutcomeUnknown or NotConfigured.
 */
export interface OssGateway {
  /** The centre that serves a number. Refused UNKNOWN_PHONE. */
  locate(phone: string): Promise<TelcoCentre>
  /** OS1. A line that can't have it is an answer (`feasible: false` with a reason), not an error. */
  checkFeasibility(query: FeasibilityQuery): Promise<Feasibility>
  /** OS5. The same person and line again give the same id. */
  createSubscriber(subscriber: OssSubscriber, key: string): Promise<{ ossSubscriberId: string }>
  /** OS5. */
  updateSubscriber(change: SubscriberChange, key: string): Promise<void>
  getSubscriber(query: { nationalId: string; phone: string }): Promise<{ ossSubscriberId: string } | null>
  /** OS2. Refused NO_FREE_PORT when the centre is full. The reservation ends by itself at `expiresAt`. */
  reservePort(request: ReserveRequest, key: string): Promise<Reservation>
  getReservation(query: { reservationId: string }): Promise<Reservation>
  /** OS2. Only before ranging, else Refused WRONG_STATE. */
  cancelReservation(input: { reservationId: string; reason: string }, key: string): Promise<void>
  /** OS2. After ranging. Refused PORT_CHANGED if the port is no longer the one that was reserved. */
  activatePort(
    input: { reservationId: string; expected?: { bukht: string; port: string } },
    key: string,
  ): Promise<Reservation>
  /** OS3, دایری: asks the telephone company to wire the line. */
  requestInstallation(input: { reservationId: string; phone: string }, key: string): Promise<{ requestId: string }>
  /** OS3, جمع‌آوری. */
  requestCollection(input: { reservationId: string; reason: string }, key: string): Promise<{ requestId: string }>
  /** OS3. */
  installationStatus(query: { requestId: string }): Promise<{ state: InstallState; text: string }>
  /** OS3, اعلام دایری/تخلیه. Refused NOT_SUPPORTED where the dialect has no word for it. */
  announceInstallation(
    input: { requestId: string; what: 'installed' | 'evacuated'; at: string },
    key: string,
  ): Promise<void>
  /** OS6. Refused NOT_SUPPORTED where the dialect has no word for it. */
  changeRangingTime(input: { requestId: string; at: string }, key: string): Promise<void>
  resendRanging(input: { phone: string }, key: string): Promise<void>
  requestPortChange(input: { reservationId: string; reason: string }, key: string): Promise<void>
  /** OS4. */
  getPort(query: { phone: string }): Promise<PortInfo | null>
  /** OS4. Refused NOT_SUPPORTED where the dialect has no word for it. */
  portReport(query: PortReportQuery): Promise<{ items: PortInfo[]; nextCursor?: string | undefined }>
  openFault(ticket: OssTicket, key: string): Promise<{ ticketId: string }>
  health(): Promise<{ ok: boolean; detail: string }>
}

export const technologies = ['adsl', 'vdsl'] as const
export type Technology = (typeof technologies)[number]

export const portState = z.enum([
  'free',
  'reserved',
  'awaiting-ranging',
  'ranged',
  'active',
  'faulty',
  'awaiting-collection',
  'collected',
  'cancelled',
  'returned',
  'expired',
])
/** `returned`: the telephone company sent the wish back; `collected`, `cancelled` and `expired` hold no port any more. */
export type PortState = z.infer<typeof portState>

export const installState = z.enum([
  'requested',
  'awaiting-ranging',
  'ranged',
  'active',
  'awaiting-collection',
  'evacuated',
  'cancelled',
  'returned',
])
export type InstallState = z.infer<typeof installState>

export const telcoCentre = z.object({ id: z.string(), name: z.string(), city: z.string() })
export type TelcoCentre = z.infer<typeof telcoCentre>

export const feasibilityReason = z.enum([
  'ok',
  'no-free-port',
  'centre-not-covered',
  'line-has-other-provider',
  'pcm-or-fibre-line',
  'distance',
  'debt',
  'unknown-phone',
  'line-owner-mismatch',
  'other',
])
export type FeasibilityReason = z.infer<typeof feasibilityReason>

export const feasibility = z.object({
  feasible: z.boolean(),
  reason: feasibilityReason,
  text: z.string(),
  centreId: z.string().optional(),
})
export type Feasibility = z.infer<typeof feasibility>

export interface FeasibilityQuery {
  phone: string
  technology: Technology
  /** Also refuse a line that another company still holds. */
  checkOtherProviders: boolean
}

export interface OssSubscriber {
  nationalId: string
  phone: string
  name: string
  family: string
  legal: boolean
}

export interface SubscriberChange {
  reservationId: string
  ownerType: 'owner' | 'tenant'
  phone: string
}

export interface ReserveRequest {
  ossSubscriberId: string
  phone: string
  technology: Technology
  owner: { type: 'owner' | 'tenant'; name: string; family: string; nationalId: string }
  hours: 48 | 72
}

export const reservation = z.object({
  id: z.string(),
  state: portState,
  phone: z.string(),
  expiresAt: z.string().optional(),
  bukht: z.string().optional(),
  dslam: z.string().optional(),
  dslamIp: z.string().optional(),
  port: z.string().optional(),
  lineNo: z.string().optional(),
  paymentId: z.string().optional(),
})
export type Reservation = z.infer<typeof reservation>

export const portInfo = z.object({
  portId: z.string(),
  state: portState.optional(),
  phone: z.string().optional(),
  centreId: z.string().optional(),
  bukht: z.string().optional(),
  dslam: z.string().optional(),
  ip: z.string().optional(),
  shelf: z.string().optional(),
  slot: z.string().optional(),
  subslot: z.string().optional(),
  port: z.string().optional(),
  lineProfile: z.string().optional(),
  servicePorts: z.array(
    z.object({ vpi: z.number().optional(), vci: z.number().optional(), vlan: z.number().optional() }),
  ),
})
export type PortInfo = z.infer<typeof portInfo>

export interface PortReportQuery {
  centreId?: string
  state?: PortState
  cursor?: string
  limit: number
}

export interface OssTicket {
  reservationId: string
  title: string
  description: string
  coordinatorName: string
  coordinatorMobile: string
}

/** 0, a two-digit area code that doesn't start with 0 or 9, eight digits: ASCII only (contract oss.md 7). */
export const phonePattern = /^0[1-8]\d{9}$/
