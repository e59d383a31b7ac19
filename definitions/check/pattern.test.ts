import { expect, test } from '@jest/globals'
import { patternFault } from './pattern.ts'

const good = [
  '^0[0-9]{10}$',
  '^[0-9]{10}$',
  '^\\d+$',
  '^[A-Z]{2}-\\d{4,6}$',
  '^(?:home|office)$',
  '^[^@\\s]+@[^@\\s]+$',
  '^IR\\d{24}$',
  '^([0-9a-f]{2}:){5}[0-9a-f]{2}$',
  'ADSL',
  '^[\\u0600-\\u06FF\\s]{2,60}$',
]

const bad = [
  '^(a+)+$',
  '^(a*)*$',
  '^(a|a)*$',
  '^(a|aa)+$',
  '(.*a){25}',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
  '^(?:.|\\n)*x$',
  '(x+x+)+y',
  '^\\s*|\\s*$',
  '^(\\w+\\s?)*$',
  '^(?=a+)a$',
  '^(?<!b)a$',
  '^(a)\\1$',
  '^.*.*.*$',
  '^a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaa$',
  '^a{0,300}a{0,300}a{0,300}$',
  '\\d+$',
  '^(a{1,9}){20}$',
  '[',
  `^${'a'.repeat(300)}$`,
]

test.each(good)('%s may come from a definition', (pattern) => {
  expect(patternFault(pattern)).toBeUndefined()
})

test.each(bad)('%s may not', (pattern) => {
  expect(patternFault(pattern)).toEqual(expect.any(String))
})

test('what is accepted answers within 100 ms on a hostile string of 1,000 characters', () => {
  const hostile = ['a', '0', ' ', 'A-', '@', 'ab:', 'x@x'].map((unit) => `${unit.repeat(1000).slice(0, 999)}!`)

  const slowest = Math.max(
    ...good.flatMap((pattern) =>
      hostile.map((text) => {
        const startedMs = performance.now()
        new RegExp(pattern, 'u').test(text)
        return performance.now() - startedMs
      }),
    ),
  )

  expect(slowest).toBeLessThan(100)
})
