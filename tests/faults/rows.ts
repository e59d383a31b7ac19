import { attemptsOf } from '../../db/payments.ts'
import { eventually } from '../small-world.ts'
import { killAtRandom, pause, seeded } from './chaos.ts'
import type { FaultWorld, Part } from './fault-world.ts'
import { once as answerOf } from './people.ts'
import type { createTelling } from './telling.ts'

type Telling = Awaited<ReturnType<typeof createTelling>>

/** What a row came to. */
export interface Result {
  orders: number
  injected: number
  faults: string[]
  /** How long each order took, milliseconds. */
  ms: number[]
}

/** One fault of the matrix: what is done to the product, `times` where there is chance. */
export interface Row {
  name: string
  times: number
  run(world: FaultWorld, telling: Telling, times: number, seed: number): Promise<Result>
}

const storyEveryMs = 4_000
/** More at once would only measure the machine. */
const storiesAtOnce = 4

/** A steady load of stories while harm is done, and until all have ended. */
async function underLoad(telling: Telling, harm: () => Promise<number>): Promise<Result> {
  const result: Result = { orders: 0, injected: 0, faults: [], ms: [] }
  const tellOne = async () => {
    const startedAt = Date.now()
    const found = await telling
      .tell()
      .then(telling.faultsOf)
      .catch((error: unknown) => [String(error)])
    result.orders += 1
    result.ms.push(Date.now() - startedAt)
    result.faults.push(...found)
  }
  const stories = new Set<Promise<void>>()
  const begin = () => {
    if (stories.size >= storiesAtOnce) return
    const story: Promise<void> = tellOne().finally(() => stories.delete(story))
    stories.add(story)
  }
  const timer = setInterval(begin, storyEveryMs)
  begin()
  try {
    result.injected = await harm()
  } finally {
    clearInterval(timer)
  }
  await Promise.all(stories)
  return result
}

/** Parts killed with SIGKILL at random instants of the stories. */
export const killed = (name: string, parts: readonly Part[]): Row => ({
  name,
  times: 20,
  run: (world, telling, times, seed) =>
    underLoad(telling, () => killAtRandom(world, parts, { times, pauseMs: 8_000, random: seeded(seed) })),
})

const outside = ['aaa', 'oss', 'ipg', 'sms'] as const
const transient = ['http500', 'rubbish', 'reset', 'cut', 'slow', 'twice', 'loseAnswer'] as const

/** Outside systems that fail, are slow, do it and lose the answer, or answer twice: each kind at each system, any call. */
const outsideFaults = transient.map(
  (kind): Row => ({
    name: `outside systems: ${kind}`,
    times: 20,
    run: (world, telling, times, seed) =>
      underLoad(telling, async () => {
        const random = seeded(seed)
        for (let i = 0; i < times; i++) {
          const system = outside[i % outside.length] ?? 'aaa'
          world.sims[system].faults.add({ kind, ...(kind === 'slow' && { ms: 2_000 }) })
          await pause(random() * 2_000)
        }
        return times
      }),
  }),
)

function repeated(one: (world: FaultWorld, telling: Telling) => Promise<string[]>): Row['run'] {
  return async (world, telling, times) => {
    const result: Result = { orders: 0, injected: 0, faults: [], ms: [] }
    for (let i = 0; i < times; i++) {
      const startedAt = Date.now()
      result.faults.push(...(await one(world, telling)))
      result.orders += 1
      result.injected += 1
      result.ms.push(Date.now() - startedAt)
    }
    return result
  }
}

/** Several people press at the same instant; exactly one moves the order. */
export const race: Row = {
  name: 'three operators press at once',
  times: 20,
  run: repeated(async (world, { people, tokenOf }) => {
    const { id } = await people.support.post<{ id: string }>('/v1/orders', {
      definition: 'fault-ticket',
      customerId: 'maryam',
      phone: '02188001230',
    })
    const path = `/v1/orders/${id}/transitions`
    for (;;) {
      const { states } = await people.support.get<{ states: unknown[] }>(`/v1/orders/${id}`)
      if (states.length > 0) break
    }
    const token = await tokenOf('support')
    const press = (event: string, payload: object) =>
      answerOf(new URL(path, world.address), { method: 'POST', token, body: { event, payload } })
    const answers = await Promise.all([
      press('REJECT', { reason: 'not a fault' }),
      press('CANCEL', { reason: 'withdrawn' }),
      press('REJECT', { reason: 'not a fault' }),
    ])
    const done = answers.filter(({ status }) => status === 200)
    const [row] = await world.db.$client<{ n: number }[]>`
      select count(*)::int as n from transitions where order_id = ${id} and event ->> 'type' = 'user'`
    const wrong =
      done.length !== 1 || row?.n !== 1 || answers.some(({ status }) => ![200, 403, 409, 422].includes(status))
    const faults = wrong
      ? [`${answers.map(({ status, text }) => `${status} ${text.slice(0, 120)}`).join(' | ')}; ${row?.n} steps`]
      : []
    return faults
  }),
}

/** A bank's answer that comes five times, is contradicted, and overtakes the start of its attempt, and once more when all is over: paid once. */
export const callbacks: Row = {
  name: 'callback before its start, five times, contradicted, late',
  times: 5,
  run: repeated(async (world, { people, freshLine }) => {
    const wish = { definition: 'adsl-order', customerId: 'maryam', productId: 'adsl-8-1m', phone: freshLine() }
    const { id } = await people.arya.post<{ id: string }>('/v1/orders', wish)
    const reach = async (state: string) => {
      const reached = async () =>
        (await people.arya.get<{ states: { id: string }[] }>(`/v1/orders/${id}`)).states.some((s) => s.id === state)
      await eventually(reached, state)
    }
    await reach('presale.awaitingPayment')
    await world.kill('worker') // with it the relay: the attempt is not started
    const { redirect } = await people.maryam.post<{ redirect: { url: string } }>(`/v1/orders/${id}/payments`, {
      gateway: 'zarinpal',
    })
    const form = new URLSearchParams({ action: 'pay' })
    const page = await fetch(redirect.url, { method: 'POST', body: form, headers: { accept: 'application/json' } })
    const { callback } = (await page.json()) as { callback: { url: string; fields: Record<string, string> } }
    const statuses: number[] = []
    const tell = async (fields: Record<string, string>) => {
      statuses.push((await fetch(`${callback.url}?${new URLSearchParams(fields).toString()}`)).status)
    }
    for (let i = 0; i < 5; i++) await tell(callback.fields)
    await tell({ ...callback.fields, Status: 'NOK' })
    await world.start('worker')
    await reach('installing')
    await tell(callback.fields)
    const payments = (await attemptsOf(world.db, id)).map(({ status }) => status)
    const [booked] = await world.db.$client<{ n: number }[]>`
      select count(*)::int as n from journal_entries where order_id = ${id} and key like 'pay/%'`
    const right = statuses.every((status) => status === 200) && payments.join() === 'settled' && booked?.n === 1
    return right ? [] : [`callbacks ${statuses.join()}, attempts ${payments.join()}, ${booked?.n} bookings`]
  }),
}

/** A press while no worker lives is 503, and is not applied when one is back. */
export const noWorker: Row = {
  name: 'no worker: a press is 503 and never applied',
  times: 5,
  run: repeated(async (world, { people, tokenOf }) => {
    const faults: string[] = []
    const { id } = await people.support.post<{ id: string }>('/v1/orders', {
      definition: 'fault-ticket',
      customerId: 'maryam',
      phone: '02188001230',
    })
    const seqOf = async () => (await people.support.get<{ seq: number }>(`/v1/orders/${id}`)).seq
    while ((await seqOf()) === 0);
    const token = await tokenOf('support')
    await world.kill('worker')
    const url = new URL(`/v1/orders/${id}/transitions`, world.address)
    const pressedAt = Date.now()
    const press = { method: 'POST', token, body: { event: 'REJECT', payload: { reason: 'not a fault' } } }
    const { status, text } = await answerOf(url, press)
    if (status !== 503) faults.push(`answered ${status}: ${text.slice(0, 200)}`)
    if (Date.now() - pressedAt > 6_500) faults.push(`answered after ${Date.now() - pressedAt} ms`)
    await world.start('worker')
    // A note of ours comes after it in the order's queue: when it is there, the late press has had its turn.
    const after = { method: 'POST', token, body: { event: 'CANCEL', payload: { reason: 'withdrawn' } } }
    while ((await answerOf(url, after)).status === 503);
    const steps = await world.db.$client<{ name: string }[]>`
      select event ->> 'name' as name from transitions where order_id = ${id} and event ->> 'type' = 'user'`
    if (steps.some(({ name }) => name === 'REJECT')) faults.push('the press was applied afterwards')
    return faults
  }),
}

/** The matrix of `npm run faults`. */
export const rows: Row[] = [
  killed('worker killed', ['worker']),
  killed('API killed', ['api']),
  killed('Temporal killed', ['temporal']),
  killed('PostgreSQL killed', ['postgres']),
  killed('any part killed', ['worker', 'api', 'temporal', 'postgres']),
  ...outsideFaults,
  race,
  callbacks,
  noWorker,
]
