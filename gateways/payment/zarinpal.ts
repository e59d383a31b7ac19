import { z } from 'zod'
import { Refused } from '../errors.ts'
import { createHttp, type Http, type HttpCall, readJson } from '../http.ts'
import { certain, whyLost } from './certain.ts'
import type { InquiryState, PaymentGateway, StoredAttempt } from './port.ts'

export const zarinpalConfig = z.object({
  gateway: z.literal('zarinpal'),
  url: z.url().default('https://payment.zarinpal.com'),
  merchantId: z.string().length(36),
})
export type ZarinpalConfig = z.output<typeof zarinpalConfig>

const authorityPattern = /^[AS][0-9A-Za-z]{35}$/
const notPaid = new Set([-51, -54, -55, -61])
const foreign = new Set([-50, -53])

/** On success `errors` is an empty list and `data` an object; on failure it is the other way round. */
const answered = z.object({
  data: z.union([
    z.looseObject({
      code: z.number().optional(),
      authority: z.string().optional(),
      ref_id: z.union([z.number(), z.string()]).optional(),
      card_pan: z.string().optional(),
      status: z.string().optional(),
      authorities: z.array(z.object({ authority: z.string(), amount: z.union([z.number(), z.string()]) })).optional(),
    }),
    z.array(z.unknown()).transform(() => undefined),
  ]),
  errors: z.union([
    z.array(z.unknown()).transform(() => undefined),
    z.looseObject({ code: z.number(), message: z.string() }),
  ]),
})

/** Zarinpal's REST v4 (contract payments-ir.md 2), always in Rial (`currency: "IRR"`). */
export function createZarinpal(config: ZarinpalConfig, deps: { http?: Http } = {}): PaymentGateway {
  const http = deps.http ?? createHttp({ totalMs: 30_000 })

  /** Every call may be repeated safely, a second verify says 101, so all of them count as reads. */
  async function call(path: string, body: object) {
    const request: HttpCall = {
      system: 'payment:zarinpal',
      effect: 'read',
      method: 'POST',
      url: new URL(`/pg/v4/payment/${path}.json`, config.url).toString(),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ merchant_id: config.merchantId, ...body }),
    }
    return readJson(request, await http(request), answered)
  }

  return {
    caps: { settle: false, reverse: true, refund: 'none', inquiry: true, listUnverified: true, callbackMethod: 'GET' },

    async request({ attemptId, amountRial, callbackUrl, description, mobile }) {
      const { data, errors } = await call('request', {
        amount: safeRial(amountRial),
        currency: 'IRR',
        callback_url: callbackUrl,
        description: description.slice(0, 500),
        metadata: { order_id: String(attemptId), ...(mobile !== undefined && { mobile }) },
      })
      if (data?.code !== 100 || data.authority === undefined) throw refusal(errors?.code ?? data?.code, errors?.message)
      const url = new URL(`/pg/StartPay/${data.authority}`, config.url).toString()
      return { token: data.authority, redirect: { method: 'GET', url, fields: {} } }
    },

    parseCallback(method, { Authority, Status }) {
      if (method !== 'GET') return { ok: false, code: 'wrong-method' }
      if (Authority === undefined || !authorityPattern.test(Authority)) return { ok: false, code: 'bad-authority' }
      return { ok: Status === 'OK', code: Status ?? '', token: Authority }
    },

    // `NOK` is asked too: whoever forges it, or reloads an old page, must not hide a payment that was made.
    async verify(attempt, callback) {
      if (callback && callback.token !== attempt.token) {
        return { outcome: 'mismatch', code: callback.code, detail: 'the callback names another authority' }
      }
      const body = { amount: safeRial(attempt.amountRial), authority: attempt.token }
      return certain(async () => {
        const { data, errors } = await call('verify', body)
        const code = data?.code ?? errors?.code ?? 0
        if ((code === 100 || code === 101) && data?.ref_id !== undefined) {
          const bankRef = String(data.ref_id)
          return {
            outcome: code === 100 ? 'paid' : 'already',
            bankRef,
            amountRial: attempt.amountRial,
            card: data.card_pan,
          }
        }
        const outcome = notPaid.has(code) ? 'not-paid' : foreign.has(code) ? 'mismatch' : 'unknown'
        return { outcome, code: String(code), detail: errors?.message ?? '' }
      })
    },

    async reverse({ token }) {
      try {
        const { data, errors } = await call('reverse', { authority: token })
        if (data?.code === 100) return { outcome: 'reversed' }
        return { outcome: 'refused', code: String(errors?.code) }
      } catch (error) {
        return { outcome: 'unknown', code: whyLost(error) }
      }
    },

    async inquire({ token }: StoredAttempt) {
      const { data } = await call('inquiry', { authority: token })
      return inquiryStates[data?.status ?? ''] ?? 'unknown'
    },

    async listUnverified() {
      const { data } = await call('unVerified', {})
      return (data?.authorities ?? []).map(({ authority, amount }) => ({
        token: authority,
        amountRial: BigInt(amount),
      }))
    },
  }
}

const inquiryStates: Record<string, InquiryState> = {
  PAID: 'paid',
  VERIFIED: 'verified',
  IN_BANK: 'pending',
  FAILED: 'failed',
  REVERSED: 'reversed',
}

function refusal(code: number | undefined, text: string | undefined): Refused {
  const refused = code === -10 || code === -11 || code === -15 ? 'AUTH' : code === -9 ? 'VALIDATION' : 'OTHER'
  return new Refused('payment:zarinpal', refused, { code: String(code), text: text ?? '' })
}

/** Zarinpal takes JSON numbers. Throws Refused for what no payment can be. */
function safeRial(amount: bigint): number {
  if (amount > 0n && amount <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(amount)
  throw new Refused('payment:zarinpal', 'VALIDATION', { code: 'AMOUNT', text: 'a positive safe integer of Rial' })
}
