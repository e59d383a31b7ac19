import type { Db } from '../db/client.ts'
import { customerById } from '../db/customers.ts'
import { orderById } from '../db/orders.ts'
import { DomainError } from '../domain/errors.ts'
import { nationalPhone } from '../domain/identity.ts'
import type { JsonObject } from '../domain/json.ts'
import { type OssGateway, type Technology, technologies } from '../gateways/oss/port.ts'
import { type Call, optionalTextOf, textOf } from './call.ts'
import { failing, notYet } from './failure.ts'

/** Ports and lines (OS1-OS6). `portId` of a definition is the reservation at the OSS. */
export function createOssActivities({ oss, db }: { oss: OssGateway; db: Db }) {
  /** The state of a port as the OSS has it; gone = nothing is held there any more. */
  const gone = new Set(['collected', 'cancelled', 'expired', 'free'])
  const stateOf = async (portId: string) => (await oss.getReservation({ reservationId: portId })).state

  return failing(
    {
      async 'oss.checkFeasibility'(call: Call): Promise<JsonObject> {
        const phone = nationalPhone(textOf(call, 'phone'))
        const technology = technologyOf(call)
        const { feasible, reason, text } = await oss.checkFeasibility({ phone, technology, checkOtherProviders: true })
        return { feasible, technology: feasible ? technology : null, reason, text }
      },

      async 'oss.reservePort'(call: Call): Promise<JsonObject> {
        const phone = nationalPhone(textOf(call, 'phone'))
        const owner = await ownerOf(db, call.orderId)
        const { ossSubscriberId } = await oss.createSubscriber(
          { ...owner, phone, legal: owner.kind === 'company' },
          call.key,
        )
        const person = { type: 'owner' as const, name: owner.name, family: owner.family, nationalId: owner.nationalId }
        const reserved = await oss.reservePort(
          { ossSubscriberId, phone, technology: technologyOf(call), owner: person, hours: 72 },
          call.key,
        )
        return {
          portId: reserved.id,
          bukht: reserved.bukht ?? null,
          dslam: reserved.dslam ?? null,
          port: reserved.port ?? null,
        }
      },

      /** Gives a port back. One that is wired already is collected first, and is free only when the telephone company says so. */
      async 'oss.releasePort'(call: Call): Promise<null> {
        const reservationId = textOf(call, 'portId')
        const state = await stateOf(reservationId)
        if (gone.has(state)) return null
        if (state === 'reserved') {
          await oss.cancelReservation({ reservationId, reason: 'released' }, call.key)
          return null
        }
        if (state !== 'awaiting-collection')
          await oss.requestCollection({ reservationId, reason: 'released' }, call.key)
        throw notYet(`port ${reservationId} is ${state}`)
      },

      async 'oss.requestRanging'(call: Call): Promise<JsonObject> {
        const reservationId = textOf(call, 'portId')
        const { phone, state } = await oss.getReservation({ reservationId })
        if (state !== 'reserved') return { requestId: reservationId }
        return oss.requestInstallation({ reservationId, phone }, call.key)
      },

      /** Asks how far the ranging is; the dialect has no push. */
      async 'oss.awaitRanging'(call: Call): Promise<JsonObject> {
        const state = await stateOf(textOf(call, 'portId'))
        if (state === 'ranged' || state === 'active') return { state: 'ranged', reason: null }
        if (state === 'returned' || gone.has(state)) return { state: 'rejected', reason: state }
        throw notYet(`ranging is ${state}`)
      },

      async 'oss.rescheduleRanging'(call: Call): Promise<null> {
        await oss.changeRangingTime({ requestId: textOf(call, 'portId'), at: textOf(call, 'date') }, call.key)
        return null
      },

      async 'oss.requestCollection'(call: Call): Promise<JsonObject> {
        const reservationId = textOf(call, 'portId')
        const state = await stateOf(reservationId)
        if (gone.has(state) || state === 'awaiting-collection') return { requestId: reservationId }
        return oss.requestCollection({ reservationId, reason: 'collection' }, call.key)
      },

      async 'oss.awaitCollection'(call: Call): Promise<JsonObject> {
        const state = await stateOf(textOf(call, 'portId'))
        if (gone.has(state)) return { state: 'collected' }
        throw notYet(`collection is ${state}`)
      },

      async 'oss.changePort'(call: Call): Promise<JsonObject> {
        const reservationId = textOf(call, 'portId')
        await oss.requestPortChange({ reservationId, reason: optionalTextOf(call, 'reason') ?? 'fault' }, call.key)
        return { portId: reservationId }
      },

      async 'oss.openFault'(call: Call): Promise<JsonObject> {
        const order = await orderById(db, call.orderId)
        const contact = { coordinatorName: 'Samfony', coordinatorMobile: order?.phone ?? '' }
        const wish = {
          reservationId: textOf(call, 'portId'),
          title: order?.number ?? call.orderId,
          description: optionalTextOf(call, 'description') ?? '',
        }
        return oss.openFault({ ...wish, ...contact }, call.key)
      },
    },
    {
      VALIDATION: 'BadInput',
      LINE_NOT_SUITABLE: 'NotFeasible',
      CENTRE_NOT_COVERED: 'NotFeasible',
      OTHER_PROVIDER: 'NotFeasible',
    },
  )
}

function technologyOf(call: Call): Technology {
  const wished = optionalTextOf(call, 'technology') ?? 'adsl'
  // `adsl2plus` of older definitions is the same line card.
  return technologies.find((known) => wished.startsWith(known)) ?? 'adsl'
}

async function ownerOf(db: Db, orderId: string) {
  const order = await orderById(db, orderId)
  const customer = order?.customerId == null ? null : await customerById(db, order.customerId)
  if (customer?.nationalId == null)
    throw new DomainError(
      'NoNationalId',
      { en: 'the customer has no national id', fa: 'شناسه ملی مشترک ثبت نشده است' },
      'customer.nationalId',
    )
  const [name = customer.name, ...family] = customer.name.split(' ')
  return { name, family: family.join(' ') || name, nationalId: customer.nationalId, kind: customer.kind }
}
