import { z } from 'zod'
import type { IbsngCall } from './ibsng-call.ts'
import type { ibsngTime } from './ibsng-time.ts'
import type { AaaEvent, OnlineQuery, OnlineSession, Page, ReportQuery, UsageRecord } from './port.ts'

type Time = ReturnType<typeof ibsngTime>
const bytes = z.coerce.bigint().catch(0n)

const onlineRow = z.object({
  normal_username: z.string(),
  ras_ip: z.string(),
  unique_id_val: z.string(),
  login_time_epoch: z.number(),
  in_bytes: bytes,
  out_bytes: bytes,
  attrs: z.looseObject({ remote_ip: z.string().optional(), mac: z.string().optional() }),
})
const onlines = z.tuple([z.array(onlineRow), z.array(z.unknown())])

/** Internet sessions that are open now, by name. The vendor has no paging here: a page is cut from the whole answer. */
export async function onlinePage(call: IbsngCall, query: OnlineQuery): Promise<Page<OnlineSession>> {
  const conds = {
    ...(query.username !== undefined && { username_starts_with: query.username }),
    ...(query.ip !== undefined && { remote_ip: query.ip }),
    ...(query.nas !== undefined && { ras_ips: query.nas }),
  }
  const sort = {
    normal_sort_by: 'normal_username',
    normal_desc: false,
    voip_sort_by: 'voip_username',
    voip_desc: false,
  }
  const [rows] = await call('read', 'report.getOnlineUsers', { ...sort, conds }, onlines)
  const wanted = rows.filter((row) => query.username === undefined || row.normal_username === query.username)
  const from = Number(query.cursor ?? 0)
  const items = wanted.slice(from, from + query.limit).map((row) => ({
    username: row.normal_username,
    sessionId: row.unique_id_val,
    nasIp: row.ras_ip,
    framedIp: row.attrs.remote_ip,
    mac: row.attrs.mac,
    startedAt: new Date(row.login_time_epoch * 1_000).toISOString(),
    bytesIn: row.in_bytes,
    bytesOut: row.out_bytes,
  }))
  return { items, nextCursor: from + query.limit < wanted.length ? String(from + query.limit) : undefined }
}

const connections = z.object({
  total_rows: z.number().int(),
  report: z.array(
    z.object({
      connection_log_id: z.number(),
      login_time_formatted: z.string(),
      logout_time_formatted: z.string().nullish(),
      duration_seconds: z.number(),
      bytes_in: bytes,
      bytes_out: bytes,
      remote_ip: z.string().optional(),
      mac: z.string().optional(),
      ras_ip: z.string().optional(),
      kill_reason: z.string().optional(),
    }),
  ),
})

/** AA7: one row per session of the account, newest first. */
export async function connectionPage(
  call: IbsngCall,
  time: Time,
  userId: string,
  query: ReportQuery,
): Promise<Page<UsageRecord>> {
  const from = Number(query.cursor ?? 0)
  const conds = {
    user_ids: userId,
    login_time_from: time.write(query.from),
    login_time_from_unit: 'gregorian',
    login_time_to: time.write(query.to),
    login_time_to_unit: 'gregorian',
    show_total_inouts: 'on',
  }
  const params = { conds, from, to: from + query.limit, sort_by: 'login_time', desc: true }
  const { total_rows, report } = await call('read', 'report.getConnections', params, connections)
  const items = report.map((row) => ({
    sessionId: String(row.connection_log_id),
    startedAt: time.read(row.login_time_formatted) ?? query.from,
    endedAt: time.read(row.logout_time_formatted),
    durationSeconds: Math.trunc(row.duration_seconds),
    bytesIn: row.bytes_in,
    bytesOut: row.bytes_out,
    ip: row.remote_ip,
    mac: row.mac,
    nasIp: row.ras_ip,
    endReason: row.kill_reason,
  }))
  return { items, nextCursor: from + query.limit < total_rows ? String(from + query.limit) : undefined }
}

const auditLogs = z.object({
  total_rows: z.number().int(),
  report: z.array(
    z.object({
      admin_name: z.string(),
      attr_name: z.string(),
      old_value: z.string().nullish(),
      new_value: z.string().nullish(),
      change_time: z.string(),
    }),
  ),
})

/** AA10: who changed what on the account. A changed password shows as a change, never with its values. */
export async function eventPage(
  call: IbsngCall,
  time: Time,
  userId: string,
  query: ReportQuery,
): Promise<Page<AaaEvent>> {
  const from = Number(query.cursor ?? 0)
  const conds = {
    user_ids: userId,
    change_time_from: time.write(query.from),
    change_time_from_unit: 'gregorian',
    change_time_to: time.write(query.to),
    change_time_to_unit: 'gregorian',
  }
  const params = { conds, from, to: from + query.limit, sort_by: 'change_time', desc: true }
  const { total_rows, report } = await call('read', 'report.getUserAuditLogs', params, auditLogs)
  const items = report.map((row) => {
    const secret = row.attr_name.includes('password') || row.attr_name === 'normal_user_spec'
    return {
      at: time.read(row.change_time) ?? query.from,
      what: row.attr_name,
      before: secret ? undefined : (row.old_value ?? undefined),
      after: secret ? undefined : (row.new_value ?? undefined),
      by: row.admin_name,
    }
  })
  return { items, nextCursor: from + query.limit < total_rows ? String(from + query.limit) : undefined }
}
