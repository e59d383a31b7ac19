export interface IbsngUser {
  id: number
  group: string
  isp: string
  createdAt: string
  attrs: Record<string, string>
}

export interface IbsngState {
  nextId: number
  users: Record<string, IbsngUser>
  balances: {
    id: number
    userId: number
    balanceId: number
    initial: number
    value: number
    priority: number
    expires: string
    comment: string
  }[]
  sessions: {
    userId: number
    nas: string
    key: string
    ip: string
    mac: string
    startedMs: number
    in: number
    out: number
  }[]
  connections: {
    id: number
    userId: number
    startedMs: number
    endedMs: number
    in: number
    out: number
    ip: string
    mac: string
    nas: string
    reason: string
  }[]
  audits: { userId: number; attr: string; before: string | null; after: string | null; at: string }[]
  extensions: { userId: number; hours: number; credit: number; at: string }[]
  /** How many accounts were ever given a name, by name: more than one shows an effect done twice. */
  created: Record<string, number>
}

export function emptyIbsng(): IbsngState {
  return {
    nextId: 1_001,
    users: {},
    balances: [],
    sessions: [],
    connections: [],
    audits: [],
    extensions: [],
    created: {},
  }
}

/** The end of a session becomes a row of the connection log. */
export function endSession(
  state: IbsngState,
  session: IbsngState['sessions'][number],
  endedMs: number,
  reason: string,
): void {
  const { userId, startedMs, ip, mac, nas } = session
  state.connections.push({
    id: state.nextId++,
    userId,
    startedMs,
    endedMs,
    in: session.in,
    out: session.out,
    ip,
    mac,
    nas,
    reason,
  })
}

/** The vendor writes wall-clock time of Tehran (UTC+03:30 since 2022). */
const tehranMs = 210 * 60_000

/** Minutes of Tehran time as the vendor writes them, from and to epoch milliseconds. */
export function vendorTime(ms: number): string {
  return new Date(ms + tehranMs).toISOString().slice(0, 16).replace('T', ' ')
}

export function epochMs(vendor: string): number {
  return Date.parse(`${vendor.slice(0, 16).replace(' ', 'T')}:00Z`) - tehranMs
}
