import type { SimClock } from './clock.ts'
import { createFaults } from './faults.ts'
import { type MellatTerminal, mellatCall } from './ipg-mellat.ts'
import { createPayments, type IpgState, type SimPayment } from './ipg-state.ts'
import { zarinpalCall } from './ipg-zarinpal.ts'
import type { Memory } from './memory.ts'
import { html, json, type Sim, type SimAnswer, type SimRequest, serve } from './serve.ts'

export interface IpgSimConfig {
  port?: number | undefined
  clock: SimClock
  memory: Memory
  seed?: number
  /** Zarinpal merchants that exist. */
  merchants?: string[]
  terminal?: MellatTerminal
}

interface Callback {
  method: 'GET' | 'POST'
  url: string
  fields: Record<string, string>
}

export interface IpgSim extends Sim {
  state: IpgState
  payments(): SimPayment[]
  /** The payer's choice without a browser; what the bank would make the browser send back. */
  act(token: string, action: 'pay' | 'cancel' | 'insufficient'): Callback
}

/**
 * Zarinpal and Behpardakht Mellat on one address, under their own paths (contract payments-ir.md 12), with a page on which
 * a person or a script pays: GET the start page, POST `action=pay|cancel|insufficient` to it. With
 * `Accept: application/json` the callback is told instead of followed.
 */
export async function startIpg(config: IpgSimConfig): Promise<IpgSim> {
  const { clock, memory } = config
  const fresh: IpgState = { seed: config.seed ?? 1, nextNumber: 1_001, payments: [], refunds: [] }
  const state = (memory.recall('ipg') as IpgState | undefined) ?? fresh
  memory.keep('ipg', () => state)
  const faults = createFaults()
  const payments = createPayments(state, clock)
  const merchants = config.merchants ?? ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
  const terminal = config.terminal ?? { terminalId: '1234567', userName: 'bss', password: 'bss-secret' }

  function act(token: string, action: string): Callback {
    return callbackOf(payments.act(token, action))
  }

  function page(request: SimRequest): SimAnswer | undefined {
    const zarinpal = /^\/pg\/StartPay\/(\w+)$/.exec(request.path)?.[1]
    const mellat = request.path === '/pgwchannel/startpay.mellat'
    if (zarinpal === undefined && !mellat) return undefined
    const form = new URLSearchParams(request.method === 'POST' ? request.body : request.query)
    const token = zarinpal ?? form.get('RefId') ?? ''
    const payment = payments.byToken(token)
    if (!payment) return html('<h1>پرداخت یافت نشد</h1>', 404)
    const action = form.get('action')
    if (request.method !== 'POST' || action === null) return payPage(payment, request.path)
    try {
      const callback = act(token, action)
      return request.headers.accept === 'application/json' ? json({ callback }) : follow(callback)
    } catch (error) {
      return html(`<h1>این صفحه پیش‌تر استفاده شده است</h1><p>${error instanceof Error ? error.message : ''}</p>`, 409)
    }
  }

  const server = await serve({
    port: config.port,
    clock,
    memory,
    faults,
    state: () => ({ ...state, payments: payments.all() }),
    commands: { act: ({ token, action }) => ({ callback: act(String(token), String(action)) }) },
    handle: (request) =>
      page(request) ??
      zarinpalCall(request, payments, merchants, clock) ??
      mellatCall(request, payments, state, terminal),
  })
  return { ...server, faults, state, payments: () => payments.all(), act }
}

function callbackOf({ gateway, token, state, orderId, reference, amountRial, callbackUrl }: SimPayment): Callback {
  const paid = state === 'paid'
  if (gateway === 'zarinpal') {
    return { method: 'GET', url: callbackUrl, fields: { Authority: token, Status: paid ? 'OK' : 'NOK' } }
  }
  const sale = paid
    ? { SaleReferenceId: reference, CardHolderPan: '610433******1234', FinalAmount: String(amountRial) }
    : {}
  const code = paid ? '0' : state === 'failed' ? '12' : '17'
  return { method: 'POST', url: callbackUrl, fields: { RefId: token, ResCode: code, SaleOrderId: orderId, ...sale } }
}

function payPage({ token, amountRial, description, gateway }: SimPayment, path: string): SimAnswer {
  const rial = new Intl.NumberFormat('fa-IR').format(amountRial)
  const hidden = gateway === 'mellat' ? `<input type="hidden" name="RefId" value="${token}">` : ''
  const button = (action: string, label: string) =>
    `<button name="action" value="${action}" style="padding:.7rem 1.2rem">${label}</button>`
  return html(
    `<h1>درگاه آزمایشی</h1><p>${escape(description)}</p><p><b>${rial}</b> ریال</p><form method="post" action="${path}">${hidden}${button('pay', 'پرداخت')} ${button('insufficient', 'موجودی ناکافی')} ${button('cancel', 'انصراف')}</form>`,
  )
}

function follow({ method, url, fields }: Callback): SimAnswer {
  if (method === 'GET') {
    const target = new URL(url)
    for (const [name, value] of Object.entries(fields)) target.searchParams.set(name, value)
    return { status: 302, type: 'text/plain', body: '', headers: { location: target.toString() } }
  }
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`,
  )
  return html(
    `<form method="post" action="${escape(url)}" id="back">${inputs.join('')}<button>بازگشت به سایت پذیرنده</button></form><script>document.getElementById('back').submit()</script>`,
  )
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
