import type { Definition, State, Transition } from '../definitions/format.ts'
import type { JsonObject } from '../domain/json.ts'
import type { Actor } from '../domain/transition.ts'

/** An event that a person fires, with what he fills in. */
export interface Press {
  event: string
  payload: JsonObject | null
  actor: Actor
}

/** The order's data at the start; ids only, as in a real order. */
export const context: JsonObject = {
  customerId: '5b2b7c3e-7d0c-4a57-9c0f-0c9d3b1f8e11',
  partnerId: 'arya',
  centreId: 'thr-1',
  productId: 'adsl-16',
}

const person = (id: string, role: string): Actor => ({
  id,
  name: 'سارا احمدی',
  roles: [{ role, scopes: ['own', 'subtree'] }],
})

/** The road of one order: six events by four people. */
export const road: Press[] = [
  { event: 'SUBMIT', payload: { phone: '02188776655', documents: true }, actor: person('u-17', 'sales') },
  { event: 'APPROVE', payload: { amountRial: 4_850_000 }, actor: person('u-31', 'backoffice') },
  { event: 'CONFIRM_PAYMENT', payload: { ref: '140509031277', paidRial: 4_850_000 }, actor: person('u-44', 'finance') },
  { event: 'ASSIGN_PORT', payload: { port: 'A-12-7' }, actor: person('u-31', 'backoffice') },
  { event: 'INSTALL', payload: { modemSerial: 'ZX-110-8841', visits: 1 }, actor: person('u-52', 'technician') },
  { event: 'CLOSE', payload: null, actor: person('u-17', 'sales') },
]

/** The states on that road, the first one included. */
export const path = ['draft', 'review', 'payment', 'ranging', 'visit', 'check', 'active']

/**
 * A small installation as a company would write it: seven states, each user event with a role and a scope, forms with
 * schemas, guards on the order, the form and the actor, two pairs of eyes, and a way back beside the way forward.
 */
export const installation: Definition = {
  format: 'samfony.process/1',
  id: 'bench-installation',
  version: 1,
  label: text('نصب', 'Installation'),
  subject: 'installation',
  stages: [
    { id: 'sales', label: text('فروش', 'Sales') },
    { id: 'field', label: text('نصب', 'Field work') },
  ],
  context: {
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['customerId', 'partnerId', 'centreId', 'productId'],
      properties: {
        customerId: { type: 'string' },
        partnerId: { type: 'string' },
        centreId: { type: 'string' },
        productId: { type: 'string' },
        phone: { type: ['string', 'null'] },
        documents: { type: 'boolean' },
        amountRial: { type: ['integer', 'null'], minimum: 0 },
        paidRial: { type: 'integer', minimum: 0 },
        paymentRef: { type: ['string', 'null'] },
        port: { type: ['string', 'null'] },
        modemSerial: { type: ['string', 'null'] },
        visits: { type: 'integer', minimum: 0 },
      },
    },
    initial: {
      phone: null,
      documents: false,
      amountRial: null,
      paidRial: 0,
      paymentRef: null,
      port: null,
      modemSerial: null,
      visits: 0,
    },
  },
  guards: {
    paid: {
      fact: 'ctx',
      path: '$.paidRial',
      operator: 'greaterThanInclusive',
      value: { fact: 'ctx', path: '$.amountRial' },
    },
  },
  events: {
    SUBMIT: { kind: 'user', label: text('ثبت', 'Submit'), form: 'request' },
    APPROVE: { kind: 'user', label: text('تایید', 'Approve'), form: 'approval' },
    SEND_BACK: { kind: 'user', label: text('برگشت', 'Send back') },
    CONFIRM_PAYMENT: { kind: 'user', label: text('تایید پرداخت', 'Confirm payment'), form: 'payment' },
    ASSIGN_PORT: { kind: 'user', label: text('تخصیص پورت', 'Assign port'), form: 'port' },
    INSTALL: { kind: 'user', label: text('نصب شد', 'Installed'), form: 'visit' },
    CLOSE: { kind: 'user', label: text('پایان', 'Close') },
  },
  forms: {
    request: form({ phone: { type: 'string', pattern: '^0[0-9]{10}$' }, documents: { type: 'boolean' } }),
    approval: form({ amountRial: { type: 'integer', minimum: 1 } }),
    payment: form({ ref: { type: 'string', minLength: 6 }, paidRial: { type: 'integer', minimum: 1 } }),
    port: form({ port: { type: 'string', minLength: 2 } }),
    visit: form({ modemSerial: { type: 'string', minLength: 4 }, visits: { type: 'integer', minimum: 1, maximum: 3 } }),
  },
  outcomes: { active: { kind: 'success', label: text('فعال', 'Active') } },
  initial: 'draft',
  states: {
    draft: step('sales', 'sales', {
      SUBMIT: [
        {
          target: '#review',
          guard: { fact: 'event', path: '$.documents', operator: 'equal', value: true },
          allow: [{ role: 'sales', scope: 'own' }, { role: 'backoffice' }],
          actions: assign({ phone: { $event: '$.phone' }, documents: { $event: '$.documents' } }),
        },
      ],
    }),
    review: step('sales', 'backoffice', {
      APPROVE: [
        {
          target: '#payment',
          guard: { all: [{ fact: 'ctx', path: '$.documents', operator: 'equal', value: true }] },
          allow: [{ role: 'backoffice', notActorOf: 'SUBMIT' }],
          actions: assign({ amountRial: { $event: '$.amountRial' } }),
        },
      ],
      SEND_BACK: [{ target: '#draft', allow: [{ role: 'backoffice' }] }],
    }),
    payment: step('sales', 'finance', {
      CONFIRM_PAYMENT: [
        {
          target: '#ranging',
          guard: {
            fact: 'event',
            path: '$.paidRial',
            operator: 'greaterThanInclusive',
            value: { fact: 'ctx', path: '$.amountRial' },
          },
          allow: [{ role: 'finance' }],
          actions: assign({ paidRial: { $event: '$.paidRial' }, paymentRef: { $event: '$.ref' } }),
        },
      ],
      SEND_BACK: [{ target: '#review', allow: [{ role: 'finance' }] }],
    }),
    ranging: step('field', 'backoffice', {
      ASSIGN_PORT: [
        {
          target: '#visit',
          guard: { condition: 'paid' },
          allow: [{ role: 'backoffice', scope: 'subtree' }],
          actions: assign({ port: { $event: '$.port' } }),
        },
      ],
    }),
    visit: step('field', 'technician', {
      INSTALL: [
        {
          target: '#check',
          guard: {
            all: [
              { fact: 'ctx', path: '$.port', operator: 'notEqual', value: null },
              { not: { fact: 'visits', path: '$.visit', operator: 'greaterThan', value: 3 } },
            ],
          },
          allow: [{ role: 'technician', scope: 'own' }],
          actions: assign({ modemSerial: { $event: '$.modemSerial' }, visits: { $event: '$.visits' } }),
        },
      ],
      SEND_BACK: [{ target: '#ranging', allow: [{ role: 'technician', scope: 'own' }] }],
    }),
    check: step('field', 'sales', {
      CLOSE: [
        {
          target: '#active',
          guard: {
            all: [{ condition: 'paid' }, { fact: 'ctx', path: '$.modemSerial', operator: 'notEqual', value: null }],
          },
          allow: [{ role: 'sales', notActorOf: 'INSTALL' }],
        },
      ],
      SEND_BACK: [{ target: '#visit', allow: [{ role: 'sales' }] }],
    }),
    active: { type: 'final', outcome: 'active', label: text('فعال', 'Active'), tmfState: 'completed' },
  },
}

function text(fa: string, en: string) {
  return { fa, en }
}

function form(properties: Record<string, JsonObject>) {
  const fields = Object.keys(properties)
  return {
    schema: { type: 'object', required: fields, properties },
    steps: [{ id: 'only', label: text('داده‌ها', 'Data'), fields }],
  }
}

function assign(set: JsonObject): NonNullable<Transition['actions']> {
  return [{ type: 'assign', set }]
}

function step(stage: string, owner: string, on: Record<string, Transition[]>): State {
  return { label: text('گام', 'Step'), stage, owner, tmfState: 'inProgress', on }
}
