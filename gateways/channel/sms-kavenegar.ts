import { createHash } from 'node:crypto'
import { z } from 'zod'
import { OutcomeUnknown, type RefusalCode, Refused, Unavailable } from '../errors.ts'
import { createHttp, type Http, type HttpCall, readJson } from '../http.ts'
import type { DeliveryState, SentSms, SmsChannel } from './port.ts'
import { smsSegments } from './segments.ts'

export const kavenegarConfig = z.object({
  adapter: z.literal('sms-kavenegar'),
  url: z.url().default('https://api.kavenegar.com'),
  apiKey: z.string().regex(/^[\w-]+$/),
  sender: z.string().regex(/^\d+$/).optional(),
  maxParts: z.number().int().positive().default(8),
  /** Only Iranian mobiles unless allowed. */
  allowForeign: z.boolean().default(false),
})
export type KavenegarConfig = z.output<typeof kavenegarConfig>

/** `return.status` in our words (contract notifications.md 3); what is not here is OTHER. */
const refusals: Record<number, RefusalCode> = {
  400: 'VALIDATION',
  401: 'AUTH',
  403: 'AUTH',
  404: 'NOT_SUPPORTED',
  406: 'VALIDATION',
  407: 'FORBIDDEN',
  411: 'VALIDATION',
  412: 'VALIDATION',
  413: 'VALIDATION',
  414: 'VALIDATION',
  416: 'FORBIDDEN',
  418: 'INSUFFICIENT',
  422: 'VALIDATION',
}
const states: Record<number, DeliveryState> = {
  1: 'queued',
  2: 'queued',
  4: 'sent-to-operator',
  5: 'sent-to-operator',
  6: 'failed',
  10: 'delivered',
  11: 'undelivered',
  13: 'failed',
  14: 'blacklisted',
  100: 'unknown',
}

const entry = z.object({ messageid: z.number(), status: z.number(), cost: z.number().int().catch(0) })
const answered = z.object({
  return: z.object({ status: z.number(), message: z.string().catch('') }),
  entries: z.array(entry).nullish(),
})

/**
 * Kavenegar's REST (contract notifications.md 3). `localid`, made from the dedupe key, lets the panel drop a second
 * sending and lets us ask about a first one whose answer was lost.
 */
export function createKavenegar(config: KavenegarConfig, deps: { http?: Http } = {}): SmsChannel {
  const http = deps.http ?? createHttp()

  async function call(effect: HttpCall['effect'], method: string, form: Record<string, string>) {
    const request: HttpCall = {
      system: 'sms',
      effect,
      method: 'POST',
      url: new URL(`/v1/${config.apiKey}/${method}.json`, config.url).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    }
    const { return: said, entries } = readJson(request, await http(request), answered)
    if (said.status === 409) throw new Unavailable('sms', said.message)
    if (said.status !== 200) {
      throw new Refused('sms', refusals[said.status] ?? 'OTHER', { code: String(said.status), text: said.message })
    }
    return entries ?? []
  }

  return {
    kind: 'sms',

    async send({ to, text, dedupeKey }) {
      const message = persianLetters(text)
      const { parts } = smsSegments(message)
      const bad = whyBad(to, message, config.allowForeign) ?? (parts > config.maxParts ? `${parts} parts` : undefined)
      if (bad !== undefined) throw new Refused('sms', 'VALIDATION', { code: 'MESSAGE', text: bad })

      const localid = localIdOf(dedupeKey)
      const receptor = to.startsWith('+98') ? `0${to.slice(3)}` : `00${to.slice(1)}`
      const sender = config.sender === undefined ? {} : { sender: config.sender }
      try {
        const [sent] = await call('write', 'sms/send', { receptor, message, localid, ...sender })
        if (!sent) throw new OutcomeUnknown('sms', 'no entry in the answer')
        return sentOf(sent, parts)
      } catch (error) {
        if (!(error instanceof OutcomeUnknown)) throw error
        const entries = await call('read', 'sms/statuslocalmessageid', { localid }).catch((second: unknown) => {
          throw second instanceof Unavailable ? error : second
        })
        const [seen] = entries
        if (seen && seen.status !== 100) return sentOf(seen, parts)
        throw new Unavailable('sms', 'the lost message is not at the panel; it may be sent again under its local id')
      }
    },

    async deliveryStates(providerIds) {
      if (providerIds.length === 0) return {}
      const entries = await call('read', 'sms/status', { messageid: providerIds.join(',') })
      const told = new Map(entries.map(({ messageid, status }) => [String(messageid), states[status] ?? 'unknown']))
      return Object.fromEntries(providerIds.map((id) => [id, told.get(id) ?? 'unknown']))
    },

    async health() {
      try {
        await call('read', 'account/info', {})
        return { ok: true, detail: 'account/info' }
      } catch (error) {
        return { ok: false, detail: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}

function sentOf({ messageid, status, cost }: z.output<typeof entry>, parts: number): SentSms {
  if (status === 14) throw new Refused('sms', 'OPTED_OUT', { code: '14', text: 'blocked by the receiver' })
  return { providerId: String(messageid), parts, costRial: BigInt(cost) }
}

/** 48 bits of the key's hash, positive: fits every number type on the way. */
function localIdOf(dedupeKey: string): string {
  return String(createHash('sha256').update(dedupeKey).digest().readUIntBE(0, 6))
}

/** Arabic yeh and kaf look the same on a phone and cost the same; one form keeps de-duplication and search honest. */
function persianLetters(text: string): string {
  return text.replaceAll('ي', 'ی').replaceAll('ك', 'ک')
}

function whyBad(to: string, text: string, allowForeign: boolean): string | undefined {
  if (!(allowForeign ? /^\+\d{8,15}$/ : /^\+989\d{9}$/).test(to)) return 'not a mobile number'
  if (text.trim() === '') return 'an empty text'
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text)) return 'control characters in the text'
  return undefined
}
