import { createHash } from 'node:crypto'
import type { SimClock } from './clock.ts'

export interface SimPayment {
  gateway: 'zarinpal' | 'mellat'
  /** Authority or RefId. */
  token: string
  merchant: string
  orderId: string
  amountRial: number
  callbackUrl: string
  description: string
  state: 'created' | 'paid' | 'cancelled' | 'failed' | 'verified' | 'settled' | 'reversed' | 'returned'
  /** ref_id or SaleReferenceId. */
  reference: string
  createdMs: number
  paidMs?: number
  refundedRial: number
}

export interface IpgState {
  seed: number
  nextNumber: number
  payments: SimPayment[]
  refunds: { orderId: string; token: string; amountRial: number; reference: string }[]
}

/** Without settle (Mellat) the money goes back to the payer after 15 minutes. */
const returnAfterMs = 15 * 60_000

export function createPayments(state: IpgState, clock: SimClock) {
  function tick(): void {
    for (const payment of state.payments) {
      const open = payment.state === 'paid' || payment.state === 'verified'
      const late = payment.paidMs !== undefined && clock.nowMs() - payment.paidMs > returnAfterMs
      if (payment.gateway === 'mellat' && open && late) payment.state = 'returned'
    }
  }

  return {
    open(
      input: Pick<SimPayment, 'gateway' | 'merchant' | 'orderId' | 'amountRial' | 'callbackUrl' | 'description'>,
    ): SimPayment {
      const number = state.nextNumber++
      const hash = createHash('sha256').update(`${state.seed}:${number}`).digest('hex').toUpperCase()
      const payment: SimPayment = {
        ...input,
        token: input.gateway === 'zarinpal' ? `A${hash.slice(0, 35)}` : hash.slice(0, 16),
        reference: String(160_000_000_000 + number),
        state: 'created',
        createdMs: clock.nowMs(),
        refundedRial: 0,
      }
      state.payments.push(payment)
      return payment
    },
    byToken(token: string): SimPayment | undefined {
      tick()
      return state.payments.find((p) => p.token === token)
    },
    byOrder(gateway: SimPayment['gateway'], orderId: string): SimPayment | undefined {
      tick()
      return state.payments.find((p) => p.gateway === gateway && p.orderId === orderId)
    },
    /** What the payer does at the bank's page. Throws if this page has been used. */
    act(token: string, action: string): SimPayment {
      const payment = this.byToken(token)
      if (!payment) throw new Error('no such payment')
      if (payment.state !== 'created') throw new Error('this payment page has been used')
      payment.state = action === 'pay' ? 'paid' : action === 'insufficient' ? 'failed' : 'cancelled'
      if (payment.state === 'paid') payment.paidMs = clock.nowMs()
      return payment
    },
    all(): SimPayment[] {
      tick()
      return state.payments
    },
  }
}
export type Payments = ReturnType<typeof createPayments>
