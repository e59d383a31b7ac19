import { randomUUID } from 'node:crypto'
import { demoPassword } from './seed/company.ts'

/** How a person asks: a method, a path, a body, who he is. */
type Ask = <T>(address: string, method: string, path: string, body?: unknown, token?: string) => Promise<T>
export type People = Awaited<ReturnType<typeof signInAll>>

export interface StoryOptions {
  /** Another way to ask than once: one that repeats, say. */
  ask?: Ask
  /** A line that nobody has ordered on. */
  phone?: string
  /** Signed in already. */
  people?: People
  patienceMs?: number
}

interface Step {
  seq: number
  at: string
  event: { type: string; name: string; label: { en: string } | null }
  actor: { id: string; role: string | null } | null
  to: { label: { en: string } }[]
}
interface Order {
  id: string
  number: string
  states: { id: string; label: { en: string } }[]
  status: string
  outcome: string | null
  children: { id: string; definitionId: string }[]
  invoices: { kind: string; number: string; totalRial: number; status: string }[]
  context: Record<string, unknown>
}

/**
 * The story of an ADSL order, told through the public HTTP API alone: from the wish to the active service, with payment at
 * the bank, the installation as a process of its own, and the path travelled. Rejects as soon as anything differs from what
 * the story expects; answers the ids of the order and of its installation.
 */
export async function tellAdslStory(
  address: string,
  say: (line: string) => void,
  { ask = request, phone = freshPhone(), people, patienceMs = 90_000 }: StoryOptions = {},
): Promise<{ orderId: string; installationId: string }> {
  const { arya, maryam, support, technician } = people ?? (await signInAll(address, ask))
  const until = <T>(what: string, look: () => Promise<T | undefined>) => waitUntil(what, look, patienceMs)
  const reach = async (who: typeof arya, id: string, state: string) =>
    until(state, async () => {
      const order = await who.get<Order>(`/v1/orders/${id}`)
      if (order.states.some((s) => s.id === state || s.id.startsWith(`${state}.`))) return order
      if (order.status === 'held') throw new Error(`the order is held in ${order.states.map((s) => s.id).join(', ')}`)
      return undefined
    })

  say(`1  Reseller Arya orders ADSL 8 Mb for Maryam on line ${phone}`)
  const { id, number } = await arya.post<Order>('/v1/orders', {
    definition: 'adsl-order',
    customerId: 'maryam',
    productId: 'adsl-8-1m',
    phone,
  })
  say(`   order ${number}`)

  say('2  The OSS says that the line can carry it, a proforma is issued')
  const waiting = await reach(arya, id, 'presale.awaitingPayment')
  const proforma = waiting.invoices.find(({ kind }) => kind === 'proforma')
  if (proforma?.totalRial !== 2_189_000)
    throw new Error(`the proforma is ${proforma?.totalRial} Rial, not 1,990,000 and 10 % VAT`)
  say(`   ${proforma.number}: ${proforma.totalRial.toLocaleString('en')} Rial`)

  say('3  A technician may not accept money; the API says why')
  await technician.press(id, 'PAY_FROM_CREDIT').then(
    () => {
      throw new Error('a technician paid from credit')
    },
    (error: Error) => {
      if (!/ 40[34]/.test(error.message)) throw error
    },
  )

  say('4  Maryam pays at the bank')
  await payAtBank(maryam, id, ask)

  say('5  The bank confirms, the invoice is issued, the installation starts as a process of its own')
  await reach(arya, id, 'installing')
  const child = await until('the installation', async () => (await arya.get<Order>(`/v1/orders/${id}`)).children[0])

  say('6  A port is reserved and the telephone company wires the line; Maryam sends her documents, support checks them')
  const installation = await until('the line and the documents', async () => {
    const order = await support.get<Order>(`/v1/orders/${child.id}`)
    if (order.states.some(({ id: state }) => state === 'fulfilment.documents.awaiting'))
      await maryam.press(child.id, 'DOCUMENTS_SUBMITTED', {
        nationalId: '0013542419',
        ownerRelation: 'self',
        files: ['birth-certificate'],
      })
    if (order.states.some(({ id: state }) => state === 'fulfilment.documents.review'))
      await support.press(child.id, 'DOCUMENTS_APPROVED')
    return order.states.some(({ id: state }) => state === 'scheduling') ? order : undefined
  })
  say(`   port ${String(installation.context['portId'])}`)

  say('7  Support schedules the visit, the technician installs')
  await support.press(child.id, 'SCHEDULE_VISIT', {
    at: new Date(Date.now() + 86_400_000).toISOString(),
    technicianId: 'technician',
  })
  await technician.press(child.id, 'VISIT_DONE', { modemSerial: 'TP-8811', syncKbps: 8128 })

  say('8  The AAA account is made, the service is active')
  const end = await until('the end of the order', async () => {
    const order = await arya.get<Order>(`/v1/orders/${id}`)
    return order.status === 'ended' ? order : undefined
  })
  if (end.outcome !== 'active') throw new Error(`the order ended as ${end.outcome}`)
  const { subscriptions } = await arya.get<{
    subscriptions: { orderId: string; username: string; expiresAt: string }[]
  }>('/v1/subscriptions?customer=maryam')
  const service = subscriptions.find(({ orderId }) => orderId === id)
  if (service === undefined) throw new Error('there is no subscription')
  say(`   user ${service.username}, until ${service.expiresAt}`)

  for (const [title, orderId] of [
    ['order', id],
    ['installation', child.id],
  ] as const) {
    say(`\nThe path of the ${title}:`)
    const { steps } = await arya.get<{ steps: Step[] }>(`/v1/orders/${orderId}/path?limit=200`)
    for (const { seq, at, event, actor, to } of steps)
      say(
        `  ${String(seq).padStart(3)}  ${at.slice(11, 19)}  ${(event.label?.en ?? `${event.type} ${event.name}`).padEnd(46)} ${(actor?.id ?? '').padEnd(11)} → ${to.map(({ label }) => label.en).join(' + ')}`,
      )
    const { whole } = await arya.get<{ whole: boolean }>(`/v1/orders/${orderId}/path/verification`)
    if (!whole) throw new Error(`the chain of the ${title} is broken`)
  }
  say('\nThe hash chains are whole. The story went as expected.')
  return { orderId: id, installationId: child.id }
}

const freshPhone = () => `0218800${String(Date.now()).slice(-4, -1)}0`

/** The people of the story. */
export async function signInAll(address: string, ask: Ask = request) {
  const [arya, maryam, support, technician, noc] = await Promise.all(
    ['arya', 'maryam', 'support', 'technician', 'noc'].map((name) => signIn(address, name, ask)),
  )
  if (!arya || !maryam || !support || !technician || !noc) throw new Error('nobody signed in')
  return { arya, maryam, support, technician, noc }
}

/** A person at the API, signed in with the demonstration password. */
export async function signIn(address: string, username: string, ask: Ask = request) {
  const { token } = await ask<{ token: string }>(address, 'POST', '/v1/session', {
    username,
    password: demoPassword,
  })
  const as = <T>(method: string, path: string, body?: unknown) => ask<T>(address, method, path, body, token)
  return {
    get: <T>(path: string) => as<T>('GET', path),
    post: <T>(path: string, body: unknown) => as<T>('POST', path, body),
    press: (orderId: string, event: string, payload: object | null = null) =>
      as<{ states: { label: { en: string } }[] }>('POST', `/v1/orders/${orderId}/transitions`, { event, payload }),
  }
}

async function request<T>(address: string, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(new URL(path, address), {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 600)}`)
  // A bank's callback is answered with a page.
  return (/json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text) as T
}

export const until = <T>(what: string, look: () => Promise<T | undefined>) => waitUntil(what, look, 90_000)

async function waitUntil<T>(what: string, look: () => Promise<T | undefined>, patienceMs: number): Promise<T> {
  const end = Date.now() + patienceMs
  while (Date.now() < end) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  throw new Error(`waited ${patienceMs / 1000} s in vain for: ${what}`)
}

/** Pays the open document of an order at Zarinpal's page, as a browser would, and comes back to the callback. */
export async function payAtBank(
  payer: Awaited<ReturnType<typeof signIn>>,
  orderId: string,
  ask: Ask = request,
): Promise<void> {
  const payment = await payer.post<{ redirect: { url: string } }>(`/v1/orders/${orderId}/payments`, {
    gateway: 'zarinpal',
  })
  const paid = await fetch(payment.redirect.url, {
    method: 'POST',
    body: new URLSearchParams({ action: 'pay' }),
    headers: { accept: 'application/json' },
  })
  const { callback } = (await paid.json()) as { callback: { url: string; fields: Record<string, string> } }
  await ask(callback.url, 'GET', `?${new URLSearchParams(callback.fields).toString()}`)
}
