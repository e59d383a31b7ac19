import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { calendars } from '../catalogue/calendars.ts'
import { smallOrder } from '../check/examples/small-order.ts'
import { check } from '../check/index.ts'
import { someCatalogues } from '../check/samples.ts'
import { compile } from '../compile.ts'
import type { Definition, DefinitionTest } from '../format.ts'
import { simulate } from '../simulate.ts'
import { runTests } from './run.ts'
import { testFromSimulation } from './save.ts'

const graphOf = (definition: Definition) => compile(definition, { calendars }, '')
const run = (definition: Definition) => runTests(definition, graphOf(definition))
const startMs = Date.parse('2026-05-02T06:00:00Z')
const seeds = new URL('../seeds/', import.meta.url)

describe('coverage', () => {
  test('counts each state, candidate and outcome that the tests touch', () => {
    const { results, coverage } = run(smallOrder())

    expect(results.map(({ passed }) => passed)).toEqual([true, true, true, true])
    expect(coverage.states).toEqual({ total: 6, covered: 6, missed: [] })
    expect(coverage.candidates).toEqual({ total: 8, covered: 8, missed: [] })
    expect(coverage.outcomes).toEqual({ total: 3, covered: 3, missed: [] })
  })

  test('names the places that none touches', () => {
    const definition = smallOrder()
    definition.tests = definition.tests?.slice(1, 3) ?? []

    expect(run(definition).coverage).toEqual({
      states: { total: 6, covered: 2, missed: ['reserving', 'held', 'done', 'noPort'].map((id) => `$.states.${id}`) },
      candidates: {
        total: 8,
        covered: 2,
        missed: [
          '$.on.PAY[0]',
          '$.states.waiting.on.PAY[0]',
          '$.states.reserving.invoke[0].onDone[0]',
          '$.states.reserving.invoke[0].onError[0]',
          '$.states.held.after[0].then[0]',
          '$.states.held.after[0].then[1]',
        ],
      },
      outcomes: { total: 3, covered: 1, missed: ['$.outcomes.done', '$.outcomes.noPort'] },
    })
  })

  test('a test that cannot be run has failed, and says why', () => {
    const definition = smallOrder()
    definition.tests = [{ name: 'wrong', steps: [{ advance: 'P1000000Y' }] }]

    expect(run(definition).results).toMatchObject([{ passed: false, failures: [{ path: '$.tests[0]' }] }])
  })
})

describe('a simulation saved as a test', () => {
  const saved = (test: DefinitionTest) =>
    testFromSimulation('saved', test.given ?? {}, simulate(graphOf(smallOrder()), { ...test, name: 'played' }, startMs))

  test('holds on the same definition, with place, outcome, effects and refusals as expectations', () => {
    const test_ = saved({
      name: '',
      given: { facts: { customer: { blocked: false } } },
      steps: [
        { send: 'CANCEL', by: { role: 'customer' }, payload: { reason: 'x' } },
        { send: 'PAY' },
        { fail: 'reservePort', error: 'Strange' },
      ],
    })
    const definition = { ...smallOrder(), tests: [...(smallOrder().tests ?? []), test_] }

    expect(test_.steps.map(({ expect: wish }) => wish)).toEqual([
      { in: ['#waiting'], rejected: 'Forbidden' },
      { in: ['#reserving'], effects: ['tag:paid'] },
      { in: ['#reserving'], effects: ['incident:reserving/reservePort'], incident: true },
    ])
    expect(check(JSON.stringify(definition), someCatalogues).filter(({ severity }) => severity !== 'info')).toEqual([])
  })

  test('fails where a later version behaves otherwise', () => {
    const later = smallOrder()
    Object.assign(later.states['waiting']?.after?.[0] ?? {}, { delay: 'P30D' })
    later.tests = [saved({ name: '', steps: [{ advance: 'P10D' }] })]

    expect(run(later).results).toMatchObject([{ passed: false }])
  })

  test.each(readdirSync(seeds))('every own test of %s, saved again, holds', (file) => {
    const definition = JSON.parse(readFileSync(new URL(file, seeds), 'utf8')) as Definition
    const graph = graphOf(definition)
    const again = {
      ...definition,
      tests: (definition.tests ?? []).map((test) =>
        testFromSimulation(test.name, test.given ?? {}, simulate(graph, test, startMs)),
      ),
    }

    expect(runTests(again, graph).results.filter(({ passed }) => !passed)).toEqual([])
  })
})
