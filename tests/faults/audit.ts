import { trialBalance } from '../../db/ledger.ts'
import { orderById } from '../../db/orders.ts'
import { attemptsOf } from '../../db/payments.ts'
import { transitionsOf, verifyChain } from '../../db/transitions.ts'
import type { FaultWorld } from './fault-world.ts'
import type { Acknowledged } from './people.ts'

export interface Told {
  orderId: string
  installationId: string
  phone: string
  acknowledged: Acknowledged[]
}

/**
 * What became of an order and its installation, and what the outside systems saw of it. Two stories that were told alike must
 * give the same, whatever died meanwhile.
 */
export async function outcomeOf({ db, sims }: FaultWorld, { orderId, installationId, phone }: Told) {
  const ids = [orderId, installationId]
  const [order, installation] = await Promise.all(ids.map((id) => orderById(db, id)))
  const steps = (await Promise.all(ids.map((id) => transitionsOf(db, id)))).flatMap(({ rows }) => rows)
  const postings = await db.$client<{ account: string; debit: number; credit: number }[]>`
    select l.account_id as account, l.debit, l.credit from journal_lines l
      join journal_entries e on e.id = l.entry_id where e.order_id = any(${ids}) order by 1, 2, 3`
  const reservations = sims.oss.reservations(phone)
  return {
    order: [order?.status, order?.outcome, order?.states, order?.incidentCount],
    installation: [installation?.status, installation?.outcome, installation?.states, installation?.incidentCount],
    effects: steps.flatMap(({ effects }) => effects).sort(),
    postings: [...postings],
    accounts: Object.entries(sims.aaa.state.created).flatMap(([name, times]) => (name.includes(phone) ? [times] : [])),
    reservations: reservations.map(({ state, rangingRequests }) => [state, rangingRequests]),
    payments: (await attemptsOf(db, orderId)).map(({ status }) => status),
  }
}

/** Everything that is wrong: an acknowledged press that is not in the log, a broken chain, a workflow that differs from its row, books that do not balance, an SMS sent twice. */
export async function faultsOf(world: FaultWorld, { orderId, installationId, acknowledged }: Told): Promise<string[]> {
  const { db, sims } = world
  const found: string[] = []
  const ids = [orderId, installationId]
  const rows = await Promise.all(ids.map((id) => orderById(db, id)))
  const snapshots = await world.snapshots(rows.map((row) => row?.workflowId ?? ''))
  for (const [i, id] of ids.entries()) {
    const fault = await verifyChain(db, id)
    if (fault !== null) found.push(`chain of ${id} broken at ${fault.seq}: ${fault.fault}`)
    const { rows: steps } = await transitionsOf(db, id)
    for (const { updateId, seq } of acknowledged.filter((press) => press.orderId === id)) {
      const step = steps.find((s) => s.event.updateId === updateId)
      if (step === undefined) found.push(`acknowledged press ${updateId} is lost`)
      else if (step.seq !== seq) found.push(`press ${updateId} was answered ${seq} and is ${step.seq}`)
    }
    const twice = steps.filter(
      (s, at) => s.event.updateId !== undefined && steps.findIndex((o) => o.event.updateId === s.event.updateId) !== at,
    )
    if (twice.length > 0) found.push(`a press of ${id} was applied twice`)
    const [row, snapshot] = [rows[i], snapshots[i]]
    if (row?.seq !== snapshot?.seq || row?.states.join() !== snapshot?.leaves.join())
      found.push(
        `the row of ${id} is at ${row?.seq} ${row?.states.join()}, its workflow at ${snapshot?.seq} ${snapshot?.leaves.join()}`,
      )
  }
  const sums = Object.entries(await trialBalance(db)).filter(([, sum]) => sum !== 0)
  if (sums.length > 0) found.push(`the books do not balance: ${JSON.stringify(sums)}`)
  const keys = sims.sms.messages().flatMap(({ localid }) => (localid === undefined ? [] : [localid]))
  if (new Set(keys).size !== keys.length) found.push('an SMS was sent twice')
  return found
}
