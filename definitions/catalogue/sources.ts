import type { Text } from '../../domain/errors.ts'
import type { JsonObject } from '../../domain/json.ts'

/** One question that guards may ask a source: its parameters by name, and the type of the answer. */
export interface SourceQuery {
  label: Text
  params: string[]
  answer: JsonObject
}

const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties })

/**
 * The built-in fact sources and their queries. A company adds foreign ones (another database, an HTTP service) in the
 * database; the caller lays them over these before a check.
 */
export const sources: Record<string, Record<string, SourceQuery>> = {
  billing: {
    customerDebt: {
      label: { fa: 'بدهی مشترک', en: 'Debt of the customer' },
      params: ['id'],
      answer: object({ debtRial: { type: 'integer' }, openInvoices: { type: 'integer' } }),
    },
    proformaBalance: {
      label: { fa: 'مانده پیش‌فاکتور', en: 'Balance of the proforma' },
      params: ['id'],
      answer: object({ dueRial: { type: 'integer' }, settled: { type: 'boolean' } }),
    },
    resellerCredit: {
      label: { fa: 'اعتبار نماینده', en: 'Credit of the reseller' },
      params: ['id'],
      answer: object({ availableRial: { type: 'integer' } }),
    },
  },
  crm: {
    customerStanding: {
      label: { fa: 'وضعیت مشترک', en: 'Standing of the customer' },
      params: ['id'],
      answer: object({ blocked: { type: 'boolean' }, documentsVerified: { type: 'boolean' } }),
    },
  },
  oss: {
    centreCapacity: {
      label: { fa: 'ظرفیت مرکز', en: 'Capacity of the exchange' },
      params: ['id'],
      answer: object({ freePorts: { type: 'integer' } }),
    },
  },
  subscription: {
    standing: {
      label: { fa: 'وضعیت اشتراک', en: 'Standing of the subscription' },
      params: ['id'],
      answer: object({ expiresAt: { type: ['string', 'null'] }, status: { type: 'string' } }),
    },
  },
}
