import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { NotConfigured, Unavailable } from '../../gateways/errors.ts'
import { createOss, type OssAdapterName, type OssConfig, ossAdapters } from '../../gateways/oss/index.ts'
import type { OssGateway, Reservation } from '../../gateways/oss/port.ts'
import type { FaultKind } from '../../sims/faults.ts'
import { type Sims, simCredentials, startSims } from '../../sims/index.ts'
import { failureOf, retried } from './retry.ts'

// A new adapter gets its line here, or the compiler complains: its settings against its simulator, or why there is none.
const subjects: Record<OssAdapterName, ((sims: Sims) => OssConfig) | 'unconfigured'> = {
  arousha: 'unconfigured',
  'bitstream-jsonrpc': ({ oss }) => ({
    adapter: 'bitstream-jsonrpc',
    url: oss.url,
    ...simCredentials.oss,
    extensions: true,
  }),
}
const spoilers: FaultKind[] = ['http500', 'rubbish', 'reset', 'cut', 'twice', 'loseAnswer']
let number = 0
/** A number of Vanak whose last two digits mean nothing to the simulator. */
const aPhone = (prefix = '021880') => `${prefix}${String(++number).padStart(3, '0')}10`
const nationalId = '0499370899'

for (const [name, subject] of Object.entries(subjects)) {
  if (subject === 'unconfigured') continue
  describe(`the OSS adapter ${name}`, () => {
    let sims: Sims
    let oss: OssGateway
    beforeAll(async () => {
      sims = await startSims({ portsPerCentre: 64 })
      oss = createOss(subject(sims))
    })
    afterAll(() => sims.close())

    const subscribe = (phone: string) =>
      oss.createSubscriber({ nationalId, phone, name: 'سارا', family: 'احمدی', legal: false }, `sub/${phone}`)
    const owner = { type: 'owner' as const, name: 'سارا', family: 'احمدی', nationalId }
    async function reserve(phone: string): Promise<Reservation> {
      const { ossSubscriberId } = await subscribe(phone)
      return oss.reservePort({ ossSubscriberId, phone, technology: 'adsl', owner, hours: 48 }, `res/${phone}`)
    }
    async function ranged(phone: string): Promise<Reservation> {
      const reservation = await reserve(phone)
      await oss.requestInstallation({ reservationId: reservation.id, phone }, `inst/${phone}`)
      sims.clock.advance(2_000)
      return reservation
    }

    test('the centre comes from the number', async () => {
      expect(await oss.locate('02188012310')).toEqual({ id: 'tehran-vanak', name: 'tehran-vanak', city: 'تهران' })
      expect(await failureOf(oss.locate('08655512310'))).toMatchObject({ name: 'Refused', code: 'UNKNOWN_PHONE' })
    })

    test.each(['۰۲۱۸۸۰۱۲۳۱۰', '88012310', '09121234567', "0218801231'"])(
      '%p is not a line and never leaves the house',
      async (phone) => {
        expect(await failureOf(oss.locate(phone))).toMatchObject({ name: 'Refused', code: 'VALIDATION' })
      },
    )

    test.each([
      ['02188012310', true, 'ok'],
      ['02188012399', false, 'pcm-or-fibre-line'],
      ['02188012398', false, 'line-has-other-provider'],
      ['02188012397', false, 'line-owner-mismatch'],
      ['07132012310', false, 'no-free-port'],
      ['08655512310', false, 'unknown-phone'],
    ])('the line %s: feasible %p, because %s', async (phone, feasible, reason) => {
      expect(await oss.checkFeasibility({ phone, technology: 'adsl', checkOtherProviders: true })).toMatchObject({
        feasible,
        reason,
      })
    })

    test('a subscriber is made once and has one id', async () => {
      const phone = aPhone()
      sims.oss.faults.add({ kind: 'loseAnswer', method: 'createSubscriber' })

      const first = await retried(() => subscribe(phone))
      const again = await subscribe(phone)

      expect(again).toEqual(first)
      expect(await oss.getSubscriber({ nationalId, phone })).toEqual(first)
      expect(await oss.getSubscriber({ nationalId: '0013542419', phone })).toBeNull()
    })

    test.each(spoilers)('one order reserves one port although every call meets %s', async (kind) => {
      const phone = aPhone()
      for (const method of [
        'getLocationFromPhonePrefix',
        'getSubscriberByID',
        'createSubscriber',
        'getResourceDetails',
        'reserveResource',
      ]) {
        sims.oss.faults.add({ kind, method })
      }

      const reservation = await retried(() => reserve(phone))
      const again = await reserve(phone)

      expect(sims.oss.reservations(phone)).toHaveLength(1)
      expect(again.id).toBe(reservation.id)
      expect(reservation).toMatchObject({ state: 'reserved', phone })
      expect(reservation.bukht).toMatch(/^1-/)
      expect(sims.oss.faults.list()).toEqual([])
    })

    test('a full centre refuses, and a port that becomes free is given', async () => {
      const phone = aPhone('071320')
      const { ossSubscriberId } = await subscribe(phone)
      const wish = { ossSubscriberId, phone, technology: 'adsl' as const, owner, hours: 72 as const }

      expect(await failureOf(oss.reservePort(wish, 'k'))).toMatchObject({
        code: 'NO_FREE_PORT',
        vendor: { code: '101' },
      })
      await command(sims.oss.url, 'free-port', { centre: 'shiraz-zand' })

      expect(await oss.reservePort(wish, 'k')).toMatchObject({ state: 'reserved' })
    })

    test('a line of another owner is refused to the owner and given to a tenant', async () => {
      const phone = '02188055597'
      const { ossSubscriberId } = await subscribe(phone)
      const wish = { ossSubscriberId, phone, technology: 'adsl' as const, hours: 48 as const }

      expect(await failureOf(oss.reservePort({ ...wish, owner }, 'k'))).toMatchObject({ code: 'OWNER_MISMATCH' })
      expect(await oss.reservePort({ ...wish, owner: { ...owner, type: 'tenant' } }, 'k')).toMatchObject({
        state: 'reserved',
      })
    })

    test.each(spoilers)('a line goes from reservation to service although every call meets %s', async (kind) => {
      const phone = aPhone()
      const { id: reservationId } = await reserve(phone)
      for (const method of ['reinstallADSLPort', 'activateResource', 'getReserveResourceStatus'])
        sims.oss.faults.add({ kind, method })

      const { requestId } = await retried(() => oss.requestInstallation({ reservationId, phone }, 'k'))
      expect(await oss.installationStatus({ requestId })).toMatchObject({ state: 'awaiting-ranging' })
      sims.clock.advance(2_000)
      expect(await oss.installationStatus({ requestId })).toMatchObject({ state: 'ranged' })
      const active = await retried(() => oss.activatePort({ reservationId }, 'k'))

      expect(active.state).toBe('active')
      expect(sims.oss.reservations(phone)).toMatchObject([{ state: 'active', rangingRequests: 1 }])
      expect(await oss.getPort({ phone })).toMatchObject({
        portId: expect.any(String),
        servicePorts: [{ vpi: 0, vci: 35, vlan: 101 }],
      })
    })

    test('activation before ranging is refused, and so is a port that is not the one reserved', async () => {
      const early = await reserve(aPhone())
      expect(await failureOf(oss.activatePort({ reservationId: early.id }, 'k'))).toMatchObject({ code: 'WRONG_STATE' })

      const line = await ranged(aPhone())
      const expected = { bukht: line.bukht ?? '', port: line.port ?? '' }
      await oss.requestPortChange({ reservationId: line.id, reason: 'faulty' }, 'k')
      expect(await failureOf(oss.activatePort({ reservationId: line.id, expected }, 'k'))).toMatchObject({
        code: 'PORT_CHANGED',
      })
    })

    test('a wish that the telephone company sends back can be sent again', async () => {
      const phone = aPhone()
      const { id: reservationId } = await reserve(phone)
      await oss.requestInstallation({ reservationId, phone }, 'k')
      await command(sims.oss.url, 'ranging', { phone, result: 'returned' })
      expect(await oss.installationStatus({ requestId: reservationId })).toMatchObject({ state: 'returned' })

      await oss.resendRanging({ phone }, 'k2')
      await command(sims.oss.url, 'ranging', { phone, result: 'ranged' })
      expect(await oss.installationStatus({ requestId: reservationId })).toMatchObject({ state: 'ranged' })
    })

    test('a reservation can be cancelled before ranging, once is enough, and its port is free again', async () => {
      const phone = aPhone()
      const free = sims.oss.ports('tehran-vanak').free
      const { id: reservationId } = await reserve(phone)
      sims.oss.faults.add({ kind: 'loseAnswer', method: 'cancelReserveResource' })

      await retried(() => oss.cancelReservation({ reservationId, reason: 'changed my mind' }, 'k'))
      await oss.cancelReservation({ reservationId, reason: 'changed my mind' }, 'k')

      expect(sims.oss.ports('tehran-vanak').free).toBe(free)
      const line = await ranged(aPhone())
      expect(await failureOf(oss.cancelReservation({ reservationId: line.id, reason: 'late' }, 'k'))).toMatchObject({
        code: 'WRONG_STATE',
      })
    })

    test('an unused reservation runs out and the line can be reserved anew', async () => {
      const phone = aPhone()
      const first = await reserve(phone)
      sims.clock.advance(49 * 3_600_000)

      expect(await oss.getReservation({ reservationId: first.id })).toMatchObject({ state: 'expired' })
      expect((await reserve(phone)).id).not.toBe(first.id)
    })

    test('collection frees the port only when the telephone company has done it', async () => {
      const line = await ranged(aPhone())
      await oss.activatePort({ reservationId: line.id }, 'k')

      const { requestId } = await oss.requestCollection({ reservationId: line.id, reason: 'end of contract' }, 'k')
      expect(await oss.installationStatus({ requestId })).toMatchObject({ state: 'awaiting-collection' })
      sims.clock.advance(2_000)
      expect(await oss.installationStatus({ requestId })).toMatchObject({ state: 'evacuated' })
      expect(await oss.getPort({ phone: line.phone })).toBeNull()
    })

    test('ranging time, announcement and port list work where the vendor has them', async () => {
      const phone = aPhone()
      const { id: reservationId } = await reserve(phone)
      await oss.requestInstallation({ reservationId, phone }, 'k')
      const at = new Date(sims.clock.nowMs() + 3_600_000).toISOString()
      await oss.changeRangingTime({ requestId: reservationId, at }, 'k')
      sims.clock.advance(10_000)
      expect(await oss.installationStatus({ requestId: reservationId })).toMatchObject({ state: 'awaiting-ranging' })
      sims.clock.advance(3_600_000)
      expect(await oss.installationStatus({ requestId: reservationId })).toMatchObject({ state: 'ranged' })
      await oss.announceInstallation({ requestId: reservationId, what: 'installed', at }, 'k')

      const free = await oss.portReport({ centreId: 'esfahan-markazi', state: 'free', limit: 3 })
      expect(free.items).toHaveLength(3)
      expect(free.items[0]).toMatchObject({ state: 'free', centreId: 'esfahan-markazi' })
      expect(free.nextCursor).toBe('3')
    })

    test('ranging time and announcement are NOT_SUPPORTED where the vendor lacks them', async () => {
      const plain = createOss({ ...subject(sims), extensions: false } as OssConfig)
      const at = new Date().toISOString()
      for (const failure of [
        await failureOf(plain.changeRangingTime({ requestId: '1', at }, 'k')),
        await failureOf(plain.announceInstallation({ requestId: '1', what: 'evacuated', at }, 'k')),
        await failureOf(plain.portReport({ limit: 1 })),
      ]) {
        expect(failure).toMatchObject({ name: 'Refused', code: 'NOT_SUPPORTED' })
      }
    })

    test('a fault report gets a ticket', async () => {
      const { id: reservationId } = await reserve(aPhone())
      const ticket = {
        title: 'قطعی',
        description: 'سینک نیست',
        coordinatorName: 'علی',
        coordinatorMobile: '09121234567',
      }
      expect(await oss.openFault({ reservationId, ...ticket }, 'k')).toEqual({ ticketId: expect.any(String) })
    })

    test('a system that is down is Unavailable, a wrong key is refused', async () => {
      const other = await startSims()
      const lost = createOss(subject(other))
      await other.close()

      expect(await failureOf(lost.locate('02188012310'))).toBeInstanceOf(Unavailable)
      expect(await lost.health()).toMatchObject({ ok: false })
      expect(await oss.health()).toMatchObject({ ok: true })
      const wrong = createOss({ ...subject(sims), auth: 'wrong' } as OssConfig)
      expect(await failureOf(wrong.locate('02188012310'))).toMatchObject({ name: 'Refused', code: 'AUTH' })
    })
  })
}

for (const name of Object.keys(subjects).filter(
  (n): n is 'arousha' => subjects[n as OssAdapterName] === 'unconfigured',
)) {
  test(`the OSS adapter ${name} says NotConfigured and names all that is missing`, async () => {
    const oss = createOss({ adapter: name })
    const addressed = createOss({ adapter: name, url: 'https://oss.example' })

    for (const failure of [await failureOf(oss.locate('02188012310')), await failureOf(oss.health())]) {
      expect(failure).toBeInstanceOf(NotConfigured)
      expect(failure.message).toContain('url, operations.locate, operations.checkFeasibility')
    }
    expect((await failureOf(addressed.health())).message).not.toContain('url,')
  })
}

test('the suite covers every adapter of the registry', () => {
  expect(Object.keys(subjects).sort()).toEqual(Object.keys(ossAdapters).sort())
})

async function command(url: string, name: string, body: object): Promise<void> {
  const answer = await fetch(`${url}/_sim/${name}`, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(await answer.text())
}
