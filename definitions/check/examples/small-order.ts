import type { Definition } from '../../format.ts'

const text = (en: string, fa: string) => ({ fa, en })

/** A small order without any fault: paid, reserved, done. It can be cancelled before payment, expires, and tries a port three times. The examples of all rules are changes of it. */
export function smallOrder(): Definition {
  return {
    format: 'samfony.process/1',
    id: 'small',
    version: 1,
    label: text('Small order', 'سفارش کوچک'),
    subject: 'order',
    stages: [
      { id: 'sales', label: text('Sales', 'فروش') },
      { id: 'network', label: text('Network', 'شبکه') },
    ],
    context: {
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['customerId', 'centreId', 'phone'],
        properties: {
          customerId: { type: 'string' },
          centreId: { type: 'string' },
          phone: { type: 'string' },
          portId: { type: ['string', 'null'] },
        },
      },
      initial: { portId: null },
    },
    facts: {
      customer: {
        source: 'crm',
        query: 'customerStanding',
        params: { id: { $ctx: '$.customerId' } },
        type: { type: 'object', required: ['blocked'], properties: { blocked: { type: 'boolean' } } },
      },
    },
    guards: { welcome: { fact: 'customer', path: '$.blocked', operator: 'equal', value: false } },
    events: {
      PAY: { kind: 'external', label: text('Paid', 'پرداخت شد') },
      CANCEL: { kind: 'user', label: text('Cancel', 'لغو'), form: 'reason' },
    },
    forms: {
      reason: {
        schema: { type: 'object', required: ['reason'], properties: { reason: { type: 'string', maxLength: 200 } } },
        steps: [{ id: 'why', label: text('Why', 'چرا'), fields: ['reason'] }],
      },
    },
    calendars: { office: 'ir-office', sms: 'ir-sms-hours' },
    outcomes: {
      done: { kind: 'success', label: text('Done', 'انجام شد') },
      cancelled: { kind: 'cancelled', label: text('Cancelled', 'لغو شد') },
      noPort: { kind: 'failure', label: text('No port', 'پورت نیست') },
    },
    requires: [
      { id: 'payFirst', check: 'passesThrough', to: 'outcome:done', via: 'tag:paid' },
      { id: 'keepNothing', check: 'never', to: 'outcome:cancelled', via: 'tag:paid' },
      { id: 'ends', check: 'finallyReaches', to: 'outcome:*' },
    ],
    on: { PAY: [{ otherwise: true }] },
    initial: 'waiting',
    states: {
      waiting: {
        label: text('Waiting', 'در انتظار پرداخت'),
        stage: 'sales',
        tmfState: 'acknowledged',
        owner: 'sales',
        on: {
          PAY: [{ target: '#reserving', guard: { condition: 'welcome' }, tags: ['paid'] }],
          CANCEL: [{ target: '#cancelled', allow: [{ role: 'sales' }] }],
        },
        after: [{ id: 'expire', delay: 'P3D', calendar: 'office', then: [{ target: '#cancelled' }] }],
      },
      reserving: {
        label: text('Reserving', 'رزرو پورت'),
        stage: 'network',
        tmfState: 'inProgress',
        invoke: [
          {
            id: 'reservePort',
            activity: 'oss.reservePort',
            input: { centreId: { $ctx: '$.centreId' }, phone: { $ctx: '$.phone' }, technology: 'adsl2plus' },
            compensate: { activity: 'oss.releasePort', input: { portId: { $output: '$.portId' } } },
            onDone: [{ target: '#done', actions: [{ type: 'assign', set: { portId: { $output: '$.portId' } } }] }],
            onError: [{ errors: ['NoFreePort'], target: '#held' }],
          },
        ],
      },
      held: {
        label: text('No port', 'پورت آزاد نیست'),
        stage: 'network',
        tmfState: 'held',
        after: [
          {
            id: 'again',
            delay: 'P1D',
            then: [
              { target: '#reserving', guard: { fact: 'visits', path: '$.held', operator: 'lessThan', value: 3 } },
              { target: '#noPort', otherwise: true },
            ],
          },
        ],
      },
      done: {
        label: text('Done', 'انجام شد'),
        stage: 'network',
        tmfState: 'completed',
        type: 'final',
        outcome: 'done',
        entry: [
          {
            type: 'notify',
            notify: { channels: ['sms'], template: 'adsl.welcome', to: 'customer', calendar: 'sms' },
          },
        ],
      },
      cancelled: {
        label: text('Cancelled', 'لغو شد'),
        stage: 'sales',
        tmfState: 'cancelled',
        type: 'final',
        outcome: 'cancelled',
      },
      noPort: {
        label: text('Given up', 'بی‌نتیجه'),
        stage: 'network',
        tmfState: 'failed',
        type: 'final',
        outcome: 'noPort',
      },
    },
    tests: [
      {
        name: 'paid and reserved',
        given: { facts: { customer: { blocked: false } } },
        steps: [{ send: 'PAY' }, { complete: 'reservePort', output: { portId: 'P1' }, expect: { outcome: 'done' } }],
      },
      { name: 'expires', steps: [{ advance: 'P10D', expect: { outcome: 'cancelled' } }] },
      {
        name: 'cancelled by sales',
        steps: [
          { send: 'CANCEL', by: { role: 'sales' }, payload: { reason: 'a whim' }, expect: { outcome: 'cancelled' } },
        ],
      },
      {
        name: 'three times no port',
        given: { facts: { customer: { blocked: false } } },
        steps: [
          { send: 'PAY' },
          { send: 'PAY' },
          { fail: 'reservePort', error: 'NoFreePort', expect: { in: ['#held'] } },
          { advance: 'P1D' },
          { fail: 'reservePort', error: 'NoFreePort' },
          { advance: 'P1D' },
          { fail: 'reservePort', error: 'NoFreePort' },
          { advance: 'P1D', expect: { outcome: 'noPort' } },
        ],
      },
    ],
  }
}
