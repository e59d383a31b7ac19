import { createClientAsync } from 'soap'
import { z } from 'zod'
import { tehranOffsetMinutes } from '../../domain/jalali.ts'
import { OutcomeUnknown, Refused, Unavailable } from '../errors.ts'
import { createHttp, type Http, type HttpCall, rubbish } from '../http.ts'
import { certain, whyLost } from './certain.ts'
import { type MellatOperation, mellatWsdl } from './mellat-wsdl.ts'
import type { PaymentGateway, StoredAttempt, VerifyResult } from './port.ts'

export const mellatConfig = z.object({
  gateway: z.literal('mellat'),
  serviceUrl: z.url().default('https://bpm.shaparak.ir/pgwchannel/services/pgw'),
  payUrl: z.url().default('https://bpm.shaparak.ir/pgwchannel/startpay.mellat'),
  terminalId: z.string().regex(/^\d+$/),
  userName: z.string().min(1),
  password: z.string().min(1),
  ca: z.string().optional(),
})
export type MellatConfig = z.output<typeof mellatConfig>

const notPaid = new Set(['11', '12', '13', '14', '15', '16', '17', '18', '19', '42', '44', '48', '54'])

/**
 * Behpardakht Mellat over SOAP (contract payments-ir.md 3): pay, verify, then settle, which is compulsory. Verify tells
 * no amount, so a sale is bound by our own order number and the RefId of the attempt.
 */
export function createMellat(config: MellatConfig, deps: { http?: Http; now?: () => number } = {}): PaymentGateway {
  const http = deps.http ?? createHttp({ totalMs: 30_000, ...(config.ca !== undefined && { ca: config.ca }) })
  const nowMs = deps.now ?? Date.now
  const who = { terminalId: config.terminalId, userName: config.userName, userPassword: config.password }

  /** One operation; the answer is the text of its `return`. Numbers travel as digits: they are longer than a float. */
  async function call(
    operation: MellatOperation,
    effect: HttpCall['effect'],
    args: Record<string, string>,
  ): Promise<string> {
    const transport: HttpCall = { system: 'payment:mellat', effect, method: 'POST', url: config.serviceUrl }
    const client = await createClientAsync(mellatWsdl, {
      endpoint: config.serviceUrl,
      disableCache: true,
      httpClient: soapHttp(http, transport),
    })
    const method: unknown = client[`${operation}Async`]
    if (typeof method !== 'function') throw new TypeError(`${operation} is not in the description`)
    let result: unknown
    try {
      ;[result] = (await method({ ...who, ...args })) as unknown[]
    } catch (error) {
      if (error instanceof Refused || error instanceof Unavailable || error instanceof OutcomeUnknown) throw error
      throw rubbish(transport, 'not the SOAP answer we wait for')
    }
    const parsed = z.object({ return: z.string().regex(/^-?\d+(,.*)?$/) }).safeParse(result)
    if (!parsed.success) throw rubbish(transport, `${operation} has no result`)
    return parsed.data.return
  }

  const sale = (attempt: StoredAttempt, saleReferenceId: string) => ({
    orderId: String(attempt.attemptId),
    saleOrderId: String(attempt.attemptId),
    saleReferenceId,
  })
  const good = (outcome: 'paid' | 'already', attempt: StoredAttempt, bankRef: string): VerifyResult => ({
    outcome,
    bankRef,
    amountRial: attempt.amountRial,
  })

  return {
    caps: {
      settle: true,
      reverse: true,
      refund: 'partial',
      inquiry: true,
      listUnverified: false,
      callbackMethod: 'POST',
    },

    async request({ attemptId, amountRial, callbackUrl, description, mobile }) {
      if (amountRial <= 0n) throw refused('25', 'a positive amount of Rial')
      const [date, time] = new Date(nowMs() + tehranOffsetMinutes * 60_000).toISOString().split('T')
      const answer = await call('bpPayRequest', 'read', {
        orderId: String(attemptId),
        amount: String(amountRial),
        localDate: (date ?? '').replaceAll('-', ''),
        localTime: (time ?? '').slice(0, 8).replaceAll(':', ''),
        additionalData: description.slice(0, 1_000),
        callBackUrl: callbackUrl,
        payerId: '0',
      })
      const [code, token] = answer.split(',')
      if (code !== '0' || token === undefined || token === '') throw refused(code ?? '', 'bpPayRequest')
      const fields = { RefId: token, ...(mobile !== undefined && { MobileNo: mobile.replace('+', '') }) }
      return { token, redirect: { method: 'POST', url: config.payUrl, fields } }
    },

    parseCallback(method, { RefId, ResCode, SaleOrderId, SaleReferenceId }) {
      if (method !== 'POST') return { ok: false, code: 'wrong-method' }
      if (!digits(SaleOrderId) || RefId === undefined || RefId === '') return { ok: false, code: 'bad-fields' }
      const bankRef = digits(SaleReferenceId) ? SaleReferenceId : undefined
      return {
        ok: ResCode === '0' && bankRef !== undefined,
        code: ResCode ?? '',
        token: RefId,
        orderRef: SaleOrderId,
        bankRef,
      }
    },

    async verify(attempt, callback) {
      if (callback && (callback.token !== attempt.token || callback.orderRef !== String(attempt.attemptId))) {
        return { outcome: 'mismatch', code: callback.code, detail: 'the callback names another sale' }
      }
      const reference = attempt.bankRef ?? callback?.bankRef
      if (reference === undefined) {
        const outcome = callback ? 'not-paid' : 'unknown'
        return { outcome, code: callback?.code ?? 'no-reference', detail: 'no SaleReferenceId' }
      }
      if (attempt.bankRef !== undefined && callback?.bankRef !== undefined && callback.bankRef !== attempt.bankRef) {
        return { outcome: 'mismatch', code: callback.code, detail: 'another SaleReferenceId than before' }
      }
      const ask = (operation: MellatOperation) => call(operation, 'write', sale(attempt, reference))
      return certain(async () => {
        let code: string
        try {
          code = await ask('bpVerifyRequest')
        } catch (error) {
          if (!(error instanceof OutcomeUnknown)) throw error
          // The bank's own order of things: no answer to verify -> inquire. Inquiry is no proof of payment, so a sale
          // that stands is verified again: 43 then says that the lost one had worked.
          const seen = await ask('bpInquiryRequest')
          if (seen !== '0') return verdict(seen)
          code = await ask('bpVerifyRequest')
        }
        if (code === '0') return good('paid', attempt, reference)
        if (code === '43' || code === '45') return good('already', attempt, reference)
        return verdict(code)
      })
    },

    async settle(attempt) {
      const reference = attempt.bankRef
      if (reference === undefined)
        return { outcome: 'unknown', code: 'no-reference', detail: 'settle comes after verify' }
      return certain(async () => {
        const code = await call('bpSettleRequest', 'write', sale(attempt, reference))
        if (code === '0') return good('paid', attempt, reference)
        return code === '45' ? good('already', attempt, reference) : verdict(code)
      })
    },

    async reverse(attempt) {
      if (attempt.bankRef === undefined) return { outcome: 'refused', code: 'no-reference' }
      try {
        const code = await call('bpReversalRequest', 'write', sale(attempt, attempt.bankRef))
        if (code === '0') return { outcome: 'reversed' }
        return code === '48' ? { outcome: 'already' } : { outcome: 'refused', code }
      } catch (error) {
        return { outcome: 'unknown', code: whyLost(error) }
      }
    },

    async refund(attempt, { amountRial, refundOrderId }) {
      if (attempt.bankRef === undefined) return { outcome: 'refused', code: 'no-reference' }
      const args = {
        ...sale(attempt, attempt.bankRef),
        orderId: String(refundOrderId),
        refundAmount: String(amountRial),
      }
      try {
        const [code, refundRef] = (await call('bpRefundRequest', 'write', args)).split(',')
        if (code === '0') return { outcome: 'refunded', refundRef: refundRef ?? '' }
        return code === '41'
          ? { outcome: 'already', refundRef: String(refundOrderId) }
          : { outcome: 'refused', code: code ?? '' }
      } catch (error) {
        return { outcome: 'unknown', code: whyLost(error) }
      }
    },

    async inquire(attempt) {
      if (attempt.bankRef === undefined) return 'unknown'
      const code = await call('bpInquiryRequest', 'read', sale(attempt, attempt.bankRef))
      return code === '0' ? 'paid' : code === '48' ? 'reversed' : notPaid.has(code) ? 'failed' : 'unknown'
    },
  }
}

/** Our own client under `soap`, so that limits, errors and TLS are the same everywhere; a DOCTYPE is turned away (A16). */
function soapHttp(http: Http, transport: HttpCall) {
  return {
    request(
      url: string,
      body: string,
      callback: (error: unknown, response?: object, body?: string) => void,
      headers: Record<string, string> = {},
    ) {
      const done = http({ ...transport, url, body, headers }).then((answer) => {
        if (/<!DOCTYPE|<!ENTITY/i.test(answer.body)) throw rubbish(transport, 'a document type in a SOAP answer')
        return answer
      })
      void done.then(
        (answer) => callback(null, { status: answer.status, headers: answer.headers, data: answer.body }, answer.body),
        (error: unknown) => callback(error),
      )
      return done as never
    },
  }
}

function verdict(code: string): VerifyResult {
  return { outcome: notPaid.has(code) ? 'not-paid' : 'unknown', code, detail: 'Behpardakht code' }
}

function refused(code: string, text: string): Refused {
  const ours =
    code === '41'
      ? 'DUPLICATE'
      : code === '21' || code === '24' || code === '421'
        ? 'AUTH'
        : code === '25'
          ? 'VALIDATION'
          : 'OTHER'
  return new Refused('payment:mellat', ours, { code, text })
}

function digits(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,19}$/.test(text)
}
