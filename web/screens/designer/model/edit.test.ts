import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { canonicalText } from '../../../../definitions/canonical.ts'
import { activities } from '../../../../definitions/catalogue/activities.ts'
import { calendars } from '../../../../definitions/catalogue/calendars.ts'
import { roles } from '../../../../definitions/catalogue/roles.ts'
import { sources } from '../../../../definitions/catalogue/sources.ts'
import { check } from '../../../../definitions/check/index.ts'
import type { Definition } from '../../../../definitions/format.ts'
import type { Json } from '../../../../domain/json.ts'
import { copy, readFragment } from './clipboard.ts'
import { edit } from './edit.ts'
import { begin, record, redo, undo } from './history.ts'
import { roadsOf, transitionsOf } from './roads.ts'
import { stateAt, stateOf, statesOf } from './states.ts'
import { valueAt, withValue } from './tree.ts'

const read = (name: string) => JSON.parse(readFileSync(`definitions/seeds/${name}.json`, 'utf8')) as Definition
const adsl = read('adsl-order')
const text = (definition: Definition) => canonicalText(definition as unknown as Json)
const errorsOf = (definition: Definition) =>
  check(JSON.stringify(definition), {
    activities,
    roles,
    calendars,
    sources,
    templates: {},
    processes: { known: [], complete: false },
  }).filter(({ severity, rule, path }) => severity === 'error' && !(rule === 'E02' && path.includes('template')))

const documentCheck = {
  label: { fa: 'بررسی مدارک', en: 'Document check' },
  stage: 'sales',
  owner: 'sales',
}
const label = { fa: 'مدارک کامل است', en: 'Documents are complete' }

describe('edit', () => {
  test('a state "document check" with a road in and a road out passes the checks of the ADSL order', () => {
    const added = edit(adsl, { type: 'addState', parent: 'presale', key: 'documentCheck', state: documentCheck })
    const cut = edit(added, {
      type: 'set',
      path: '$.states.presale.states.proforma.invoke[0].onDone[0].target',
      value: '#presale.documentCheck',
    })
    const out = edit(cut, {
      type: 'connect',
      from: 'presale.documentCheck',
      to: 'presale.awaitingPayment',
      trigger: {
        kind: 'on',
        name: 'DOCUMENTS_COMPLETE',
        declare: { kind: 'user', label },
        allow: [{ role: 'sales', scope: 'subtree' }],
      },
    })
    expect(roadsOf(out).map(({ id }) => id)).toContain('presale.documentCheck>presale.awaitingPayment')
    // Its own tests do not know the new stop; nothing else may be wrong.
    expect(errorsOf(out).filter(({ rule }) => rule !== 'E35')).toEqual([])
  })

  test('no command changes the definition that it was given', () => {
    const before = text(adsl)
    edit(adsl, { type: 'removeState', id: 'presale.proforma' })
    edit(adsl, { type: 'renameState', id: 'paid', key: 'settled' })
    edit(adsl, { type: 'moveState', id: 'slipReview', parent: 'presale' })
    edit(adsl, { type: 'removeEvent', name: 'CANCEL' })
    edit(adsl, { type: 'paste', parent: 'refund', fragment: copy(adsl, ['presale']) })
    expect(text(adsl)).toBe(before)
  })

  test('a state called otherwise is still found by everything that names it, and back again gives the same definition', () => {
    const ids = statesOf(adsl).map(({ id }) => id)
    fc.assert(
      fc.property(fc.constantFrom(...ids), (id) => {
        const parent = id.split('.').slice(0, -1).join('.')
        const there = edit(adsl, { type: 'renameState', id, key: 'elsewhere' })
        expect(stateAt(there, id)).toBeUndefined()
        expect(JSON.stringify(there)).not.toContain(`"#${id}"`)
        const id2 = parent === '' ? 'elsewhere' : `${parent}.elsewhere`
        const back = edit(there, { type: 'renameState', id: id2, key: id.split('.').at(-1) ?? '' })
        expect(text(back)).toBe(text(adsl))
      }),
    )
    expect(errorsOf(edit(adsl, { type: 'renameState', id: 'presale', key: 'beforePayment' }))).toEqual([])
  })

  test('a guard that looks at a state follows its new name', () => {
    const installation = read('adsl-installation')
    const renamed = edit(installation, { type: 'renameState', id: 'fulfilment.line', key: 'copper' })
    expect(JSON.stringify(renamed)).toContain('"fulfilment.copper.ready"')
    expect(errorsOf(renamed)).toEqual([])
  })

  test('a state taken away takes the arrows to it along, and the beginning moves on', () => {
    const gone = edit(adsl, { type: 'removeState', id: 'presale.acceptance' })
    expect(gone.states['presale']?.initial).toBe('feasibility')
    expect(transitionsOf(gone).some(({ transition }) => transition.target === '#presale.acceptance')).toBe(false)
    const without = edit(adsl, { type: 'removeState', id: 'slipReview' })
    expect(valueAt(without, '$.states.presale.states.awaitingPayment.on.SUBMIT_SLIP')).toBeUndefined()
    expect(valueAt(without, '$.states.presale.states.awaitingPayment.on.PAYMENT_CONFIRMED')).toBeDefined()
  })

  test('a state moved into a group is named by its new place', () => {
    const moved = edit(adsl, { type: 'moveState', id: 'slipReview', parent: 'presale' })
    expect(stateAt(moved, 'presale.slipReview')).toBeDefined()
    expect(valueAt(moved, '$.states.presale.states.awaitingPayment.on.SUBMIT_SLIP[0].target')).toBe(
      '#presale.slipReview',
    )
    expect(edit(adsl, { type: 'moveState', id: 'presale', parent: 'presale.proforma' })).toBe(adsl)
  })

  test('an event called otherwise is so in states, forms of tests and rules on actors', () => {
    const renamed = edit(adsl, { type: 'renameEvent', name: 'SUBMIT_SLIP', to: 'HAND_IN_SLIP' })
    expect(JSON.stringify(renamed)).not.toContain('"SUBMIT_SLIP"')
    expect(errorsOf(renamed)).toEqual([])
  })

  test('states copied into another definition bring what they lean on, and keep the arrows among them', () => {
    const leave = read('leave-request')
    const fragment = readFragment(JSON.stringify(copy(adsl, ['slipReview', 'presale.awaitingPayment'])))
    if (fragment === undefined) throw new Error('no fragment')
    const pasted = edit(leave, { type: 'paste', parent: '', fragment })
    expect(pasted.events['SUBMIT_SLIP']).toEqual(adsl.events['SUBMIT_SLIP'])
    expect(pasted.forms?.['slip']).toBeDefined()
    expect(pasted.guards?.['settled']).toBeDefined()
    expect(valueAt(pasted, '$.states.awaitingPayment.on.SUBMIT_SLIP[0].target')).toBe('#slipReview')
    const twice = edit(pasted, { type: 'paste', parent: '', fragment })
    expect(valueAt(twice, '$.states.awaitingPayment2.on.SUBMIT_SLIP[0].target')).toBe('#slipReview2')
    expect(readFragment('{"states":{}}')).toBeUndefined()
  })

  test('what must not be empty goes with its last entry, and nothing else does', () => {
    const one = withValue(adsl, '$.states.presale.states.awaitingPayment.after[0]', undefined)
    expect(valueAt(one, '$.states.presale.states.awaitingPayment.after')).toBeUndefined()
    const form = withValue(adsl, '$.forms.feasibility.schema.required[0]', undefined)
    expect(valueAt(form, '$.forms.feasibility.schema.required')).toEqual([])
    expect(valueAt(withValue({ states: { on: { a: 1 } } }, '$.states.on.a', undefined), '$.states.on')).toEqual({})
  })

  test('the state of a place is the innermost one around it', () => {
    expect(stateOf('$.states.presale.states.proforma.invoke[0]')).toBe('presale.proforma')
    expect(stateOf('$.states.states.states.on.on.X[0]')).toBe('states.on')
    expect(stateOf('$.events.CANCEL')).toBe('')
  })
})

test('undo and redo walk the same road both ways, and forget what is too far back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 60 }), (steps) => {
      const end = steps.reduce((history, step) => record(history, { step }), begin({ step: -1 }))
      let back = end
      for (let i = 0; i < steps.length; i++) back = undo(back)
      expect(back.present).toEqual({ step: -1 })
      let again = back
      for (let i = 0; i < steps.length; i++) again = redo(again)
      expect(again.present).toEqual(end.present)
    }),
  )
  let long = begin(0)
  for (let i = 1; i <= 1000; i++) long = record(long, i)
  expect(long.past.length).toBe(200)
})
