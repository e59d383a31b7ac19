import { z } from 'zod'
import type { AaaUser } from './port.ts'

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String)

/** What `user.getUserInfo` tells of one account. The password comes in clear and is dropped right here. */
export const ibsngAccount = z.object({
  online_status: z.boolean(),
  basic_info: z.looseObject({ group_name: z.string().optional() }),
  attrs: z
    .record(z.string(), z.unknown())
    .transform(({ normal_password: _dropped, ...attrs }) =>
      Object.fromEntries(
        Object.entries(attrs).flatMap(([k, v]) => (text.safeParse(v).success ? [[k, String(v)]] : [])),
      ),
    ),
})
export type IbsngAccount = { id: string } & z.output<typeof ibsngAccount>

/** The account in our words, all but its traffic. `now` tells an expired one from a living one. */
export function accountToUser(
  account: IbsngAccount,
  read: (text: string | undefined) => string | undefined,
  nowMs: number,
): Omit<AaaUser, 'quota'> {
  const { attrs } = account
  const epoch = Number(attrs.nearest_exp_date_epoch)
  const expiresAt =
    Number.isFinite(epoch) && epoch > 0 ? new Date(epoch * 1_000).toISOString() : read(attrs.abs_exp_date)
  const temporaryUntil = read(attrs.exp_date_temp_extend)
  const alive = (instant: string | undefined) => instant === undefined || Date.parse(instant) > nowMs
  const status =
    attrs.lock !== undefined
      ? 'disabled'
      : temporaryUntil !== undefined && alive(temporaryUntil)
        ? 'temporary'
        : alive(expiresAt)
          ? 'active'
          : 'expired'
  return {
    username: attrs.normal_username ?? '',
    externalId: account.id,
    status,
    lockReason: attrs.lock,
    group: account.basic_info.group_name,
    nextGroup: attrs.auto_renew === undefined ? undefined : attrs.renew_next_group,
    speed:
      attrs.mikrotik_bw_recv_rate === undefined || attrs.mikrotik_bw_send_rate === undefined
        ? undefined
        : { downKbps: Number(attrs.mikrotik_bw_recv_rate), upKbps: Number(attrs.mikrotik_bw_send_rate) },
    firstLoginAt: read(attrs.first_login),
    expiresAt,
    staticIps: list(attrs.assign_ip),
    macs: list(attrs.limit_mac),
    multiLogin: Number(attrs.multi_login ?? 1),
    online: account.online_status,
    attributes: Object.fromEntries(
      ['name', 'cell_phone', 'ippool'].flatMap((key) => (attrs[key] === undefined ? [] : [[key, attrs[key]]])),
    ),
  }
}

/** Marks that we leave in the account's comment, the one free field every IBSng has: `bss create=… temp=…#2`. */
export function readNotes(comment: string | undefined): Record<string, string> {
  if (!comment?.startsWith('bss ')) return {}
  return Object.fromEntries(
    comment
      .slice(4)
      .split(' ')
      .flatMap((note) => {
        const [name, value] = note.split('=')
        return name && value ? [[name, value]] : []
      }),
  )
}

export function writeNotes(notes: Record<string, string>): string {
  return `bss ${Object.entries(notes)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')}`
}

function list(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(',')
}
