import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { createMachine } from 'xstate'
import { DomainError } from '../../domain/errors.ts'
import type { Json } from '../../domain/json.ts'
import { canonicalText } from '../canonical.ts'
import { smallOrder } from '../check/examples/small-order.ts'
import { check } from '../check/index.ts'
import { someCatalogues } from '../check/samples.ts'
import type { Definition } from '../format.ts'
import { exportDefinition, importDefinition, importFormats } from './formats.ts'
import { tableColumns, transitionRows } from './transition-table.ts'
import { exportXState } from './xstate-export.ts'

const seeds = new URL('../seeds/', import.meta.url)
const shipped = [
  ...readdirSync(seeds).map((file) => [file, readFileSync(new URL(file, seeds), 'utf8')] as const),
  ['adsl-install.json', readFileSync(new URL('../check/examples/adsl-install.json', import.meta.url), 'utf8')] as const,
]
const canonical = (definition: Definition) => canonicalText(definition as unknown as Json)

describe.each(importFormats)('out as %s and in again', (format) => {
  test.each(shipped)('%s comes back whole', async (_file, text) => {
    const definition = JSON.parse(text) as Definition
    const back = importDefinition(await exportDefinition(definition, format, 'en'), format)

    expect(canonical(back)).toBe(canonical(definition))
  })
})

test('the canonical text is the same whatever the order of keys', async () => {
  const turned = Object.fromEntries(Object.entries(smallOrder()).reverse()) as unknown as Definition

  expect(await exportDefinition(turned, 'json', 'en')).toBe(await exportDefinition(smallOrder(), 'json', 'en'))
})

test.each(shipped)('XState itself takes the export of %s', (_file, text) => {
  const definition = JSON.parse(text) as Definition
  const machine = createMachine(exportXState(definition) as never)

  expect(Object.keys(machine.root.states).sort()).toEqual(Object.keys(definition.states).sort())
})

const foreignXState = {
  id: 'light',
  initial: 'green',
  states: {
    green: { on: { 'timer.done': 'yellow' }, after: { 30000: { target: 'yellow', guard: 'busy' } } },
    yellow: { always: [{ target: '#stop', guard: { type: 'busy' } }, { target: 'green' }] },
    red: {
      id: 'stop',
      initial: 'walk',
      states: { walk: { on: { NEXT: { target: 'wait' } } }, wait: { type: 'final' } },
      onDone: 'gone',
    },
    gone: { type: 'final' },
  },
}
const foreignScxml = `<?xml version="1.0"?>
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" name="light" initial="green">
  <state id="green">
    <onentry><send event="late" delay="30s"/></onentry>
    <transition event="late" cond="busy" target="yellow"/>
    <transition event="timer.done" target="yellow"/>
  </state>
  <state id="yellow"><transition cond="busy" target="red"/><transition target="green"/></state>
  <state id="red">
    <initial><transition target="walk"/></initial>
    <state id="walk"><transition event="NEXT" target="wait"/></state>
    <final id="wait"/>
    <transition event="done.state.red" target="gone"/>
  </state>
  <final id="gone"/>
</scxml>`

describe('a foreign document gives its structure, and the lint lists what is missing', () => {
  const structure = {
    id: 'light',
    initial: 'green',
    states: {
      green: {
        on: { TIMER_DONE: [{ target: '#yellow' }] },
        after: [{ id: 'after1', delay: 'PT30S', then: [{ target: '#yellow', guard: { condition: 'busy' } }] }],
      },
      yellow: { always: [{ target: '#red', guard: { condition: 'busy' } }, { target: '#green' }] },
      red: {
        initial: 'walk',
        states: { walk: { on: { NEXT: [{ target: '#red.wait' }] } }, wait: { type: 'final' } },
        onDone: [{ target: '#gone' }],
      },
      gone: { type: 'final', outcome: 'gone' },
    },
    events: { TIMER_DONE: { kind: 'user' }, NEXT: { kind: 'user' } },
    outcomes: { gone: { kind: 'success' } },
  }
  test.each([
    ['xstate', JSON.stringify(foreignXState)],
    ['scxml', foreignScxml],
  ] as const)('%s', (format, text) => {
    const found = importDefinition(text, format)
    const rules = new Set(check(JSON.stringify(found), someCatalogues).map(({ rule }) => rule))

    expect(found).toMatchObject(structure)
    expect(rules.has('E01')).toBe(false)
    expect(rules.has('E14')).toBe(true)
  })
})

describe('what has no counterpart is refused, with its place and the reason in both languages', () => {
  const wrap = (body: string) =>
    `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="a">\n<state id="a">${body}</state></scxml>`
  const cases: [what: string, format: 'xstate' | 'scxml', text: string, place: RegExp][] = [
    [
      'a wildcard',
      'xstate',
      JSON.stringify({ initial: 'a', states: { a: { on: { '*': 'a' } } } }),
      /^\$\.states\.a\.on/,
    ],
    [
      'two targets',
      'xstate',
      JSON.stringify({ initial: 'a', states: { a: { on: { X1: { target: ['a', 'b'] } } } } }),
      /target$/,
    ],
    ['a named action', 'xstate', JSON.stringify({ initial: 'a', states: { a: { entry: ['log'] } } }), /entry\[0\]$/],
    [
      'a named delay',
      'xstate',
      JSON.stringify({ initial: 'a', states: { a: { after: { soon: 'a' } } } }),
      /after\.soon$/,
    ],
    ['half a second', 'xstate', JSON.stringify({ initial: 'a', states: { a: { after: { 500: 'a' } } } }), /after/],
    ['an unknown key', 'xstate', JSON.stringify({ initial: 'a', states: { a: { activities: [] } } }), /activities$/],
    ['a promise', 'xstate', JSON.stringify({ initial: 'a', states: { a: { invoke: { src: 'fetchUser' } } } }), /src$/],
    ['an unknown id', 'xstate', JSON.stringify({ initial: 'a', states: { a: { always: '#nowhere' } } }), /always/],
    ['a script', 'scxml', wrap('<onentry><script>x()</script></onentry>'), /^line 2/],
    ['an expression', 'scxml', wrap('<transition event="e1" cond="x &gt; 1" target="a"/>'), /^line 2/],
    ['data', 'scxml', wrap('<datamodel/>'), /^line 2/],
    ['an unknown target', 'scxml', wrap('<transition event="e1" target="b"/>'), /^line 2/],
    ['a document type', 'scxml', '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', /^line 1/],
    ['no XML', 'scxml', '<scxml', /^line 1/],
    ['data of the whole', 'scxml', '<scxml xmlns="http://www.w3.org/2005/07/scxml"><datamodel/></scxml>', /^line 1/],
    ['another root', 'scxml', '<html/>', /^line 1/],
  ]
  test.each(cases)('%s (%s)', (_what, format, text, place) => {
    const fault = (() => {
      try {
        importDefinition(text, format)
        return undefined
      } catch (error) {
        return error
      }
    })()

    expect(fault).toBeInstanceOf(DomainError)
    expect(fault).toMatchObject({ code: 'NotImportable', place: expect.stringMatching(place) })
    expect((fault as DomainError).text.fa).not.toBe((fault as DomainError).text.en)
  })
})

describe('the transition table', () => {
  test('has a row of words for each transition', () => {
    const rows = transitionRows(smallOrder(), 'fa')

    expect(rows).toHaveLength(8)
    expect(rows[2]).toEqual({
      from: 'waiting',
      fromLabel: 'در انتظار پرداخت',
      trigger: 'on:CANCEL',
      triggerLabel: 'لغو',
      guard: '',
      who: 'فروش (subtree)',
      to: 'cancelled',
      toLabel: 'لغو شد',
      form: 'reason',
      deadline: '',
      actions: '',
      tags: '',
    })
    expect(transitionRows(smallOrder(), 'en')[3]).toMatchObject({ deadline: '3 days', toLabel: 'Cancelled' })
    expect(Object.keys(rows[0] ?? {})).toEqual(Object.keys(tableColumns))
  })
})

test('a picture has every state and every arrow, in the words of its language, and no script', async () => {
  const svg = await exportDefinition(smallOrder(), 'svg', 'fa')

  for (const id of ['waiting', 'reserving', 'held', 'done', 'cancelled', 'noPort'])
    expect(svg).toContain(`<g id="${id}">`)
  expect(svg.match(/marker-end/g)).toHaveLength(7)
  expect(svg).toContain('در انتظار پرداخت')
  expect(svg).toContain('direction="rtl"')
  expect(svg).not.toMatch(/<script|onload|href=/)
  expect(svg).not.toContain('NaN')
})
