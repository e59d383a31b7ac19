import type { SimClock } from './clock.ts'
import type { Payments, SimPayment } from './ipg-state.ts'
import { json, type SimAnswer, type SimCall, type SimRequest } from './serve.ts'

const reverseWithinMs = 30 * 60_000
const ceilingRial = 1_000_000_000

type Body = Record<string, unknown>

/** The calls under `/pg/v4/payment/` (contract payments-ir.md 2). */
export function zarinpalCall(
  request: SimRequest,
  payments: Payments,
  merchants: string[],
  clock: SimClock,
): SimCall | undefined {
  const name = /^\/pg\/v4\/payment\/(\w+)\.json$/.exec(request.path)?.[1]
  const run = name === undefined ? undefined : methods[name]
  if (name === undefined || !run) return undefined
  return {
    method: name,
    refuse: (code) => failed(Number(code ?? -52), 'refused by script'),
    perform() {
      const body = parse(request.body)
      const merchant = text(body.merchant_id)
      if (merchant.length !== 36) return failed(-9, 'The merchant_id must be 36 characters.')
      if (!merchants.includes(merchant))
        return failed(-10, 'Terminal is not valid, please check merchant_id or ip address.')
      return run(body, merchant, payments, clock)
    },
  }
}

const methods: Record<string, (body: Body, merchant: string, payments: Payments, clock: SimClock) => SimAnswer> = {
  request(body, merchant, payments) {
    const amount = Number(body.amount) * (body.currency === 'IRT' ? 10 : 1)
    if (!Number.isSafeInteger(amount) || amount < 1_000) return failed(-9, 'The amount is not valid.')
    if (amount > ceilingRial) return failed(-41, 'Maximum amount is 100,000,000 tomans.')
    if (!/^https?:\/\//.test(text(body.callback_url)) || text(body.description) === '')
      return failed(-9, 'Validation error.')
    const metadata = (body.metadata ?? {}) as Body
    const payment = payments.open({
      gateway: 'zarinpal',
      merchant,
      orderId: text(metadata.order_id),
      amountRial: amount,
      callbackUrl: text(body.callback_url),
      description: text(body.description),
    })
    return done({ code: 100, message: 'Success', authority: payment.token, fee_type: 'Merchant', fee: 0 })
  },

  verify(body, merchant, payments) {
    const found = own(body, merchant, payments)
    if (typeof found === 'number') return failed(found, 'Invalid authority.')
    if (Number(body.amount) !== found.amountRial)
      return failed(-50, 'Session is not valid, amounts values is not the same.')
    if (found.state !== 'paid' && found.state !== 'verified')
      return failed(-51, 'Session is not valid, session is not active paid try.')
    const code = found.state === 'paid' ? 100 : 101
    found.state = 'verified'
    const message = code === 100 ? 'Paid' : 'Verified'
    return done({
      code,
      message,
      card_hash: '1EBE3EBEBE35C7EC0F8D6EE4F2F859107A87822CA179BC9528767EA7B5489B69',
      card_pan: '502229******5995',
      ref_id: Number(found.reference),
      fee_type: 'Merchant',
      fee: 0,
    })
  },

  inquiry(body, merchant, payments) {
    const found = own(body, merchant, payments)
    if (typeof found === 'number') return failed(found, 'Invalid authority.')
    const words: Record<SimPayment['state'], string> = {
      created: 'IN_BANK',
      paid: 'PAID',
      verified: 'VERIFIED',
      settled: 'VERIFIED',
      cancelled: 'FAILED',
      failed: 'FAILED',
      reversed: 'REVERSED',
      returned: 'REVERSED',
    }
    return done({ code: 100, message: 'Success', status: words[found.state] })
  },

  unVerified(_body, merchant, payments) {
    const open = payments.all().filter((p) => p.gateway === 'zarinpal' && p.merchant === merchant && p.state === 'paid')
    const authorities = open.slice(-100).map((p) => ({
      authority: p.token,
      amount: p.amountRial,
      callback_url: p.callbackUrl,
      referer: '',
      date: new Date(p.createdMs).toISOString(),
    }))
    return done({ code: 100, message: 'Success', authorities })
  },

  reverse(body, merchant, payments, clock) {
    const found = own(body, merchant, payments)
    if (typeof found === 'number') return failed(found, 'Invalid authority.')
    if (found.paidMs === undefined || (found.state !== 'paid' && found.state !== 'verified'))
      return failed(-61, 'Session is not in success status.')
    if (clock.nowMs() - found.paidMs > reverseWithinMs) return failed(-63, 'Maximum time for reverse is expired.')
    found.state = 'reversed'
    return done({ code: 100, message: 'Reversed' })
  },
}

/** The merchant's own payment, or Zarinpal's code for why it isn't. */
function own(body: Body, merchant: string, payments: Payments): SimPayment | number {
  const found = payments.byToken(text(body.authority))
  if (!found || found.gateway !== 'zarinpal') return -54
  return found.merchant === merchant ? found : -53
}

function done(data: object): SimAnswer {
  return json({ data, errors: [] })
}

function failed(code: number, message: string): SimAnswer {
  return json({ data: [], errors: { code, message, validations: [] } }, code === -9 || code === -10 ? 422 : 200)
}

function parse(body: string): Body {
  try {
    return JSON.parse(body) as Body
  } catch {
    return {}
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
