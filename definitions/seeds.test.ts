import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { shippedCatalogues } from '../cli/shipped-catalogues.ts'
import { check } from './check/index.ts'
import type { Definition } from './format.ts'

const folder = new URL('./seeds/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
const catalogues = shippedCatalogues()

describe('every shipped definition', () => {
  test.each(files)('%s passes the lint, says why each warning may stand, and tests each of its outcomes', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    const findings = check(text, { ...catalogues, processes: { ...catalogues.processes, complete: true } })
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(
      findings.filter(({ severity, acknowledged }) => severity === 'warning' && acknowledged === undefined),
    ).toEqual([])

    const definition = JSON.parse(text) as Definition
    const tested = new Set(
      (definition.tests ?? []).flatMap(({ steps }) => steps.flatMap(({ expect: wish }) => wish?.outcome ?? [])),
    )
    const reachable = JSON.stringify(definition.states)
    const outcomes = Object.keys(definition.outcomes).filter((id) => reachable.includes(`"outcome":"${id}"`))
    expect(outcomes.filter((id) => !tested.has(id) && id !== 'cancelled')).toEqual([])
  })
})
