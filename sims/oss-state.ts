export interface OssCentre {
  loid: number
  name: string
  city: string
  /** Area code and first digits of the numbers it serves. */
  prefix: string
  fullyTaken?: boolean
}

export const centres: OssCentre[] = [
  { loid: 1, name: 'tehran-vanak', city: 'تهران', prefix: '021880' },
  { loid: 2, name: 'tehran-resalat', city: 'تهران', prefix: '021770' },
  { loid: 3, name: 'esfahan-markazi', city: 'اصفهان', prefix: '031320' },
  { loid: 4, name: 'shiraz-zand', city: 'شیراز', prefix: '071320', fullyTaken: true },
]

export type LineState =
  | 'reserved'
  | 'awaiting-ranging'
  | 'ranged'
  | 'returned'
  | 'active'
  | 'faulty'
  | 'awaiting-collection'
  | 'collected'
  | 'cancelled'
  | 'expired'

/** The phrases by which the OSS tells a state. */
export const phrases: Record<LineState, string> = {
  reserved: 'رزرو شده',
  'awaiting-ranging': 'در انتظار رانژه',
  ranged: 'رانژه شده',
  returned: 'برگشت از مخابرات',
  active: 'فعال',
  faulty: 'خراب',
  'awaiting-collection': 'در انتظار جمع‌آوری',
  collected: 'جمع‌آوری شده',
  cancelled: 'لغو شده',
  expired: 'منقضی شده',
}

interface DslamPort {
  id: number
  loid: number
  dslam: string
  ip: string
  slot: string
  port: string
  bukht: string
  /** The reservation that holds it; `other` is another company's subscriber. */
  heldBy?: string | undefined
}

export interface OssReservation {
  resid: string
  subid: string
  phone: string
  uid: string
  portId: number
  state: LineState
  expiresMs: number
  /** When the telephone company finishes what it was asked for. */
  dueMs?: number | undefined
  rangingRequests: number
  announced?: string
}

export interface OssState {
  nextId: number
  rangingDelayMs: number
  ports: DslamPort[]
  /** By `<nationalId>-<phone>`. */
  subscribers: Record<string, { subid: string; uid: string; tel: string; name: string; family: string }>
  reservations: OssReservation[]
  tickets: { id: number; resid: string; title: string; sourcevalue: string }[]
}

export function seededOss(portsPerCentre: number, rangingDelayMs: number): OssState {
  let id = 0
  const ports = centres.flatMap(({ loid, fullyTaken }) =>
    Array.from({ length: portsPerCentre }, (_, n): DslamPort => {
      id += 1
      const slot = Math.floor(n / 4) + 1
      return {
        id,
        loid,
        dslam: `DSLAM-${loid}`,
        ip: `10.${loid}.0.1`,
        slot: String(slot),
        port: String((n % 4) + 1),
        bukht: `${loid}-${slot}-${n + 1}`,
        ...(fullyTaken && { heldBy: 'other' }),
      }
    }),
  )
  return { nextId: 5_001, rangingDelayMs, ports, subscribers: {}, reservations: [], tickets: [] }
}
