import type { SimClock } from './clock.ts'
import { createFaults } from './faults.ts'
import { ibsngCommands } from './ibsng-network.ts'
import { emptyIbsng, endSession, epochMs, type IbsngState, type IbsngUser, vendorTime } from './ibsng-state.ts'
import type { Memory } from './memory.ts'
import { json, type Sim, serve } from './serve.ts'

export interface IbsngSimConfig {
  port?: number | undefined
  clock: SimClock
  memory: Memory
  admin?: string
  password?: string
}

export interface IbsngSim extends Sim {
  state: IbsngState
  /** Accounts that carry the name now. */
  accounts(username: string): number
  /** Traffic grants of the name, in bytes. */
  grants(username: string): number[]
}

/** IBSng branch E on JSON-RPC (contract aaa.md 2, 5): same checks, same `KEY|text` errors, creation in two steps. */
export async function startIbsng(config: IbsngSimConfig): Promise<IbsngSim> {
  const { clock, memory } = config
  const state = (memory.recall('aaa') as IbsngState | undefined) ?? emptyIbsng()
  memory.keep('aaa', () => state)
  const faults = createFaults()
  const credentials = { name: config.admin ?? 'bss', pass: config.password ?? 'bss-secret' }
  const methods = ibsngMethods(state, clock)

  const server = await serve({
    port: config.port,
    clock,
    memory,
    faults,
    state: () => state,
    commands: ibsngCommands(state, clock),
    handle({ method, path, body }) {
      if (method !== 'POST' || path !== '/') return undefined
      const { method: name = '', params = {} } = parse(body)
      return {
        method: name,
        refuse: (code) => json({ result: null, error: `${code ?? 'ACCESS_DENIED'}|by script`, id: null }),
        perform() {
          try {
            if (params.auth_name !== credentials.name) throw new Error('NO_SUCH_ADMIN|no such admin')
            if (params.auth_pass !== credentials.pass) throw new Error('INCORRECT_PASSWORD|wrong password')
            const run = methods[name]
            if (!run) throw new Error('ACCESS_DENIED|no such method')
            return json({ result: run(params) ?? null, error: null, id: null })
          } catch (error) {
            return json({ result: null, error: error instanceof Error ? error.message : String(error), id: null })
          }
        },
      }
    },
  })

  const named = (username: string) => Object.values(state.users).filter((u) => u.attrs.normal_username === username)
  return {
    ...server,
    faults,
    state,
    accounts: (username) => named(username).length,
    grants: (username) =>
      named(username).flatMap((u) => state.balances.filter((b) => b.userId === u.id).map((b) => b.initial)),
  }
}

type Params = Record<string, unknown>

const knownAttrs = new Set([
  'abs_exp_date',
  'abs_exp_date_unit',
  'rel_exp_date',
  'rel_exp_date_unit',
  'exp_date_temp_extend',
  'lock',
  'limit_mac',
  'limit_mac_bind_on_login',
  'assign_ip',
  'ippool',
  'multi_login',
  'charge',
  'auto_renew',
  'auto_renew_on_credit_finish',
  'renew_next_group',
  'session_timeout',
  'mikrotik_bw_recv_rate',
  'mikrotik_bw_send_rate',
  'comment',
  'name',
  'email',
  'phone',
  'cell_phone',
  'postal_code',
  'address',
  'serial',
])

function ibsngMethods(state: IbsngState, clock: SimClock): Record<string, (params: Params) => unknown> {
  const now = () => vendorTime(clock.nowMs())
  const byId = (id: unknown) => {
    const user = state.users[text(id)]
    if (!user) throw new Error(`USERID_DOESNT_EXISTS|user id ${text(id)} does not exist`)
    return user
  }
  const log = (userId: number, attr: string, before: string | undefined, after: string | undefined) =>
    state.audits.push({ userId, attr, before: before ?? null, after: after ?? null, at: now() })

  function setName(user: IbsngUser, spec: Params): void {
    const name = text(spec.normal_username)
    if (!/^[A-Za-z0-9._@-]{1,64}$/.test(name)) throw new Error('BAD_NORMAL_USERNAME|bad characters in username')
    if (text(spec.normal_password).length < 4) throw new Error('BAD_PASSWORD|password too short')
    const other = Object.values(state.users).find((u) => u.attrs.normal_username === name && u !== user)
    if (other) throw new Error(`NORMAL_USERNAME_EXISTS|username ${name} already exists`)
    if (user.attrs.normal_username === undefined) state.created[name] = (state.created[name] ?? 0) + 1
    log(user.id, 'normal_username', user.attrs.normal_username, name)
    user.attrs.normal_username = name
    user.attrs.normal_password = text(spec.normal_password)
  }

  function check(attr: string, value: string): void {
    if (!knownAttrs.has(attr)) throw new Error(`UNREGISTERED_ATTRIBUTE|attribute ${attr} is not registered`)
    if (attr === 'abs_exp_date' && !Number.isFinite(epochMs(value))) throw new Error('INVALID_ABS_EXP_DATE|bad date')
    if (attr === 'multi_login' && !/^\d{1,3}$/.test(value)) throw new Error('INVALID_MULTI_LOGIN|0 to 255')
    if (attr === 'limit_mac' && !value.split(',').every((m) => /^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/.test(m))) {
      throw new Error('INVALID_MAC_ADDRESS|bad mac')
    }
    if (attr === 'assign_ip' && !value.split(',').every((ip) => /^(\d{1,3}\.){3}\d{1,3}$/.test(ip))) {
      throw new Error('INVALID_IP_ADDRESS|bad ip')
    }
  }

  return {
    'util.version': () => 'IBSng simulator E',

    'user.addNewUsers': ({ count, isp_name, group_name, custom_fields }) => {
      if (text(group_name) === '' || text(isp_name) === '') throw new Error('INCOMPLETE_REQUEST|group_name')
      return Array.from({ length: Number(count) }, () => {
        const id = state.nextId++
        const fields = Object.entries(record(custom_fields)).map(([k, v]) => [`custom_field_${k}`, text(v)])
        state.users[id] = {
          id,
          group: text(group_name),
          isp: text(isp_name),
          createdAt: now(),
          attrs: Object.fromEntries(fields) as Record<string, string>,
        }
        return id
      })
    },

    'user.getUserInfo': ({ user_id, normal_username }) => {
      const wanted = text(normal_username)
      const user =
        user_id === undefined
          ? Object.values(state.users).find((u) => u.attrs.normal_username === wanted)
          : byId(user_id)
      if (!user) throw new Error(`NORMAL_USERNAME_DOESNT_EXISTS|username ${wanted} does not exist`)
      const expires = user.attrs.abs_exp_date
      return {
        [user.id]: {
          online_status: state.sessions.some((s) => s.userId === user.id),
          basic_info: {
            group_name: user.group,
            isp_name: user.isp,
            creation_date: user.createdAt,
            user_role: 'service',
            nearest_exp_date: expires ?? '---------------',
          },
          user_repr: user.attrs.normal_username ?? '',
          attrs: {
            ...user.attrs,
            ...(expires !== undefined && {
              nearest_exp_date: expires,
              nearest_exp_date_epoch: epochMs(expires) / 1_000,
            }),
          },
        },
      }
    },

    'user.updateUserAttrs': ({ user_id, attrs, to_del_attrs }) => {
      const { normal_user_spec: spec, ...plain } = record(attrs)
      for (const [attr, value] of Object.entries(plain)) check(attr, text(value))
      for (const id of text(user_id).split(',')) {
        const user = byId(id)
        if (spec !== undefined) setName(user, record(spec))
        for (const [attr, value] of Object.entries(plain)) {
          if (user.attrs[attr] !== text(value)) log(user.id, attr, user.attrs[attr], text(value))
          user.attrs[attr] = text(value)
        }
        for (const attr of Array.isArray(to_del_attrs) ? to_del_attrs.map(text) : []) {
          if (user.attrs[attr] !== undefined) log(user.id, attr, user.attrs[attr], undefined)
          delete user.attrs[attr]
        }
      }
    },

    'user.searchUser': ({ conds, from, to }) => {
      const { group_name, lock, abs_exp_date_to, ...rest } = record(conds)
      const custom = Object.entries(rest).filter(([k]) => k.startsWith('custom_field_') && !k.endsWith('_op'))
      const found = Object.values(state.users).filter(
        (u) =>
          (group_name === undefined || u.group === group_name) &&
          (lock === undefined || u.attrs.lock !== undefined) &&
          (abs_exp_date_to === undefined ||
            (u.attrs.abs_exp_date !== undefined && epochMs(u.attrs.abs_exp_date) < epochMs(text(abs_exp_date_to)))) &&
          custom.every(([k, v]) => u.attrs[k] === v),
      )
      return [found.length, 0, found.slice(Number(from), Number(to)).map((u) => u.id)]
    },

    'user.renewUsers': ({ user_id }) => {
      const user = byId(user_id)
      const next = user.attrs.renew_next_group
      if (next !== undefined) {
        log(user.id, 'group_name', user.group, next)
        user.group = next
        delete user.attrs.renew_next_group
      }
      return null
    },

    'user.temporaryExtendUsers': ({ user_id, temporary_extend_hours, temporary_extend_credit }) => {
      const user = byId(user_id)
      const hours = Number(temporary_extend_hours)
      state.extensions.push({ userId: user.id, hours, credit: Number(temporary_extend_credit), at: now() })
      user.attrs.exp_date_temp_extend = vendorTime(clock.nowMs() + hours * 3_600_000)
    },

    'user.killUser': ({ user_id, ras_ip, unique_id_val }) => {
      const user = byId(user_id)
      const at = state.sessions.findIndex((s) => s.userId === user.id && s.nas === ras_ip && s.key === unique_id_val)
      const [session] = at < 0 ? [] : state.sessions.splice(at, 1)
      if (!session) throw new Error('NOT_ONLINE|user is not online')
      endSession(state, session, clock.nowMs(), 'Killed By Admin')
    },

    'user.delUser': ({ user_id }) => {
      const user = byId(user_id)
      if (state.sessions.some((s) => s.userId === user.id)) throw new Error('DELETE_USER_IS_ONLINE|user is online')
      delete state.users[user.id]
      state.balances = state.balances.filter((b) => b.userId !== user.id)
    },

    'user_balance.addNewUserBalance': ({ user_id, balance_id, initial_value, priority, expire_time, comment }) => {
      const user = byId(user_id)
      const value = Number(initial_value)
      if (!Number.isFinite(value) || value < 0) throw new Error('CREDIT_NOT_FLOAT|bad value')
      const id = state.nextId++
      state.balances.push({
        id,
        userId: user.id,
        balanceId: Number(balance_id),
        initial: value,
        value,
        priority: Number(priority),
        expires: text(expire_time),
        comment: text(comment),
      })
      log(user.id, `balance ${text(balance_id)}`, undefined, String(value))
      return { balance_id: id }
    },

    'user_balance.getUserBalanceInfoByUserID': ({ user_id }) =>
      state.balances.filter((b) => b.userId === byId(user_id).id).map((b) => balanceRow(b)),

    'user_balance.getUserBalanceInfo': ({ user_balance_id }) => {
      const balance = state.balances.find((b) => b.id === Number(user_balance_id))
      if (!balance) throw new Error('BALANCE_NOT_FOUND|no such balance')
      return { ...balanceRow(balance), initial_value: balance.initial, comment: balance.comment }
    },

    'user_balance.deleteUserBalance': ({ id }) => {
      state.balances = state.balances.filter((b) => b.id !== Number(id))
    },

    'report.getOnlineUsers': ({ conds }) => {
      const { username_starts_with, remote_ip, ras_ips } = record(conds)
      const rows = state.sessions.flatMap((s) => {
        const user = state.users[s.userId]
        const name = user?.attrs.normal_username ?? ''
        const fits =
          (username_starts_with === undefined || name.startsWith(text(username_starts_with))) &&
          (remote_ip === undefined || s.ip === remote_ip) &&
          (ras_ips === undefined || s.nas === ras_ips)
        if (!user || !fits) return []
        return [
          {
            user_id: s.userId,
            service: 'internet',
            ras_ip: s.nas,
            unique_id: 'port',
            unique_id_val: s.key,
            login_time: vendorTime(s.startedMs),
            login_time_epoch: Math.floor(s.startedMs / 1_000),
            attrs: { remote_ip: s.ip, mac: s.mac },
            group_name: user.group,
            normal_username: name,
            in_bytes: s.in,
            out_bytes: s.out,
          },
        ]
      })
      return [rows, []]
    },

    'report.getConnections': ({ conds, from, to }) => {
      const { user_ids, login_time_from, login_time_to } = record(conds)
      const rows = state.connections
        .filter(
          (c) =>
            String(c.userId) === user_ids &&
            c.startedMs >= epochMs(text(login_time_from)) &&
            c.startedMs <= epochMs(text(login_time_to)) + 60_000,
        )
        .sort((a, b) => b.startedMs - a.startedMs)
      const report = rows.slice(Number(from), Number(to)).map((c) => ({
        connection_log_id: c.id,
        user_id: String(c.userId),
        service_type: 'Internet',
        login_time_formatted: vendorTime(c.startedMs),
        logout_time_formatted: vendorTime(c.endedMs),
        duration_seconds: Math.floor((c.endedMs - c.startedMs) / 1_000),
        credit_used: 0,
        successful: true,
        kill_reason: c.reason,
        remote_ip: c.ip,
        mac: c.mac,
        bytes_in: c.in,
        bytes_out: c.out,
        ras_ip: c.nas,
      }))
      return { total_rows: rows.length, report }
    },

    'report.getUserAuditLogs': ({ conds, from, to }) => {
      const { user_ids, change_time_from, change_time_to } = record(conds)
      const rows = state.audits
        .filter(
          (a) =>
            String(a.userId) === user_ids &&
            epochMs(a.at) >= epochMs(text(change_time_from)) &&
            epochMs(a.at) <= epochMs(text(change_time_to)) + 60_000,
        )
        .reverse()
      const report = rows.slice(Number(from), Number(to)).map((a) => ({
        admin_name: 'bss',
        attr_name: a.attr,
        old_value: a.before,
        new_value: a.after,
        change_time: a.at,
        object_id: a.userId,
        is_user: 't',
      }))
      return { total_rows: rows.length, report }
    },

    'report.getTemporaryExtendLogs': ({ conds }) => {
      const rows = state.extensions.filter((e) => String(e.userId) === record(conds).user_ids)
      const report = rows.map((e) => ({
        temporary_extend_hours: e.hours,
        temporary_extend_credit: e.credit,
        temporary_extend_date: e.at,
        user_id: e.userId,
      }))
      return { total_rows: rows.length, report }
    },
  }
}

function balanceRow(b: IbsngState['balances'][number]) {
  return {
    user_balance_id: b.id,
    balance_id: b.balanceId,
    balance_name: `balance-${b.balanceId}`,
    value: b.value,
    priority: b.priority,
    expire_time: `${b.expires}:00`,
    linked_user_id: null,
    linked_balance_id: null,
  }
}

function parse(body: string): { method?: string; params?: Params } {
  try {
    return JSON.parse(body) as { method?: string; params?: Params }
  } catch {
    return {}
  }
}

function record(value: unknown): Params {
  return typeof value === 'object' && value !== null ? (value as Params) : {}
}

function text(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : ''
}
