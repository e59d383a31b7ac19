import { z } from 'zod'
import { Refused } from '../errors.ts'
import { createHttp, type Http } from '../http.ts'
import { createMappedCall, mappedService } from '../mapping.ts'
import { type AaaGateway, aaaEvent, aaaUser, creditReceipt, onlineSession, usageRecord } from './port.ts'

export const netbillConfig = mappedService.extend({ adapter: z.literal('netbill') })
export type NetbillConfig = z.output<typeof netbillConfig>

/**
 * NetBill's protocol is not public (contract aaa.md 0), and none of it is invented here. The customer's document is
 * written down as a mapping; until then every call ends in NotConfigured with the list of what is missing.
 */
export function createNetbill(config: NetbillConfig, deps: { http?: Http } = {}): AaaGateway {
  const operations = [
    'getUser',
    'searchUsers',
    'createUser',
    'deleteUser',
    'renew',
    'addCredit',
    'reserveRenewal',
    'cancelReservedRenewal',
    'changeExpiry',
    'changePassword',
    'setStatus',
    'changeIp',
    'changeMac',
    'changeGroup',
    'temporaryConnect',
    'listOnline',
    'disconnect',
    'usageDetail',
    'events',
    'health',
  ] as const satisfies (keyof AaaGateway)[]
  const call = createMappedCall({
    system: 'aaa:netbill',
    service: config,
    operations,
    http: deps.http ?? createHttp(),
    refuse: (vendor) => new Refused('aaa', 'OTHER', vendor),
  })
  const plain = z.unknown().transform(() => undefined)
  const pageOf = <S extends z.ZodType>(item: S) => z.object({ items: z.array(item), nextCursor: z.string().optional() })
  const change = (name: (typeof operations)[number]) => (username: string, input: object, key: string) =>
    call(name, { username, ...input, key }, plain)

  return {
    getUser: (username) => call('getUser', { username }, aaaUser.nullable()),
    searchUsers: (query) => call('searchUsers', { ...query }, pageOf(aaaUser)),
    createUser: (user, key) => call('createUser', { ...user, key }, aaaUser),
    deleteUser: change('deleteUser'),
    renew: (username, renewal, key) => call('renew', { username, ...renewal, key }, aaaUser),
    addCredit: (username, credit, key) => call('addCredit', { username, ...credit, key }, creditReceipt),
    reserveRenewal: change('reserveRenewal'),
    cancelReservedRenewal: (username, key) => call('cancelReservedRenewal', { username, key }, plain),
    changeExpiry: change('changeExpiry'),
    changePassword: change('changePassword'),
    setStatus: change('setStatus'),
    changeIp: change('changeIp'),
    changeMac: change('changeMac'),
    changeGroup: change('changeGroup'),
    temporaryConnect: change('temporaryConnect'),
    listOnline: (query) => call('listOnline', { ...query }, pageOf(onlineSession)),
    disconnect: (username, { reason }) =>
      call(
        'disconnect',
        { username, reason },
        z.object({ outcome: z.enum(['disconnected', 'no-session']), sessions: z.number() }),
      ),
    usageDetail: (username, query) => call('usageDetail', { username, ...query }, pageOf(usageRecord)),
    events: (username, query) => call('events', { username, ...query }, pageOf(aaaEvent)),
    health: () => call('health', {}, z.object({ ok: z.boolean(), detail: z.string() })),
  }
}
