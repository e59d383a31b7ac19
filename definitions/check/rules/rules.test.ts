import { describe, expect, test } from '@jest/globals'
import type { Json } from '../../../domain/json.ts'
import { smallOrder } from '../examples/small-order.ts'
import type { Finding } from '../finding.ts'
import { check } from '../index.ts'
import { mergePatch } from '../merge-patch.ts'
import type { Example } from '../rule.ts'
import { someCatalogues } from '../samples.ts'
import { rules } from './index.ts'

function found(example: Example): Finding[] {
  if ('text' in example) return check(example.text, someCatalogues)
  const definition = mergePatch(smallOrder() as unknown as Json, example.change)
  return check(JSON.stringify(definition), { ...someCatalogues, ...example.catalogues })
}
const severities = { E: 'error', W: 'warning', I: 'info' } as const

test('the small order that all examples change has neither error nor warning', () => {
  expect(found({ change: {} }).filter(({ severity }) => severity !== 'info')).toEqual([])
})

describe('every rule finds its fault in its own example, and nothing in the cure', () => {
  test.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, { fails, passes }) => {
    const findings = found(fails).filter(({ rule }) => rule === id)

    expect(findings.length).toBeGreaterThan(0)
    expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set([severities[id[0] as 'E' | 'W' | 'I']]))
    for (const { path, message } of findings) {
      expect(path).toMatch(/^\$/)
      expect(message.fa).not.toBe(message.en)
    }
    if (id !== 'I01') expect(found(passes).filter(({ rule }) => rule === id)).toEqual([])
  })
})

test('rules are one of each, and have words in both languages', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  for (const { title, about } of rules)
    for (const words of [title, about]) expect([words.fa, words.en].every((text) => text.length > 3)).toBe(true)
})
