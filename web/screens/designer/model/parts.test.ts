import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { activities } from '../../../../definitions/catalogue/activities.ts'
import { calendars } from '../../../../definitions/catalogue/calendars.ts'
import { roles } from '../../../../definitions/catalogue/roles.ts'
import { sources } from '../../../../definitions/catalogue/sources.ts'
import { evaluate } from '../../../../definitions/condition.ts'
import type { Condition, Definition, Form } from '../../../../definitions/format.ts'
import { declaring, factsFor } from './facts.ts'
import { emptyForm, type Field, fieldsOf, withFields } from './form-fields.ts'
import { fromQuery, toQuery, typedValue } from './query.ts'

const names = [
  'adsl-order',
  'adsl-installation',
  'debt-collection',
  'fault-ticket',
  'leave-request',
  'prepaid-renewal',
  'reserve-service',
  'service-change',
  'temporary-connection',
  'wireless-order',
]
const seeds = names.map((name) => JSON.parse(readFileSync(`definitions/seeds/${name}.json`, 'utf8')) as Definition)
const [adsl] = seeds
if (adsl === undefined) throw new Error('no seed')
const catalogues = { activities, roles, calendars, sources, templates: {}, processes: { known: [], complete: false } }

const leaf = fc.oneof(
  fc.record({
    fact: fc.constantFrom('a', 'b', 'c'),
    operator: fc.constantFrom('equal' as const, 'notEqual' as const),
    value: fc.boolean(),
  }),
  fc.record({
    fact: fc.constant('a'),
    path: fc.constant('$.x'),
    operator: fc.constant('equal' as const),
    value: fc.constant({ fact: 'b', path: '$.y' }),
  }),
  fc.record({ condition: fc.constantFrom('one', 'two') }),
)
const { condition: conditions } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    leaf as fc.Arbitrary<Condition>,
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }) as fc.Arbitrary<Condition>,
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }) as fc.Arbitrary<Condition>,
    fc.record({ not: tie('condition') }) as fc.Arbitrary<Condition>,
  ),
}))

describe('guards in the builder', () => {
  test('a condition that went through the builder decides as before, whatever the facts', () => {
    const named: Record<string, Condition> = {
      one: { fact: 'a', operator: 'equal', value: true },
      two: { fact: 'b', operator: 'equal', value: true },
    }
    fc.assert(
      fc.property(conditions, fc.boolean(), fc.boolean(), fc.boolean(), (condition, a, b, c) => {
        const back = fromQuery(toQuery(condition))
        if (back === undefined) throw new Error('lost')
        const read = (fact: string) => ({ value: { a, b, c }[fact] ?? null })
        expect(evaluate(back, named, read).truth).toBe(evaluate(condition, named, read).truth)
      }),
      { numRuns: 500 },
    )
  })

  test('a fact of the catalogue is declared when a guard first asks it, with the order it is about', () => {
    const asked: Condition = {
      fact: 'crm.customerStanding',
      path: '$.documentsVerified',
      operator: 'equal',
      value: true,
    }
    const { condition, facts } = declaring(adsl, catalogues, asked)
    expect(condition).toEqual({ ...asked, fact: 'customerStanding' })
    expect(facts).toEqual([
      {
        path: '$.facts.customerStanding',
        value: expect.objectContaining({ source: 'crm', params: { id: { $ctx: '$.customerId' } } }),
      },
    ])
    expect(
      declaring(adsl, catalogues, { fact: 'debt', path: '$.debtRial', operator: 'equal', value: 0 }).facts,
    ).toEqual([])
  })

  test('a guard is offered the data of the order, of its form and of the answer that it follows', () => {
    const form = factsFor(adsl, catalogues, '$.states.presale.states.manualFeasibility.on.DECIDE_FEASIBILITY[0]')
    expect(form.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['ctx|$.paidRial', 'event|$.feasible', 'debt|$.debtRial']),
    )
    const answer = factsFor(adsl, catalogues, '$.states.presale.states.feasibility.invoke[0].onDone[0]')
    expect(answer.some(({ group }) => group === 'answer')).toBe(true)
  })

  test('typed words become what the fact holds', () => {
    expect(typedValue('12', 'number', '=')).toBe(12)
    expect(typedValue('a، b', 'text', 'in')).toEqual(['a', 'b'])
    expect(typedValue('true', 'boolean', '=')).toBe(true)
  })
})

describe('forms as lists of fields', () => {
  test('a form of the shipped definitions that is only looked at stays as it is', () => {
    const forms = seeds.flatMap(({ forms: each }) => Object.values(each ?? {}))
    expect(forms.length).toBeGreaterThan(10)
    const sorted = (form: Form) => ({
      ...form,
      schema: {
        ...(form.schema as object),
        required: [...((form.schema as { required?: string[] }).required ?? [])].sort(),
      },
    })
    for (const form of forms) {
      const again = withFields(form, fieldsOf(form))
      expect(sorted(again)).toEqual(sorted(form))
    }
  })

  test('what a person lists is what the schema asks, and reads back the same', () => {
    const fields: Field[] = [
      {
        name: 'nationalCard',
        type: 'file',
        label: { fa: 'کارت ملی', en: 'National card' },
        required: true,
        options: [],
      },
      {
        name: 'verdict',
        type: 'choice',
        label: { fa: 'نتیجه', en: 'Verdict' },
        required: true,
        options: [{ value: 'ok', label: { fa: 'درست', en: 'Right' } }],
      },
      { name: 'issuedOn', type: 'date', label: { fa: 'تاریخ صدور', en: 'Issued on' }, required: false, options: [] },
      { name: 'feeRial', type: 'money', label: { fa: 'هزینه', en: 'Fee' }, required: false, options: [] },
    ]
    const form = withFields(emptyForm({ fa: 'بررسی', en: 'Check' }), fields)
    expect(fieldsOf(form)).toEqual(fields)
    expect(form.schema).toMatchObject({
      required: ['nationalCard', 'verdict'],
      properties: { verdict: { enum: ['ok'] }, issuedOn: { format: 'date' } },
    })
    expect(form.steps[0]?.fields).toEqual(['nationalCard', 'verdict', 'issuedOn', 'feeRial'])
  })
})
