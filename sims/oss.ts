import type { SimClock } from './clock.ts'
import { createFaults } from './faults.ts'
import type { Memory } from './memory.ts'
import { centres, type LineState, type OssReservation, type OssState, phrases, seededOss } from './oss-state.ts'
import { json, type Sim, serve } from './serve.ts'

export interface OssSimConfig {
  port?: number | undefined
  clock: SimClock
  memory: Memory
  auth?: string
  portsPerCentre?: number
  /** Of sim time, for ranging and for collection; 2 s by default. */
  rangingDelayMs?: number
}

export interface OssSim extends Sim {
  state: OssState
  /** Ports by state now: `free`, a line state, or `other`. */
  ports(centre?: string): Record<string, number>
  /** Every reservation ever made for the number. */
  reservations(phone: string): OssReservation[]
  /** The telephone company answers now; `returned` sends the wish back. */
  finishRanging(phone: string, result: 'ranged' | 'returned'): void
}

/**
 * The bitstream JSON-RPC dialect (contract oss.md 2, 6), with three calls more that its vendor lacks: changeRangingTime,
 * announceInstallation, listPorts. Numbers ending in 99 are PCM lines, in 98 another company's, in 97 another person's.
 */
export async function startOss(config: OssSimConfig): Promise<OssSim> {
  const { clock, memory } = config
  const state =
    (memory.recall('oss') as OssState | undefined) ??
    seededOss(config.portsPerCentre ?? 8, config.rangingDelayMs ?? 2_000)
  memory.keep('oss', () => state)
  const faults = createFaults()
  const auth = config.auth ?? 'oss-static-key'
  const methods = ossMethods(state, clock)
  const tick = () => bringUpToDate(state, clock.nowMs())

  function finishRanging(phone: string, result: 'ranged' | 'returned'): void {
    const line = state.reservations.find((r) => r.phone === phone && r.state === 'awaiting-ranging')
    if (!line) throw new Error(`no ranging is awaited for ${phone}`)
    line.state = result
    line.dueMs = undefined
  }

  const server = await serve({
    port: config.port,
    clock,
    memory,
    faults,
    state() {
      tick()
      return state
    },
    commands: {
      ranging: ({ phone, result = 'ranged' }) =>
        finishRanging(String(phone), result === 'returned' ? 'returned' : 'ranged'),
      'free-port': ({ centre, portId }) => {
        const loid = centres.find((c) => c.name === centre)?.loid
        const port = state.ports.find((p) =>
          portId === undefined ? p.loid === loid && p.heldBy === 'other' : p.id === Number(portId),
        )
        if (!port) throw new Error('no such taken port')
        port.heldBy = undefined
        return port
      },
      settings: ({ rangingDelayMs }) => {
        if (typeof rangingDelayMs === 'number') state.rangingDelayMs = rangingDelayMs
        return { rangingDelayMs: state.rangingDelayMs }
      },
    },
    handle({ method, body }) {
      if (method !== 'POST') return undefined
      const { method: name = '', params: [params = {}] = [] } = parse(body)
      const reply = (errcode: number, errmsg: string, data: unknown = null) =>
        json({ result: { errcode, errmsg, data }, error: null, id: 1 })
      return {
        method: name,
        refuse: (code) => reply(Number(code ?? 500), 'درخواست پذیرفته نشد'),
        perform() {
          tick()
          if (params.auth !== auth) return reply(401, 'کلید نامعتبر است')
          const run = methods[name]
          if (!run) return json({ result: null, error: { code: -32601, message: 'method not found' }, id: 1 })
          try {
            return reply(0, '', run(params) ?? null)
          } catch (error) {
            if (!(error instanceof OssRefusal)) throw error
            return reply(error.errcode, error.message)
          }
        },
      }
    },
  })

  return {
    ...server,
    faults,
    state,
    finishRanging,
    reservations(phone) {
      tick()
      return state.reservations.filter((r) => r.phone === phone)
    },
    ports(centre) {
      tick()
      const counts: Record<string, number> = {}
      for (const port of state.ports) {
        if (centre !== undefined && centres.find((c) => c.loid === port.loid)?.name !== centre) continue
        const holder = state.reservations.find((r) => r.resid === port.heldBy)
        const word = port.heldBy === undefined ? 'free' : (holder?.state ?? 'other')
        counts[word] = (counts[word] ?? 0) + 1
      }
      return counts
    },
  }
}

class OssRefusal extends Error {
  readonly errcode: number

  constructor(errcode: number, errmsg: string) {
    super(errmsg)
    this.errcode = errcode
  }
}

type Params = Record<string, unknown>

function ossMethods(state: OssState, clock: SimClock): Record<string, (params: Params) => unknown> {
  const centreOf = (phone: string) => {
    if (!/^0\d{10}$/.test(phone)) throw new OssRefusal(422, 'شماره تلفن نامعتبر است')
    const centre = centres.find((c) => phone.startsWith(c.prefix))
    if (!centre) throw new OssRefusal(107, 'شماره تلفن شناخته نشد')
    return centre
  }
  const freePort = (loid: number) => state.ports.find((p) => p.loid === loid && p.heldBy === undefined)
  const byId = (resid: unknown) => {
    const found = state.reservations.find((r) => r.resid === text(resid))
    if (!found) throw new OssRefusal(202, 'رزرو یافت نشد')
    return found
  }
  const liveLine = (phone: unknown) => state.reservations.find((r) => r.phone === text(phone) && holds(r.state))
  const from = (line: OssReservation, states: LineState[]) => {
    if (!states.includes(line.state)) throw new OssRefusal(203, `در وضعیت «${phrases[line.state]}» ممکن نیست`)
  }
  const askTelco = (line: OssReservation, next: LineState) => {
    line.state = next
    line.dueMs = clock.nowMs() + state.rangingDelayMs
  }
  const row = (line: OssReservation) => {
    const port = state.ports.find((p) => p.id === line.portId)
    return {
      resid: line.resid,
      phone: line.phone,
      bitstreamingRequestId: Number(line.resid) + 1,
      bitstreamingResourceId: line.portId,
      bitstreamingPaymentId: `P${line.resid}`,
      bitstreamingExpireDate: new Date(line.expiresMs).toISOString(),
      bukht: port?.bukht,
      dename: port?.dslam,
      ip: port?.ip,
      port: port && `${port.slot}/${port.port}`,
      lineno: String(line.portId),
    }
  }
  const lineTrouble = (phone: string, checkOthers: boolean) => {
    if (phone.endsWith('99')) throw new OssRefusal(104, 'خط PCM یا فیبر نوری است')
    if (phone.endsWith('98') && checkOthers) throw new OssRefusal(103, 'خط نزد شرکت دیگری فعال است')
  }

  return {
    checkOSSWebService: () => ({ ok: true }),

    getLocationFromPhonePrefix: ({ phone }) => {
      const { loid, name, city } = centreOf(text(phone))
      return { loid, loname: name, ciname: city }
    },

    resourceFeasibilityCheck: ({ vspid, phone, loid, checkOtherPap }) => {
      if (vspid !== 1) throw new OssRefusal(422, 'vspid باید ۱ باشد')
      const centre = centreOf(text(phone))
      if (centre.loid !== loid) throw new OssRefusal(102, 'مرکز تحت پوشش نیست')
      lineTrouble(text(phone), checkOtherPap === true)
      if (text(phone).endsWith('97')) throw new OssRefusal(108, 'مالک خط شخص دیگری است')
      if (!freePort(centre.loid)) throw new OssRefusal(101, 'پورت آزاد نیست')
      return 'امکان ارائه سرویس هست'
    },

    createSubscriber: ({ subscriberid, uid, tel, name, family }) => {
      const customer = text(subscriberid)
      if (state.subscribers[customer]) throw new OssRefusal(201, 'مشترک تکراری است')
      const subid = String(state.nextId++)
      state.subscribers[customer] = { subid, uid: text(uid), tel: text(tel), name: text(name), family: text(family) }
      return { subid }
    },

    getSubscriberByID: ({ customerid }) => {
      const found = state.subscribers[text(customerid)]
      if (!found) throw new OssRefusal(202, 'مشترک یافت نشد')
      return { subid: found.subid }
    },

    reserveResource: ({ vspid, subid, phone, loid, ownertype, owneruid, restime }) => {
      if (vspid !== 1) throw new OssRefusal(422, 'vspid باید ۱ باشد')
      if (restime !== 48 && restime !== 72) throw new OssRefusal(422, 'مدت رزرو ۴۸ یا ۷۲ ساعت است')
      const number = text(phone)
      lineTrouble(number, true)
      if (number.endsWith('97') && ownertype === 1) throw new OssRefusal(108, 'مالک خط شخص دیگری است')
      const subscriber = Object.values(state.subscribers).find((s) => s.subid === text(subid))
      if (!subscriber) throw new OssRefusal(202, 'مشترک یافت نشد')
      const port = freePort(Number(loid))
      if (centreOf(number).loid !== loid || !port) throw new OssRefusal(101, 'پورت آزاد نیست')
      const line: OssReservation = {
        resid: String(state.nextId++),
        subid: subscriber.subid,
        phone: number,
        uid: text(owneruid),
        portId: port.id,
        state: 'reserved',
        expiresMs: clock.nowMs() + restime * 3_600_000,
        rangingRequests: 0,
      }
      port.heldBy = line.resid
      state.reservations.push(line)
      return row(line)
    },

    getReserveResourceStatus: ({ resourceid }) => ({ description: phrases[byId(resourceid).state] }),

    getResourceDetails: ({ subid, resid }) =>
      state.reservations
        .filter((r) => (resid === undefined ? r.subid === text(subid) : r.resid === text(resid)))
        .map((r) => Object.assign(row(r), { description: phrases[r.state] })),

    modifyResourceInfo: ({ resourceid }) => void byId(resourceid),

    cancelReserveResource: ({ resid }) => {
      const line = byId(resid)
      from(line, ['reserved', 'awaiting-ranging', 'returned'])
      line.state = 'cancelled'
      release(state, line)
    },

    activateResource: ({ resid }) => {
      const line = byId(resid)
      from(line, ['ranged'])
      line.state = 'active'
    },

    reinstallADSLPort: ({ resourceid }) => {
      const line = liveLine(resourceid)
      if (!line) throw new OssRefusal(202, 'رزرو یافت نشد')
      from(line, ['reserved', 'awaiting-ranging', 'returned'])
      line.rangingRequests += 1
      askTelco(line, 'awaiting-ranging')
    },

    needChangePort: ({ resourceid }) => {
      const line = byId(resourceid)
      const loid = state.ports.find((p) => p.id === line.portId)?.loid ?? 0
      const other = freePort(loid)
      if (!other) throw new OssRefusal(101, 'پورت آزاد نیست')
      release(state, line)
      other.heldBy = line.resid
      line.portId = other.id
    },

    roundupResource: ({ resourceid }) => {
      const line = byId(resourceid)
      from(line, ['ranged', 'active', 'faulty', 'awaiting-ranging', 'returned'])
      askTelco(line, 'awaiting-collection')
    },

    getPortID: ({ fixedtel }) => {
      const line = liveLine(fixedtel)
      if (!line) throw new OssRefusal(202, 'پورت یافت نشد')
      return { portid: line.portId }
    },

    getInterfaceServicePort: ({ resourceid }) => {
      const port = state.ports.find((p) => p.id === Number(resourceid))
      if (!port) throw new OssRefusal(202, 'پورت یافت نشد')
      return {
        ip: port.ip,
        lineprofile: 'ADSL2+',
        port: port.port,
        shelf: '0',
        slot: port.slot,
        subslot: '0',
        servicePort: [{ vpi: 0, vci: 35, vlan: 100 + port.loid }],
      }
    },

    createTicket: ({ maintypeid, title, sourcevalue }) => {
      const line = byId(maintypeid)
      const id = state.nextId++
      state.tickets.push({ id, resid: line.resid, title: text(title), sourcevalue: text(sourcevalue) })
      return { ticketID: id, tiid: id }
    },

    changeRangingTime: ({ resourceid, rangingdate }) => {
      const line = byId(resourceid)
      from(line, ['awaiting-ranging'])
      const at = Date.parse(text(rangingdate))
      if (!Number.isFinite(at)) throw new OssRefusal(422, 'تاریخ نامعتبر است')
      line.dueMs = at
    },

    announceInstallation: ({ resourceid, what, date }) => {
      byId(resourceid).announced = `${text(what)} ${text(date)}`
    },

    listPorts: ({ loid, description, from, limit }) => {
      const rows = state.ports
        .filter((p) => p.heldBy !== 'other' && (loid === undefined || String(p.loid) === text(loid)))
        .map((p) => {
          const line = state.reservations.find((r) => r.resid === p.heldBy)
          return {
            portid: p.id,
            loid: p.loid,
            bukht: p.bukht,
            dename: p.dslam,
            port: `${p.slot}/${p.port}`,
            phone: line?.phone ?? null,
            description: line ? phrases[line.state] : '',
          }
        })
        .filter((r) => description === undefined || r.description === description)
      return { total: rows.length, rows: rows.slice(Number(from), Number(from) + Number(limit)) }
    },
  }
}

/** What has become due by `nowMs`: ranging and collection end, unused reservations run out. */
function bringUpToDate(state: OssState, nowMs: number): void {
  for (const line of state.reservations) {
    const due = line.dueMs !== undefined && line.dueMs <= nowMs
    if (line.state === 'awaiting-ranging' && due) {
      line.state = 'ranged'
      line.dueMs = undefined
    } else if (line.state === 'awaiting-collection' && due) {
      line.state = 'collected'
      line.dueMs = undefined
      release(state, line)
    } else if (line.state === 'reserved' && line.expiresMs <= nowMs) {
      line.state = 'expired'
      release(state, line)
    }
  }
}

function release(state: OssState, line: OssReservation): void {
  for (const port of state.ports) if (port.heldBy === line.resid) port.heldBy = undefined
}

function holds(state: LineState): boolean {
  return state !== 'cancelled' && state !== 'collected' && state !== 'expired'
}

function parse(body: string): { method?: string; params?: Params[] } {
  try {
    return JSON.parse(body) as { method?: string; params?: Params[] }
  } catch {
    return {}
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
