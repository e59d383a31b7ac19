import { z } from 'zod'
import { Refused, refusalCodes } from '../errors.ts'
import { createHttp, type Http } from '../http.ts'
import { once } from '../once.ts'
import { createBitstreamCall } from './bitstream-call.ts'
import { defaultCentres, defaultErrors, defaultStates, installStateOf } from './bitstream-words.ts'
import {
  feasibilityReason,
  type OssGateway,
  type PortState,
  phonePattern,
  portState,
  type Reservation,
  type TelcoCentre,
} from './port.ts'

export const bitstreamConfig = z.object({
  adapter: z.literal('bitstream-jsonrpc'),
  url: z.url(),
  auth: z.string().min(1),
  vspId: z.number().int(),
  /** The vendor's error numbers and state phrases in our words. */
  errors: z
    .record(z.string(), z.object({ refusal: z.enum(refusalCodes), feasibility: feasibilityReason.optional() }))
    .default(defaultErrors),
  states: z.record(z.string(), portState).default(defaultStates),
  /** The vendor's location id -> our centre; an id that is not listed is used as it is. */
  centres: z.record(z.string(), z.string()).default(defaultCentres),
  /** Whether this vendor also has the three calls that the public dialect lacks: ranging time, announcement, port list. */
  extensions: z.boolean().default(false),
  ca: z.string().optional(),
})
export type BitstreamConfig = z.output<typeof bitstreamConfig>

const text = z.union([z.string(), z.number()]).transform(String)
const maybe = text.nullish().transform((v) => v ?? undefined)
const nothing = z.unknown()
const place = z.object({ loid: text, loname: z.string(), ciname: z.string() })

/** What the OSS tells of a reservation. `description` is its state as a phrase; `reserveResource` itself leaves it out. */
const resource = z.object({
  resid: text,
  phone: text,
  description: maybe,
  bitstreamingExpireDate: maybe,
  bitstreamingPaymentId: maybe,
  bukht: maybe,
  dename: maybe,
  ip: maybe,
  port: maybe,
  lineno: maybe,
})
const holding = new Set<PortState>([
  'reserved',
  'awaiting-ranging',
  'ranged',
  'active',
  'faulty',
  'awaiting-collection',
  'returned',
])

/**
 * The JSON-RPC dialect of a bitstream OSS (contract oss.md 2). It has no idempotency keys: what identifies a wish is the
 * line, so every write looks at the line's state first and again when an answer is lost.
 */
export function createBitstream(config: BitstreamConfig, deps: { http?: Http } = {}): OssGateway {
  const http = deps.http ?? createHttp({ connectMs: 10_000, ...(config.ca !== undefined && { ca: config.ca }) })
  const meaning = (code: number) => config.errors[String(code)]
  const call = createBitstreamCall({ ...config, refusalOf: (code) => meaning(code)?.refusal ?? 'OTHER' }, http)

  function stateOf(phrase: string | undefined): PortState {
    const state = config.states[phrase ?? '']
    if (state === undefined) throw new Refused('oss', 'OTHER', { code: 'STATE', text: phrase ?? '' })
    return state
  }

  function toReservation(found: z.output<typeof resource>, state: PortState): Reservation {
    return {
      id: found.resid,
      state,
      phone: found.phone,
      expiresAt: found.bitstreamingExpireDate,
      bukht: found.bukht,
      dslam: found.dename,
      dslamIp: found.ip,
      port: found.port,
      lineNo: found.lineno,
      paymentId: found.bitstreamingPaymentId,
    }
  }

  async function statusOf(reservationId: string): Promise<{ state: PortState; text: string }> {
    const params = { resourceid: reservationId }
    const { description } = await call(
      'read',
      'getReserveResourceStatus',
      params,
      z.object({ description: z.string() }),
    )
    return { state: stateOf(description), text: description }
  }

  /** Public evidence names this call and not its answer; we read the fields of `reserveResource` plus the state phrase. */
  async function resourcesOf(query: { subid: string } | { resid: string }): Promise<Reservation[]> {
    const rows = await found(call('read', 'getResourceDetails', query, z.array(resource)))
    return (rows ?? []).map((row) => toReservation(row, stateOf(row.description)))
  }

  async function reservationOf(reservationId: string): Promise<Reservation> {
    const [reservation] = await resourcesOf({ resid: reservationId })
    if (!reservation) throw new Refused('oss', 'NOT_FOUND', { code: 'NOT_FOUND', text: reservationId })
    return reservation
  }

  async function subscriberId(nationalId: string, phone: string): Promise<string | undefined> {
    const params = { customerid: `${nationalId}-${phone}` }
    return (await found(call('read', 'getSubscriberByID', params, z.object({ subid: text }))))?.subid
  }

  /** Moves a reservation to one of `to`: done already is done, a lost answer is looked up. */
  async function move(
    reservationId: string,
    to: PortState[],
    method: string,
    params: Record<string, unknown>,
  ): Promise<void> {
    await once(
      async () => (to.includes((await statusOf(reservationId)).state) ? true : undefined),
      async () => {
        await call('write', method, params, nothing)
        return true
      },
    )
  }

  const extension = (what: string) => {
    if (!config.extensions)
      throw new Refused('oss', 'NOT_SUPPORTED', { code: 'NOT_SUPPORTED', text: `no ${what} in this dialect` })
  }

  const ourCentre = (loid: string) => config.centres[loid] ?? loid
  const location = (phone: string) => call('read', 'getLocationFromPhonePrefix', { phone: checked(phone) }, place)

  async function locate(phone: string): Promise<TelcoCentre> {
    const { loid, loname, ciname } = await location(phone)
    return { id: ourCentre(loid), name: loname, city: ciname }
  }

  return {
    locate,

    async checkFeasibility({ phone, technology, checkOtherProviders }) {
      try {
        const { loid } = await location(phone)
        // The dialect wants provider 1 in this call and in `reserveResource`, whoever asks.
        const params = {
          vspid: 1,
          interfacetype: technology,
          loid: Number(loid),
          phone,
          checkOtherPap: checkOtherProviders,
          bmsPriorityCheck: 'high',
        }
        const answer = await call('read', 'resourceFeasibilityCheck', params, z.unknown())
        return {
          feasible: true,
          reason: 'ok',
          text: typeof answer === 'string' ? answer : '',
          centreId: ourCentre(loid),
        }
      } catch (error) {
        const reason = error instanceof Refused ? meaning(Number(error.vendor.code))?.feasibility : undefined
        if (!(error instanceof Refused) || reason === undefined) throw error
        return { feasible: false, reason, text: error.vendor.text }
      }
    },

    async createSubscriber({ nationalId, phone, name, family, legal }) {
      checked(phone)
      const look = () => subscriberId(nationalId, phone)
      const ossSubscriberId = await once(look, async () => {
        const params = {
          subscriberid: `${nationalId}-${phone}`,
          name,
          family,
          usertype: legal ? 2 : 1,
          uid: nationalId,
          tel: phone,
          priority: 1000,
        }
        return (await call('write', 'createSubscriber', params, z.object({ subid: text }))).subid
      })
      return { ossSubscriberId }
    },

    async updateSubscriber({ reservationId, ownerType, phone }) {
      const params = { resourceid: reservationId, ownertype: ownerType === 'owner' ? 1 : 2, phone: checked(phone) }
      await call('write', 'modifyResourceInfo', params, nothing)
    },

    async getSubscriber({ nationalId, phone }) {
      const ossSubscriberId = await subscriberId(nationalId, checked(phone))
      return ossSubscriberId === undefined ? null : { ossSubscriberId }
    },

    async reservePort({ ossSubscriberId, phone, technology, owner, hours }) {
      const look = async () => {
        const all = await resourcesOf({ subid: ossSubscriberId })
        return all.find((r) => r.phone === phone && holding.has(r.state))
      }
      const { loid } = await location(phone)
      return once(look, async () => {
        const params = {
          vspid: 1,
          subid: ossSubscriberId,
          ownertype: owner.type === 'owner' ? 1 : 2,
          ownername: owner.name,
          ownerfamily: owner.family,
          owneruid: owner.nationalId,
          loid: Number(loid),
          interfacetype: technology,
          restime: hours,
          phone,
        }
        return toReservation(await call('write', 'reserveResource', params, resource), 'reserved')
      })
    },

    getReservation: ({ reservationId }) => reservationOf(reservationId),

    async cancelReservation({ reservationId }) {
      await move(reservationId, ['cancelled', 'expired'], 'cancelReserveResource', { resid: reservationId })
    },

    async activatePort({ reservationId, expected }) {
      const before = await reservationOf(reservationId)
      if (expected && (before.bukht !== expected.bukht || before.port !== expected.port)) {
        const text = `reserved ${expected.bukht}/${expected.port}, now ${before.bukht}/${before.port}`
        throw new Refused('oss', 'PORT_CHANGED', { code: 'PORT_CHANGED', text })
      }
      await move(reservationId, ['active'], 'activateResource', { resid: Number(reservationId) })
      return reservationOf(reservationId)
    },

    async requestInstallation({ reservationId, phone }) {
      const sent: PortState[] = ['awaiting-ranging', 'ranged', 'active']
      await move(reservationId, sent, 'reinstallADSLPort', { resourceid: checked(phone) })
      return { requestId: reservationId }
    },

    async requestCollection({ reservationId }) {
      const sent: PortState[] = ['awaiting-collection', 'collected']
      await move(reservationId, sent, 'roundupResource', { resourceid: reservationId })
      return { requestId: reservationId }
    },

    async installationStatus({ requestId }) {
      const { state, text } = await statusOf(requestId)
      return { state: installStateOf[state], text }
    },

    async announceInstallation({ requestId, what, at }) {
      extension('announcement')
      await call('write', 'announceInstallation', { resourceid: requestId, what, date: at }, nothing)
    },

    async changeRangingTime({ requestId, at }) {
      extension('ranging time')
      await call('write', 'changeRangingTime', { resourceid: requestId, rangingdate: at }, nothing)
    },

    async resendRanging({ phone }) {
      await call('write', 'reinstallADSLPort', { resourceid: checked(phone) }, nothing)
    },

    async requestPortChange({ reservationId, reason }) {
      await call('write', 'needChangePort', { resourceid: reservationId, description: reason }, nothing)
    },

    async getPort({ phone }) {
      const id = await found(call('read', 'getPortID', { fixedtel: checked(phone) }, z.object({ portid: text })))
      if (id === undefined) return null
      const port = await call('read', 'getInterfaceServicePort', { resourceid: id.portid }, servicePort)
      return {
        portId: id.portid,
        phone,
        ip: port.ip,
        lineProfile: port.lineprofile,
        port: port.port,
        shelf: port.shelf,
        slot: port.slot,
        subslot: port.subslot,
        servicePorts: port.servicePort,
      }
    },

    async portReport({ centreId, state, cursor, limit }) {
      extension('port list')
      const phrase = Object.entries(config.states).find(([, s]) => s === state)?.[0]
      const from = Number(cursor ?? 0)
      const loid = Object.entries(config.centres).find(([, ours]) => ours === centreId)?.[0] ?? centreId
      const params = { loid, description: state === 'free' ? '' : phrase, from, limit }
      const { total, rows } = await call('read', 'listPorts', params, portList)
      const items = rows.map((row) => ({
        portId: row.portid,
        state: row.description === '' ? ('free' as const) : stateOf(row.description),
        phone: row.phone,
        centreId: ourCentre(row.loid),
        bukht: row.bukht,
        dslam: row.dename,
        port: row.port,
        servicePorts: [],
      }))
      return { items, nextCursor: from + limit < total ? String(from + limit) : undefined }
    },

    async openFault({ reservationId, title, description, coordinatorName, coordinatorMobile }, key) {
      const params = {
        tiwflowid: 1,
        title,
        maintype: 'port',
        maintypeid: reservationId,
        description,
        Priority: 1,
        ttypeid: 1,
        ownertype: 'operator',
        ownerid: 1,
        source: 1,
        // Only for people to see a double: the dialect can't look a ticket up by it, so a lost answer stays unknown.
        sourcevalue: key,
        coordinatorName,
        coordinatorMobile,
      }
      return { ticketId: (await call('write', 'createTicket', params, z.object({ ticketID: text }))).ticketID }
    },

    async health() {
      try {
        await call('read', 'checkOSSWebService', {}, nothing)
        return { ok: true, detail: 'checkOSSWebService' }
      } catch (error) {
        return { ok: false, detail: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}

const servicePort = z.object({
  ip: maybe,
  lineprofile: maybe,
  port: maybe,
  shelf: maybe,
  slot: maybe,
  subslot: maybe,
  servicePort: z
    .array(z.object({ vpi: z.number().optional(), vci: z.number().optional(), vlan: z.number().optional() }))
    .catch([]),
})

const portList = z.object({
  total: z.number(),
  rows: z.array(
    z.object({
      portid: text,
      description: z.string(),
      phone: maybe,
      loid: text,
      bukht: maybe,
      dename: maybe,
      port: maybe,
    }),
  ),
})

/** A refusal NOT_FOUND as plain absence. */
async function found<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}

function checked(phone: string): string {
  if (phonePattern.test(phone)) return phone
  throw new Refused('oss', 'VALIDATION', { code: 'PHONE', text: 'national form with area code, 11 ASCII digits' })
}
