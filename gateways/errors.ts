/** Our words for why another system says no. `vendor` keeps its own code; only the adapters know what that one means. */
export const refusalCodes = [
  'NOT_FOUND',
  'DUPLICATE',
  'VALIDATION',
  'AUTH',
  'FORBIDDEN',
  'INSUFFICIENT',
  'NOT_SUPPORTED',
  'ONLINE',
  'NO_FREE_PORT',
  'CENTRE_NOT_COVERED',
  'UNKNOWN_PHONE',
  'OTHER_PROVIDER',
  'LINE_NOT_SUITABLE',
  'OWNER_MISMATCH',
  'PORT_CHANGED',
  'WRONG_STATE',
  'TOO_LATE',
  'OPTED_OUT',
  'OTHER',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** The other system answered, and the answer is no. Doing the same again gives the same: never retried. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly system: string
  readonly code: RefusalCode
  /** Code and text as the other system gave them: for operators and logs, to be escaped before it is shown. */
  readonly vendor: { code: string; text: string }

  constructor(system: string, code: RefusalCode, vendor: { code: string; text: string }) {
    super(`${system} refused (${code}): ${vendor.code} ${vendor.text}`)
    this.system = system
    this.code = code
    this.vendor = vendor
  }
}

/** Nothing happened there: the same call may be made again. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
  readonly system: string

  constructor(system: string, why: string) {
    super(`${system} is unavailable: ${why}`)
    this.system = system
  }
}

/** The wish was sent and no usable answer came back. Look at what happened before doing it again. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
  readonly system: string

  constructor(system: string, why: string) {
    super(`the outcome at ${system} is unknown: ${why}`)
    this.system = system
  }
}

/** This company has not given us what the adapter needs; `missing` names each thing. */
export class NotConfigured extends Error {
  override readonly name = 'NotConfigured'
  readonly system: string
  readonly missing: string[]

  constructor(system: string, missing: string[]) {
    super(`${system} is not configured, missing: ${missing.join(', ')}`)
    this.system = system
    this.missing = missing
  }
}
