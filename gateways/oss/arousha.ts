import { z } from 'zod'
import { Refused } from '../errors.ts'
import { createHttp, type Http } from '../http.ts'
import { createMappedCall, mappedService } from '../mapping.ts'
import { feasibility, installState, type OssGateway, portInfo, reservation, telcoCentre } from './port.ts'

export const aroushaConfig = mappedService.extend({ adapter: z.literal('arousha') })
export type AroushaConfig = z.output<typeof aroushaConfig>

/**
 * Arousha's protocol is not public (contract oss.md 0), and none of it is invented here. The customer's document is
 * written down as a mapping; until then every call ends in NotConfigured with the list of what is missing.
 */
export function createArousha(config: AroushaConfig, deps: { http?: Http } = {}): OssGateway {
  const operations = [
    'locate',
    'checkFeasibility',
    'createSubscriber',
    'updateSubscriber',
    'getSubscriber',
    'reservePort',
    'getReservation',
    'cancelReservation',
    'activatePort',
    'requestInstallation',
    'requestCollection',
    'installationStatus',
    'announceInstallation',
    'changeRangingTime',
    'resendRanging',
    'requestPortChange',
    'getPort',
    'portReport',
    'openFault',
    'health',
  ] as const satisfies (keyof OssGateway)[]
  const call = createMappedCall({
    system: 'oss:arousha',
    service: config,
    operations,
    http: deps.http ?? createHttp(),
    refuse: (vendor) => new Refused('oss', 'OTHER', vendor),
  })
  const plain = z.unknown().transform(() => undefined)
  const change = (name: (typeof operations)[number]) => (input: object, key: string) =>
    call(name, { ...input, key }, plain)
  const subscriber = z.object({ ossSubscriberId: z.string() })
  const request = z.object({ requestId: z.string() })

  return {
    locate: (phone) => call('locate', { phone }, telcoCentre),
    checkFeasibility: (query) => call('checkFeasibility', { ...query }, feasibility),
    createSubscriber: (input, key) => call('createSubscriber', { ...input, key }, subscriber),
    updateSubscriber: change('updateSubscriber'),
    getSubscriber: (query) => call('getSubscriber', query, subscriber.nullable()),
    reservePort: (input, key) => call('reservePort', { ...input, key }, reservation),
    getReservation: (query) => call('getReservation', query, reservation),
    cancelReservation: change('cancelReservation'),
    activatePort: (input, key) => call('activatePort', { ...input, key }, reservation),
    requestInstallation: (input, key) => call('requestInstallation', { ...input, key }, request),
    requestCollection: (input, key) => call('requestCollection', { ...input, key }, request),
    installationStatus: (query) =>
      call('installationStatus', query, z.object({ state: installState, text: z.string() })),
    announceInstallation: change('announceInstallation'),
    changeRangingTime: change('changeRangingTime'),
    resendRanging: change('resendRanging'),
    requestPortChange: change('requestPortChange'),
    getPort: (query) => call('getPort', query, portInfo.nullable()),
    portReport: (query) =>
      call('portReport', { ...query }, z.object({ items: z.array(portInfo), nextCursor: z.string().optional() })),
    openFault: (input, key) => call('openFault', { ...input, key }, z.object({ ticketId: z.string() })),
    health: () => call('health', {}, z.object({ ok: z.boolean(), detail: z.string() })),
  }
}
