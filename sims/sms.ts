import type { SimClock } from './clock.ts'
import { createFaults } from './faults.ts'
import type { Memory } from './memory.ts'
import { json, type Sim, type SimAnswer, serve } from './serve.ts'

export interface SmsSimConfig {
  port?: number | undefined
  clock: SimClock
  memory: Memory
  apiKey?: string
}

interface SimSms {
  id: number
  receptor: string
  message: string
  sender: string
  localid?: string | undefined
  at: string
  status: number
  cost: number
}

interface SmsState {
  nextId: number
  creditRial: number
  blocked: string[]
  messages: SimSms[]
}

export interface SmsSim extends Sim {
  state: SmsState
  messages(receptor?: string): SimSms[]
}

/** Kavenegar's REST (contract notifications.md 3): one message per `localid`, credit that runs out, numbers that block. */
export async function startSms(config: SmsSimConfig): Promise<SmsSim> {
  const { clock, memory } = config
  const state = (memory.recall('sms') as SmsState | undefined) ?? {
    nextId: 8_000_001,
    creditRial: 1_000_000_000,
    blocked: [],
    messages: [],
  }
  memory.keep('sms', () => state)
  const faults = createFaults()
  const apiKey = config.apiKey ?? 'sim-api-key'

  const methods: Record<string, (form: URLSearchParams) => SimAnswer> = {
    'sms/send': (form) => {
      const receptor = form.get('receptor') ?? ''
      const message = form.get('message') ?? ''
      const localid = form.get('localid') ?? undefined
      if (!/^(0|\+98|0098)9\d{9}$/.test(receptor)) return said(411, 'گیرنده نامعتبر است')
      if (message === '') return said(413, 'متن پیام خالی است')
      const twin = localid === undefined ? undefined : state.messages.find((m) => m.localid === localid)
      if (twin) return said(200, 'تایید شد', [row(twin)])
      // 1,200 Rial for each 70 letters: near enough for a stand-in to run out of credit.
      const cost = 1_200 * Math.ceil(message.length / 70)
      if (cost > state.creditRial) return said(418, 'اعتبار کافی نیست')
      const blocked = state.blocked.includes(receptor)
      const sms: SimSms = {
        id: state.nextId++,
        receptor,
        message,
        sender: form.get('sender') ?? '10004346',
        localid,
        at: new Date(clock.nowMs()).toISOString(),
        status: blocked ? 14 : 5,
        cost: blocked ? 0 : cost,
      }
      state.creditRial -= sms.cost
      state.messages.push(sms)
      return said(200, 'تایید شد', [row(sms)])
    },
    'sms/status': (form) => {
      const ids = (form.get('messageid') ?? '').split(',').map(Number)
      return said(
        200,
        'تایید شد',
        ids.map((id) =>
          statusRow(
            state.messages.find((m) => m.id === id),
            id,
          ),
        ),
      )
    },
    'sms/statuslocalmessageid': (form) => {
      const found = state.messages.find((m) => m.localid === form.get('localid'))
      return said(200, 'تایید شد', [statusRow(found, 0)])
    },
    'account/info': () => json({ return: { status: 200, message: 'تایید شد' }, entries: [] }),
  }

  const server = await serve({
    port: config.port,
    clock,
    memory,
    faults,
    state: () => state,
    commands: {
      credit: ({ rial }) => {
        state.creditRial = Number(rial)
      },
      block: ({ receptor }) => {
        state.blocked.push(String(receptor))
      },
      delivered: ({ id, delivered = true }) => {
        const sms = state.messages.find((m) => m.id === Number(id))
        if (!sms) throw new Error('no such message')
        sms.status = delivered === false ? 11 : 10
      },
    },
    handle({ path, body }) {
      const [, key, method] = /^\/v1\/([^/]+)\/(.+)\.json$/.exec(path) ?? []
      const run = method === undefined ? undefined : methods[method]
      if (method === undefined || !run) return undefined
      return {
        method,
        refuse: (code) => said(Number(code ?? 402), 'عملیات ناموفق'),
        perform: () => (key === apiKey ? run(new URLSearchParams(body)) : said(403, 'کد شناسایی نامعتبر است')),
      }
    },
  })
  return {
    ...server,
    faults,
    state,
    messages: (receptor) => state.messages.filter((m) => receptor === undefined || m.receptor === receptor),
  }
}

function said(status: number, message: string, entries: unknown[] | null = null): SimAnswer {
  // Kavenegar repeats its own status as the HTTP status; beyond 4xx it would look like a broken server.
  return json({ return: { status, message }, entries }, status < 500 ? status : 400)
}

function row({ id, message, status, sender, receptor, at, cost }: SimSms) {
  return {
    messageid: id,
    message,
    status,
    statustext: '',
    sender,
    receptor,
    date: Math.floor(Date.parse(at) / 1_000),
    cost,
  }
}

function statusRow(sms: SimSms | undefined, id: number) {
  return { messageid: sms?.id ?? id, status: sms?.status ?? 100, statustext: '' }
}
