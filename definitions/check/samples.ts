import { activities } from '../catalogue/activities.ts'
import { calendars } from '../catalogue/calendars.ts'
import { roles } from '../catalogue/roles.ts'
import { sources } from '../catalogue/sources.ts'
import type { Definition } from '../format.ts'
import type { CheckCatalogues } from './finding.ts'

/** For tests: the shipped catalogues, with a few templates and one known process. */
export const someCatalogues: CheckCatalogues = {
  activities,
  roles,
  calendars,
  sources,
  templates: { 'adsl.welcome': ['sms', 'email'] },
  processes: { known: ['child'], complete: true },
}

const text = (en: string) => ({ fa: en, en })

/** For tests: a small order that passes every check. Pay, reserve, done; it can be cancelled before payment, and expires. */
export function aDefinition(): Definition {
  return {
    format: 'samfony.process/1',
    id: 'small',
    version: 1,
    label: text('Small order'),
    subject: 'order',
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
        type: { type: 'object', properties: { blocked: { type: 'boolean' } } },
      },
    },
    guards: { welcome: { fact: 'customer', path: '$.blocked', operator: 'equal', value: false } },
    events: {
      PAY: { kind: 'external', label: text('Paid') },
      CANCEL: { kind: 'user', label: text('Cancel'), form: 'reason' },
    },
    forms: {
      reason: {
        schema: { type: 'object', required: ['reason'], properties: { reason: { type: 'string', maxLength: 200 } } },
        steps: [{ id: 'why', label: text('Why'), fields: ['reason'] }],
      },
    },
    calendars: { office: 'ir-office' },
    outcomes: {
      done: { kind: 'success', label: text('Done') },
      cancelled: { kind: 'cancelled', label: text('Cancelled') },
    },
    requires: [
      { id: 'payFirst', check: 'passesThrough', to: 'outcome:done', via: 'tag:paid' },
      { id: 'keepNothing', check: 'never', to: 'outcome:cancelled', via: 'tag:paid' },
      { id: 'ends', check: 'finallyReaches', to: 'outcome:*' },
    ],
    initial: 'waiting',
    states: {
      waiting: {
        label: text('Waiting'),
        owner: 'sales',
        on: {
          PAY: [{ target: '#reserving', guard: { condition: 'welcome' }, tags: ['paid'] }],
          CANCEL: [{ target: '#cancelled', allow: [{ role: 'sales' }] }],
        },
        after: [{ id: 'expire', delay: 'P3D', calendar: 'office', then: [{ target: '#cancelled' }] }],
      },
      reserving: {
        label: text('Reserving'),
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
        label: text('No port'),
        after: [{ id: 'again', delay: 'P1D', then: [{ target: '#reserving' }] }],
      },
      done: {
        label: text('Done'),
        type: 'final',
        outcome: 'done',
        entry: [{ type: 'notify', notify: { channels: ['sms'], template: 'adsl.welcome', to: 'customer' } }],
      },
      cancelled: { label: text('Cancelled'), type: 'final', outcome: 'cancelled' },
    },
    tests: [
      {
        name: 'paid and reserved',
        given: { facts: { customer: { blocked: false } } },
        steps: [{ send: 'PAY' }, { complete: 'reservePort', output: { portId: 'P1' }, expect: { outcome: 'done' } }],
      },
      { name: 'expires', steps: [{ advance: 'P10D', expect: { outcome: 'cancelled' } }] },
    ],
  }
}
