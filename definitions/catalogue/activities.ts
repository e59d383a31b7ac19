import type { Text } from '../../domain/errors.ts'
import type { JsonObject } from '../../domain/json.ts'

/** What a definition may call, by name. `sideEffect`: it changes something outside. `money`: money really moves. `errors` are those a definition may answer by name. */
export interface ActivityEntry {
  label: Text
  queue: 'aaa' | 'oss' | 'payment' | 'billing' | 'engine'
  input: JsonObject
  output: JsonObject
  errors: string[]
  sideEffect: boolean
  money?: boolean
}

const text = { type: 'string' }
const maybeText = { type: ['string', 'null'] }
const flag = { type: 'boolean' }
const rial = { type: 'integer', minimum: 0 }
const instant = { type: 'string', format: 'date-time' }
const object = (properties: JsonObject, optional: string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
})
const nothing = object({})

/** The activities of this release. Their implementations carry the same names; a test compares the two lists. */
export const activities: Record<string, ActivityEntry> = {
  'aaa.changeProduct': {
    label: { fa: 'تغییر سرویس در AAA', en: 'Change the product in the AAA' },
    queue: 'aaa',
    input: object({ username: text, productId: text }),
    output: nothing,
    errors: ['UnknownUser', 'UnknownProduct'],
    sideEffect: true,
  },
  'aaa.createAccount': {
    label: { fa: 'ساخت حساب AAA', en: 'Create the AAA account' },
    queue: 'aaa',
    input: object({ customerId: text, productId: text, portId: maybeText }, ['portId']),
    output: object({ username: text }),
    errors: ['DuplicateUsername', 'UnknownProduct'],
    sideEffect: true,
  },
  'aaa.deleteAccount': {
    label: { fa: 'حذف حساب AAA', en: 'Delete the AAA account' },
    queue: 'aaa',
    input: object({ username: text }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'aaa.disable': {
    label: { fa: 'قطع سرویس', en: 'Disable the service' },
    queue: 'aaa',
    input: object({ username: text, reason: text }),
    output: nothing,
    errors: ['UnknownUser'],
    sideEffect: true,
  },
  'aaa.disconnect': {
    label: { fa: 'پایان نشست جاری', en: 'End the running session' },
    queue: 'aaa',
    input: object({ username: text }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'aaa.enable': {
    label: { fa: 'وصل سرویس', en: 'Enable the service' },
    queue: 'aaa',
    input: object({ username: text }),
    output: nothing,
    errors: ['UnknownUser'],
    sideEffect: true,
  },
  'aaa.renew': {
    label: { fa: 'تمدید در AAA', en: 'Renew in the AAA' },
    queue: 'aaa',
    input: object({ username: text, productId: text, until: { type: ['string', 'null'] } }, ['until']),
    output: object({ expiresAt: instant }),
    errors: ['UnknownUser', 'UnknownProduct'],
    sideEffect: true,
  },
  'aaa.reserveRenewal': {
    label: { fa: 'سرویس رزرو در AAA', en: 'Reserve the next period in the AAA' },
    queue: 'aaa',
    input: object({ username: text, productId: text }),
    output: nothing,
    errors: ['UnknownUser', 'AlreadyReserved'],
    sideEffect: true,
  },
  'aaa.temporaryConnect': {
    label: { fa: 'اتصال موقت', en: 'Temporary connection' },
    queue: 'aaa',
    input: object({ username: text, hours: { type: 'integer', minimum: 1, maximum: 168 } }),
    output: nothing,
    errors: ['UnknownUser', 'AlreadyUsed'],
    sideEffect: true,
  },
  'billing.chargeReseller': {
    label: { fa: 'کسر از اعتبار نماینده', en: 'Charge the reseller’s credit' },
    queue: 'billing',
    input: object({ resellerId: maybeText, proformaId: maybeText }),
    output: object({ ref: text }),
    errors: ['InsufficientCredit'],
    sideEffect: true,
    money: true,
  },
  'billing.convertToInvoice': {
    label: { fa: 'تبدیل پیش‌فاکتور به فاکتور', en: 'Turn the proforma into an invoice' },
    queue: 'billing',
    input: object({ proformaId: maybeText, paymentRef: maybeText }),
    output: object({ invoiceId: text }),
    errors: ['NotSettled'],
    sideEffect: true,
  },
  'billing.creditNote': {
    label: { fa: 'صدور برگشت از فروش', en: 'Issue a credit note' },
    queue: 'billing',
    input: object({ invoiceId: maybeText }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'billing.flagPartialPayment': {
    label: { fa: 'علامت پرداخت ناقص', en: 'Flag a partial payment' },
    queue: 'billing',
    input: object({ proformaId: maybeText, ref: text }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'billing.issueProforma': {
    label: { fa: 'صدور پیش‌فاکتور', en: 'Issue a proforma' },
    queue: 'billing',
    input: object({ orderId: text, productId: text, kind: text }, ['kind']),
    output: object({ proformaId: text, amountRial: rial }),
    errors: ['UnknownProduct', 'NotForSale', 'RejectedByRules'],
    sideEffect: true,
  },
  'billing.refund': {
    label: { fa: 'بازگشت وجه', en: 'Refund' },
    queue: 'payment',
    input: object({ customerId: text, amountRial: rial, paymentRef: maybeText }),
    output: object({ ref: text }),
    errors: ['AccountClosed'],
    sideEffect: true,
    money: true,
  },
  'billing.voidProforma': {
    label: { fa: 'ابطال پیش‌فاکتور', en: 'Void the proforma' },
    queue: 'billing',
    input: object({ proformaId: maybeText }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'oss.awaitCollection': {
    label: { fa: 'پیگیری جمع‌آوری', en: 'Wait for the collection' },
    queue: 'oss',
    input: object({ portId: maybeText }),
    output: object({ state: text }),
    errors: ['NotYet'],
    sideEffect: false,
  },
  'oss.awaitRanging': {
    label: { fa: 'پیگیری رانژه', en: 'Wait for the ranging' },
    queue: 'oss',
    input: object({ portId: maybeText }),
    output: object({ state: { enum: ['ranged', 'rejected'] }, reason: maybeText }, ['reason']),
    errors: ['NotYet'],
    sideEffect: false,
  },
  'oss.changePort': {
    label: { fa: 'تغییر پورت', en: 'Change the port' },
    queue: 'oss',
    input: object({ portId: maybeText, reason: text }),
    output: nothing,
    errors: ['NoFreePort'],
    sideEffect: true,
  },
  'oss.checkFeasibility': {
    label: { fa: 'امکان‌سنجی', en: 'Check feasibility' },
    queue: 'oss',
    input: object({ phone: text, centreId: text, productId: text, technology: maybeText }, ['productId', 'technology']),
    output: object({ feasible: flag, technology: maybeText, reason: maybeText }, ['technology', 'reason']),
    errors: ['UnknownPhone'],
    sideEffect: false,
  },
  'oss.openFault': {
    label: { fa: 'ثبت خرابی در OSS', en: 'Report a fault to the OSS' },
    queue: 'oss',
    input: object({ portId: maybeText, description: text }),
    output: object({ ticketId: text }),
    errors: [],
    sideEffect: true,
  },
  'oss.releasePort': {
    label: { fa: 'آزادسازی پورت', en: 'Release the port' },
    queue: 'oss',
    input: object({ portId: maybeText }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'oss.requestCollection': {
    label: { fa: 'درخواست جمع‌آوری', en: 'Request the collection' },
    queue: 'oss',
    input: object({ portId: maybeText }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'oss.requestRanging': {
    label: { fa: 'درخواست رانژه', en: 'Request the ranging' },
    queue: 'oss',
    input: object({ portId: maybeText }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'oss.rescheduleRanging': {
    label: { fa: 'تغییر زمان رانژه', en: 'Reschedule the ranging' },
    queue: 'oss',
    input: object({ portId: maybeText, date: text }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'oss.reservePort': {
    label: { fa: 'رزرو پورت', en: 'Reserve a port' },
    queue: 'oss',
    input: object({ centreId: text, phone: text, technology: maybeText, customerId: text }, ['customerId']),
    output: object({ portId: text, bukht: maybeText, dslam: maybeText }, ['bukht', 'dslam']),
    errors: ['NoFreePort', 'NotFeasible'],
    sideEffect: true,
  },
  'rules.decide': {
    label: { fa: 'تصمیم قواعد', en: 'Decide by rules' },
    queue: 'engine',
    input: object({ set: text, facts: { type: 'object' } }),
    output: object({ decision: text, reasons: { type: 'array' } }, ['reasons']),
    errors: ['UnknownRuleSet'],
    sideEffect: false,
  },
  'subscription.changeProduct': {
    label: { fa: 'تغییر سرویس اشتراک', en: 'Change the product of the subscription' },
    queue: 'billing',
    input: object({ subscriptionId: text, productId: text }),
    output: nothing,
    errors: ['UnknownSubscription'],
    sideEffect: true,
  },
  'subscription.end': {
    label: { fa: 'پایان اشتراک', en: 'End the subscription' },
    queue: 'billing',
    input: object({ subscriptionId: text }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'subscription.extend': {
    label: { fa: 'تمدید اشتراک', en: 'Extend the subscription' },
    queue: 'billing',
    input: object({ subscriptionId: text, productId: text }),
    output: object({ expiresAt: instant }),
    errors: ['UnknownSubscription'],
    sideEffect: true,
  },
  'subscription.open': {
    label: { fa: 'گشایش اشتراک', en: 'Open the subscription' },
    queue: 'billing',
    input: object({ orderId: text, username: maybeText, portId: maybeText }, ['portId']),
    output: object({ subscriptionId: text, expiresAt: instant }),
    errors: [],
    sideEffect: true,
  },
  'subscription.resume': {
    label: { fa: 'از سرگیری اشتراک', en: 'Resume the subscription' },
    queue: 'billing',
    input: object({ subscriptionId: text }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
  'subscription.suspend': {
    label: { fa: 'تعلیق اشتراک', en: 'Suspend the subscription' },
    queue: 'billing',
    input: object({ subscriptionId: text, reason: text }),
    output: nothing,
    errors: [],
    sideEffect: true,
  },
}
