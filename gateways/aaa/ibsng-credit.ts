import { z } from 'zod'
import { markOf, once } from '../once.ts'
import type { IbsngCall } from './ibsng-call.ts'
import { type AaaUser, type CreditGrant, type CreditKind, type CreditReceipt, creditKinds } from './port.ts'

interface CreditDeps {
  call: IbsngCall
  write: (instant: string) => string
  nowMs: () => number
  /** The AAA's balance id for each kind of traffic, and how many bytes one unit of it is. */
  balances: Record<CreditKind, string>
  bytesPerUnit: bigint
}

interface Balance {
  id: string
  kind: CreditKind | undefined
  value: bigint
  initial: bigint
  comment: string
}

const units = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .transform((v) => (typeof v === 'number' ? BigInt(Math.trunc(v)) : BigInt(v.split('.')[0] ?? '0')))
const listed = z.array(z.object({ user_balance_id: z.number() }))
const info = z.object({ balance_id: z.number(), value: units, initial_value: units, comment: z.string().catch('') })

/** Far enough to mean "no end": `user_balance` has no word for it. */
const endless = '2099-01-01 00:00'

/**
 * Traffic in `user_balance.*` of branch E: one balance per grant, with the mark of our key in its comment, since
 * `changeUserBalanceValue` takes no comment and adding twice can't be told from adding once.
 */
export function createIbsngCredit({ call, write, nowMs, balances, bytesPerUnit }: CreditDeps) {
  async function balancesOf(userId: string): Promise<Balance[]> {
    const ids = await call('read', 'user_balance.getUserBalanceInfoByUserID', { user_id: Number(userId) }, listed)
    return Promise.all(
      ids.map(async ({ user_balance_id }) => {
        const id = String(user_balance_id)
        const found = await call('read', 'user_balance.getUserBalanceInfo', { user_balance_id: id }, info)
        const kind = creditKinds.find((k) => balances[k] === String(found.balance_id))
        return { id, kind, value: found.value, initial: found.initial_value, comment: found.comment }
      }),
    )
  }

  async function receipt(userId: string, mark: string, already: boolean): Promise<CreditReceipt | undefined> {
    const all = await balancesOf(userId)
    const mine = all.find((b) => b.comment.includes(mark))
    if (!mine) return undefined
    const remaining = sum(all, (b) => b.value) * bytesPerUnit
    return { reference: mine.id, bytes: mine.initial * bytesPerUnit, remaining, already }
  }

  return {
    /** One grant per key. */
    async add(userId: string, grant: CreditGrant, key: string): Promise<CreditReceipt> {
      const mark = `[${markOf(key)}]`
      const params = {
        user_id: userId,
        balance_id: balances[grant.kind],
        initial_value: String(grant.bytes / bytesPerUnit),
        priority: String(creditKinds.indexOf(grant.kind) + 1),
        start_time: write(new Date(nowMs()).toISOString()),
        start_time_unit: 'gregorian',
        expire_time: grant.validUntil === undefined ? endless : write(grant.validUntil),
        expire_time_unit: 'gregorian',
        udr_tag: grant.kind,
        comment: `${grant.comment} ${mark}`,
        linked_user_id: userId,
      }
      let acted = false
      return once(
        () => receipt(userId, mark, !acted),
        async () => {
          acted = true
          await call('write', 'user_balance.addNewUserBalance', params, z.unknown())
          const made = await receipt(userId, mark, false)
          return made ?? { reference: '', bytes: grant.bytes, remaining: grant.bytes, already: false }
        },
      )
    },

    /** Ends the traffic of earlier periods; the period given under `key` stays. */
    async dropEarlierPeriods(userId: string, key: string): Promise<void> {
      const mark = `[${markOf(key)}]`
      for (const old of await balancesOf(userId)) {
        if (old.kind !== 'period' || old.comment.includes(mark)) continue
        await call(
          'write',
          'user_balance.deleteUserBalance',
          { id: old.id, comment: `period over ${mark}` },
          z.unknown(),
        )
      }
    },

    async quotaOf(userId: string): Promise<AaaUser['quota']> {
      const all = await balancesOf(userId)
      const of = (kind: CreditKind) =>
        sum(
          all.filter((b) => b.kind === kind),
          (b) => b.value,
        ) * bytesPerUnit
      const total = sum(all, (b) => b.initial) * bytesPerUnit
      const remaining = sum(all, (b) => b.value) * bytesPerUnit
      return { total, used: total - remaining, remaining, gift: of('gift'), reserve: of('reserve') }
    },
  }
}

function sum(balances: Balance[], of: (balance: Balance) => bigint): bigint {
  return balances.reduce((total, balance) => total + of(balance), 0n)
}
