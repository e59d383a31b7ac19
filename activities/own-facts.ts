import type { Db } from '../db/client.ts'
import { customerById, documentsVerified } from '../db/customers.ts'
import { debtOf, invoiceById } from '../db/invoices.ts'
import { settledOn } from '../db/payments.ts'
import { subscriptionById } from '../db/subscriptions.ts'
import { availableOf } from '../db/wallets.ts'
import type { JsonObject } from '../domain/json.ts'
import type { OssGateway } from '../gateways/oss/port.ts'
import type { FactSources } from './facts.ts'

/** What guards may ask of our own tables and systems, by source and query; definitions/catalogue/sources.ts describes each. */
export function createOwnFacts({ db, oss }: { db: Db; oss: OssGateway }): FactSources['own'] {
  const id = (params: JsonObject) => (typeof params['id'] === 'string' ? params['id'] : '')
  return {
    crm: {
      async customerStanding(params) {
        const customer = await customerById(db, id(params))
        return { blocked: customer === null, documentsVerified: await documentsVerified(db, id(params)) }
      },
    },
    billing: {
      async proformaBalance(params) {
        const proforma = await invoiceById(db, id(params))
        const dueRial = proforma === null ? 0 : Math.max(0, proforma.totalRial - (await settledOn(db, proforma.id)))
        return { dueRial, settled: proforma !== null && dueRial === 0 }
      },
      async resellerCredit(params) {
        return { availableRial: await availableOf(db, `2110:${id(params)}`) }
      },
      async customerDebt(params) {
        return { ...(await debtOf(db, id(params))) }
      },
    },
    oss: {
      async centreCapacity(params) {
        const { items } = await oss.portReport({ centreId: id(params), state: 'free', limit: 200 })
        return { freePorts: items.length }
      },
    },
    subscription: {
      async standing(params) {
        const subscription = await subscriptionById(db, id(params))
        return { expiresAt: subscription?.expiresAt ?? null, status: subscription?.status ?? 'unknown' }
      },
    },
  }
}
