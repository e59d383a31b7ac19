import { z } from 'zod'
import { tehranOffsetMinutes } from '../../domain/jalali.ts'
import { OutcomeUnknown, Refused } from '../errors.ts'
import { createHttp, type Http } from '../http.ts'
import { markOf, once } from '../once.ts'
import { accountToUser, type IbsngAccount, ibsngAccount, readNotes, writeNotes } from './ibsng-account.ts'
import { createIbsngCall } from './ibsng-call.ts'
import { createIbsngCredit } from './ibsng-credit.ts'
import { connectionPage, eventPage, onlinePage } from './ibsng-reports.ts'
import { ibsngTime } from './ibsng-time.ts'
import { type AaaGateway, type AaaUser, usernamePattern } from './port.ts'

export const ibsngConfig = z.object({
  adapter: z.literal('ibsng-jsonrpc'),
  url: z.url(),
  admin: z.string().min(1),
  password: z.string().min(1),
  isp: z.string().default('Main'),
  /** Name of a custom field (string) made for us in IBSng: finds an account that was begun and never named. */
  keyField: z.string().regex(/^\w+$/).optional(),
  balances: z
    .object({
      period: z.string(),
      purchase: z.string(),
      gift: z.string(),
      reserve: z.string(),
      compensation: z.string(),
    })
    .default({ period: '1', purchase: '2', gift: '3', reserve: '4', compensation: '5' }),
  bytesPerUnit: z.coerce.bigint().positive().default(1n),
  /** One unit of the credit in a temporary extension, in bytes. */
  bytesPerCredit: z.coerce.bigint().positive().default(1_048_576n),
  utcOffsetMinutes: z.number().int().default(tehranOffsetMinutes),
  ca: z.string().optional(),
})
export type IbsngConfig = z.output<typeof ibsngConfig>

const accounts = z.record(z.string(), ibsngAccount)
const nothing = z.unknown()

/** IBSng branch E over JSON-RPC (contract aaa.md 2). It de-duplicates nothing: every write looks before it acts. */
export function createIbsng(config: IbsngConfig, deps: { http?: Http; now?: () => number } = {}): AaaGateway {
  const http = deps.http ?? createHttp(config.ca === undefined ? {} : { ca: config.ca })
  const nowMs = deps.now ?? Date.now
  const call = createIbsngCall(config, http)
  const time = ibsngTime(config.utcOffsetMinutes)
  const credit = createIbsngCredit({ ...config, call, write: time.write, nowMs })

  async function find(params: Record<string, string>): Promise<IbsngAccount | undefined> {
    try {
      const found = await call('read', 'user.getUserInfo', params, accounts)
      const [entry] = Object.entries(found)
      return entry && { id: entry[0], ...entry[1] }
    } catch (error) {
      if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined
      throw error
    }
  }

  const byName = (username: string) => find({ normal_username: checkedName(username) })

  async function account(username: string): Promise<IbsngAccount> {
    const found = await byName(username)
    if (!found) throw new Refused('aaa', 'NOT_FOUND', { code: 'USER_NOT_FOUND', text: username })
    return found
  }

  async function whole(found: IbsngAccount): Promise<AaaUser> {
    return { ...accountToUser(found, time.read, nowMs()), quota: await credit.quotaOf(found.id) }
  }

  /** Absolute attributes: setting them twice is setting them once, so a lost answer only needs a look. */
  async function set(
    username: string,
    attrs: Record<string, unknown>,
    remove: string[] = [],
    seen?: (a: IbsngAccount) => boolean,
  ) {
    const { id } = await account(username)
    try {
      await call('write', 'user.updateUserAttrs', { user_id: id, attrs, to_del_attrs: remove }, nothing)
    } catch (error) {
      if (!(error instanceof OutcomeUnknown) || !seen || !seen(await account(username))) throw error
    }
  }

  async function moveToGroup(username: string, group: string, mark: string): Promise<void> {
    const found = await account(username)
    if (found.basic_info.group_name === group) return
    // Branch E changes the group of an account only by renewing it into the next one.
    await call(
      'write',
      'user.updateUserAttrs',
      { user_id: found.id, attrs: { renew_next_group: group }, to_del_attrs: [] },
      nothing,
    )
    await once(
      async () => ((await account(username)).basic_info.group_name === group ? true : undefined),
      async () => {
        await call('write', 'user.renewUsers', { user_id: found.id, comment: `[${mark}]` }, nothing)
        return true
      },
    )
  }

  async function kill(username: string): Promise<number> {
    const { items } = await listOnline({ username, limit: 50 })
    const { id } = await account(username)
    for (const session of items) {
      const params = { user_id: id, ras_ip: session.nasIp, unique_id_val: session.sessionId, kill: true }
      try {
        await call('write', 'user.killUser', params, nothing)
      } catch (error) {
        if (!(error instanceof Refused && error.code === 'NOT_FOUND')) throw error
      }
    }
    return items.length
  }

  const listOnline: AaaGateway['listOnline'] = (query) => onlinePage(call, query)

  return {
    async getUser(username) {
      const found = await byName(username)
      return found ? whole(found) : null
    },

    async searchUsers(query) {
      const from = Number(query.cursor ?? 0)
      const conds = {
        ...(query.group !== undefined && { group_name: query.group }),
        ...(query.status === 'disabled' && { lock: true }),
        ...(query.expiringBefore !== undefined && {
          abs_exp_date_to: time.write(query.expiringBefore),
          abs_exp_date_to_unit: 'gregorian',
        }),
      }
      const paging = { from, to: from + query.limit, order_by: 'user_id', desc: false }
      const [, , ids] = await call('read', 'user.searchUser', { conds, ...paging }, foundUsers)
      const items: AaaUser[] = []
      for (const id of ids) {
        const found = await find({ user_id: String(id) })
        if (found) items.push(await whole(found))
      }
      const wanted = query.status === 'active' ? items.filter((user) => user.status !== 'disabled') : items
      return { items: wanted, nextCursor: ids.length < query.limit ? undefined : String(from + query.limit) }
    },

    async createUser(user, key) {
      const username = checkedName(user.username)
      const mark = markOf(key)
      const mine = async () => {
        const found = await byName(username)
        if (!found) return undefined
        if (readNotes(found.attrs.comment).create === mark) return found
        throw new Refused('aaa', 'DUPLICATE', { code: 'NORMAL_USERNAME_EXISTS', text: username })
      }
      const made = await once(mine, async () => {
        const id = (await begun(mark)) ?? (await begin(user.group, mark))
        const attrs = {
          normal_user_spec: { normal_username: username, normal_password: user.password, normal_save: false },
          multi_login: String(user.multiLogin ?? 1),
          comment: writeNotes({ create: mark }),
          ...(user.expiresAt !== undefined && expiry(user.expiresAt)),
          ...(user.speed && {
            mikrotik_bw_recv_rate: String(user.speed.downKbps),
            mikrotik_bw_send_rate: String(user.speed.upKbps),
          }),
          ...(user.staticIps?.length && { assign_ip: user.staticIps.join(',') }),
          ...(user.macs?.length && { limit_mac: user.macs.join(',') }),
          ...(user.name !== undefined && { name: user.name }),
          ...(user.mobile !== undefined && { cell_phone: user.mobile }),
        }
        try {
          await call('write', 'user.updateUserAttrs', { user_id: id, attrs, to_del_attrs: [] }, nothing)
        } catch (error) {
          // The first step made an account without a name; a refused second one would leave it behind for ever.
          if (error instanceof Refused) await removeById(id, `unfinished ${mark}`)
          throw error
        }
        return account(username)
      })
      if (user.bytes !== undefined) {
        const grant = {
          kind: 'period' as const,
          bytes: user.bytes,
          comment: 'first period',
          ...(user.expiresAt !== undefined && { validUntil: user.expiresAt }),
        }
        await credit.add(made.id, grant, `${key}/period`)
      }
      return whole(made)
    },

    async deleteUser(username, { reason }, key) {
      const gone = async () => ((await byName(username)) ? undefined : true)
      const remove = async () => {
        const { id } = await account(username)
        await removeById(id, `${reason} [${markOf(key)}]`)
        return true as const
      }
      await once(gone, async () => {
        try {
          return await remove()
        } catch (error) {
          if (!(error instanceof Refused && error.code === 'ONLINE')) throw error
          await kill(username)
          return remove()
        }
      })
    },

    async renew(username, renewal, key) {
      if (renewal.group !== undefined) await moveToGroup(username, renewal.group, markOf(key))
      // Absolute, not `rechargeUsers`: that one counts from the group's rules and would count twice.
      const done = (a: IbsngAccount) => time.read(a.attrs.abs_exp_date) === toMinute(renewal.expiresAt)
      await set(username, expiry(renewal.expiresAt), ['lock', 'exp_date_temp_extend'], done)
      const { id } = await account(username)
      if (renewal.bytes !== undefined) {
        const grant = {
          kind: 'period' as const,
          bytes: renewal.bytes,
          validUntil: renewal.expiresAt,
          comment: 'renewal',
        }
        await credit.add(id, grant, key)
      }
      if (renewal.resetUsage) await credit.dropEarlierPeriods(id, key)
      return whole(await account(username))
    },

    async addCredit(username, grant, key) {
      if (grant.bytes <= 0n) throw new Refused('aaa', 'VALIDATION', { code: 'CREDIT', text: 'bytes must be positive' })
      return credit.add((await account(username)).id, grant, key)
    },

    async reserveRenewal(username, { group, startsAt }) {
      const flag = startsAt === 'on-expiry' ? 'auto_renew' : 'auto_renew_on_credit_finish'
      const attrs = { renew_next_group: group, auto_renew: true, [flag]: true }
      await set(username, attrs, [], ({ attrs }) => attrs.renew_next_group === group)
    },

    async cancelReservedRenewal(username) {
      const gone = ['renew_next_group', 'auto_renew', 'auto_renew_on_credit_finish']
      await set(username, {}, gone, ({ attrs }) => attrs.renew_next_group === undefined)
    },

    async changeExpiry(username, { expiresAt }) {
      await set(username, expiry(expiresAt), [], ({ attrs }) => time.read(attrs.abs_exp_date) === toMinute(expiresAt))
    },

    async changePassword(username, { password }) {
      // No look after a lost answer: the password would come back in clear. The next try sets the same one again.
      const name = checkedName(username)
      await set(name, { normal_user_spec: { normal_username: name, normal_password: password, normal_save: false } })
    },

    async setStatus(username, { status, reason }) {
      if (status === 'active') return set(username, {}, ['lock'], ({ attrs }) => attrs.lock === undefined)
      await set(username, { lock: reason }, [], ({ attrs }) => attrs.lock === reason)
      await kill(username)
    },

    async changeIp(username, { ips }) {
      const joined = ips.join(',')
      if (ips.length === 0) return set(username, {}, ['assign_ip'], ({ attrs }) => attrs.assign_ip === undefined)
      await set(username, { assign_ip: joined }, [], ({ attrs }) => attrs.assign_ip === joined)
    },

    async changeMac(username, { macs, bindOnNextLogin }) {
      const remove = [
        ...(macs.length === 0 ? ['limit_mac'] : []),
        ...(bindOnNextLogin ? [] : ['limit_mac_bind_on_login']),
      ]
      const attrs = {
        ...(macs.length > 0 && { limit_mac: macs.join(',') }),
        ...(bindOnNextLogin && { limit_mac_bind_on_login: true }),
      }
      await set(username, attrs, remove, (found) => (found.attrs.limit_mac ?? '') === macs.join(','))
    },

    async changeGroup(username, { group }, key) {
      await moveToGroup(username, group, markOf(key))
    },

    async temporaryConnect(username, { hours, bytes }, key) {
      const { id, attrs } = await account(username)
      const mark = markOf(key)
      const notes = readNotes(attrs.comment)
      const count = async () =>
        (await call('read', 'report.getTemporaryExtendLogs', extendLogs(id), totalRows)).total_rows

      // The extension takes no comment, so we note "under this key, from n extensions" before asking for number n + 1.
      const [noted, from] = (notes.temp ?? '').split('#')
      const start = noted === mark ? Number(from) : await count()
      if (noted !== mark) await set(username, { comment: writeNotes({ ...notes, temp: `${mark}#${start}` }) })
      await once(
        async () => ((await count()) > start ? true : undefined),
        async () => {
          const params = {
            user_id: id,
            temporary_extend_hours: hours,
            temporary_extend_credit: Number((bytes ?? 0n) / config.bytesPerCredit),
          }
          await call('write', 'user.temporaryExtendUsers', params, nothing)
          return true
        },
      )
    },

    listOnline,

    async disconnect(username) {
      const sessions = await kill(username)
      return { outcome: sessions > 0 ? 'disconnected' : 'no-session', sessions }
    },

    async usageDetail(username, query) {
      return connectionPage(call, time, (await account(username)).id, query)
    },

    async events(username, query) {
      return eventPage(call, time, (await account(username)).id, query)
    },

    async health() {
      try {
        return { ok: true, detail: String(await call('read', 'util.version', {}, nothing)) }
      } catch (error) {
        return { ok: false, detail: error instanceof Error ? error.message : String(error) }
      }
    },
  }

  /** Step one of a creation; the account has no name yet. */
  async function begin(group: string, mark: string): Promise<string> {
    const params = {
      count: 1,
      isp_name: config.isp,
      group_name: group,
      customer_id: '',
      user_role: 'service',
      parent_user_id: '',
      ...(config.keyField !== undefined && { custom_fields: { [config.keyField]: mark } }),
    }
    const [id] = await call('write', 'user.addNewUsers', params, z.array(z.union([z.string(), z.number()])).min(1))
    return String(id)
  }

  /** An account that an earlier try with this key began and never named. */
  async function begun(mark: string): Promise<string | undefined> {
    if (config.keyField === undefined) return undefined
    const conds = { [`custom_field_${config.keyField}`]: mark, [`custom_field_${config.keyField}_op`]: 'equals' }
    const paging = { from: 0, to: 1, order_by: 'user_id', desc: false }
    const [, , ids] = await call('read', 'user.searchUser', { conds, ...paging }, foundUsers)
    return ids[0] === undefined ? undefined : String(ids[0])
  }

  async function removeById(id: string, comment: string): Promise<void> {
    const keepLogs = { del_connection_logs: false, del_audit_logs: false }
    await call('write', 'user.delUser', { user_id: id, delete_comment: comment, ...keepLogs }, nothing)
  }

  function expiry(instant: string) {
    return { abs_exp_date: time.write(instant), abs_exp_date_unit: 'gregorian' }
  }

  function toMinute(instant: string): string | undefined {
    return time.read(time.write(instant))
  }
}

const foundUsers = z.tuple([z.number(), z.number(), z.array(z.union([z.string(), z.number()]))])
const totalRows = z.object({ total_rows: z.number().int() })

function extendLogs(id: string) {
  return { conds: { user_ids: id }, from: 0, to: 1, sort_by: 'temporary_extend_date', desc: true }
}

function checkedName(username: string): string {
  if (usernamePattern.test(username)) return username
  throw new Refused('aaa', 'VALIDATION', { code: 'BAD_NORMAL_USERNAME', text: 'letters, digits and ._@- only' })
}
