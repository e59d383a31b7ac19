import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { DomainError } from '../domain/errors.ts'
import type { JsonObject } from '../domain/json.ts'
import { render } from './render.ts'

const fa = (text: string, data: JsonObject = {}) => render({ text, data, locale: 'fa' })
const en = (text: string, data: JsonObject = {}) => render({ text, data, locale: 'en' })
/** What this process has spent: unlike a clock, it does not count what else the machine does. */
const processorMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const codeOf = (text: unknown, data: JsonObject = {}): string => {
  try {
    return render({ text: text as string, data, locale: 'fa' })
  } catch (error) {
    return error instanceof DomainError ? error.code : `not ours: ${String(error)}`
  }
}

describe('helpers', () => {
  test('dates are Jalali days and times of Tehran, in the digits of the language', () => {
    const at = '2026-11-24T20:45:00Z'

    expect(fa('{{jalaliDate at}} {{clock at}}', { at })).toBe('۱۴۰۵/۰۹/۰۴ ۰۰:۱۵')
    expect(en('{{jalaliDate at}} {{clock at}}', { at })).toBe('1405/09/04 00:15')
  })

  test('amounts are grouped and exact, beyond 2^53 too', () => {
    expect(fa('{{rial a}} {{toman a}}', { a: 1_090_005 })).toBe('۱٬۰۹۰٬۰۰۵ ۱۰۹٬۰۰۰٫۵')
    expect(en('{{rial a}} {{toman a}}', { a: '123456789012345678901' })).toBe(
      '123,456,789,012,345,678,901 12,345,678,901,234,567,890.1',
    )
  })

  test('digits are those of the language', () => {
    expect(fa('{{digits n}}', { n: 'A-1403' })).toBe('A-۱۴۰۳')
    expect(en('{{digits n}}', { n: 'A-1403' })).toBe('A-1403')
  })

  test('what cannot be shown is shown as nothing', () => {
    expect(
      fa('[{{jalaliDate a}}{{clock b}}{{rial c}}{{toman d}}{{digits e}}{{f}}]', {
        a: null,
        b: 'soon',
        c: 1.5,
        d: {},
        e: [],
      }),
    ).toBe('[]')
  })
})

test('blocks choose and repeat', () => {
  expect(
    en('{{#if a}}yes{{else}}no{{/if}} {{#unless a}}no{{/unless}} {{#each list}}{{@index}}{{this}}{{/each}}', {
      a: 1,
      list: ['x', 'y'],
    }),
  ).toBe('yes  0x1y')
  expect(en('{{#each people}}{{name}} {{/each}}', { people: [{ name: 'A' }, { name: 'B' }] })).toBe('A B ')
})

test('a text is plain: nothing is escaped', () => {
  expect(en('{{name}}', { name: 'Ali & <Sons>' })).toBe('Ali & <Sons>')
})

describe('what a template may not do (A12)', () => {
  const refused: [what: string, text: unknown][] = [
    ['a parsed tree instead of a text', { type: 'Program', body: [] }],
    ['raw output', '{{{name}}}'],
    ['raw output with &', '{{&name}}'],
    ['a partial', '{{> secret}}'],
    ['a block partial', '{{#> layout}}x{{/layout}}'],
    ['an inline partial', '{{#*inline "a"}}x{{/inline}}'],
    ['a decorator', '{{* log}}'],
    ['lookup', '{{lookup this "constructor"}}'],
    ['log', '{{log this}}'],
    ['with', '{{#with this}}x{{/with}}'],
    ['a helper that does not exist', '{{shout name}}'],
    ['a block that is a variable', '{{#items}}x{{/items}}'],
    ['a sub-expression', '{{rial (digits a)}}'],
    ['constructor', '{{constructor}}'],
    ['a constructor in a path', '{{name.constructor.name}}'],
    ['__proto__', '{{__proto__}}'],
    ['a bracketed __proto__', '{{[__proto__].x}}'],
    ['a prototype for a helper', '{{digits this.constructor}}'],
    ['raw blocks', '{{{{raw}}}}x{{{{/raw}}}}'],
    ['blocks five deep', `${'{{#if a}}'.repeat(5)}x${'{{/if}}'.repeat(5)}`],
    ['a block without a value', '{{if}}'],
    ['a helper without a value', '{{rial}}'],
    ['a name for the items of a block', '{{#each a as |x|}}{{x}}{{/each}}'],
    ['a block that is turned round by a helper', '{{#if a}}x{{else with b}}y{{/if}}'],
    ['a path of nine parts', '{{a.b.c.d.e.f.g.h.i}}'],
    ['501 statements', '{{a}}'.repeat(501)],
    ['501 statements within a loop', `{{#each a}}${'{{a}}'.repeat(500)}{{/each}}`],
    ['70 KB', 'x'.repeat(70_000)],
    ['a block that never ends', 'line\n{{#if a}}x'],
  ]
  test.each(refused)('%s is refused', (_what, text) => {
    expect(codeOf(text)).toBe('BadTemplate')
  })

  test('inherited properties are shown as nothing', () => {
    expect(en('[{{lookup}}{{log}}{{helperMissing}}{{blockHelperMissing}}]')).toBe('[]')
    expect(en('[{{toString}}{{hasOwnProperty}}{{list.push}}{{valueOf}}]', { list: [] })).toBe('[]')
  })

  test('a loop bomb is cut within a second', () => {
    const list = Array.from({ length: 200 }, (_, i) => i)
    const startedMs = processorMs()

    expect(codeOf('{{#each a}}{{#each @root.a}}{{#each @root.a}}x{{/each}}{{/each}}{{/each}}', { a: list })).toBe(
      'TemplateTooLarge',
    )
    expect(processorMs() - startedMs).toBeLessThan(1000)
  })

  test.each(['{{a}}', '{{rial a}}', '{{jalaliDate @root.long}}', '{{#if a}}x{{/if}}'])(
    'a loop bomb that shows nothing ends within a second: %s',
    (statement) => {
      const list = Array.from({ length: 20 }, () => ({}))
      const body = statement.repeat(statement.startsWith('{{#') ? 249 : 499)
      const startedMs = processorMs()

      expect(en(`{{#each list}}${body}{{/each}}`, { list, long: 'x'.repeat(60_000) })).toBe('')
      expect(processorMs() - startedMs).toBeLessThan(1000)
    },
  )

  test('rounds times statements are limited though nothing is shown', () => {
    const rounds = (length: number) => ({ a: Array.from({ length }, () => ({})) })

    expect(codeOf('{{#each a}}{{b}}{{/each}}', rounds(5001))).toBe('TemplateTooLarge')
    expect(codeOf(`{{#each a}}${'{{b}}'.repeat(499)}{{/each}}`, rounds(21))).toBe('TemplateTooLarge')
    expect(en('{{#each a}}{{b}}{{/each}}', rounds(5000))).toBe('')
  })

  test('large values shown often are cut, by helpers and without', () => {
    const a = 'x'.repeat(2 ** 21)

    expect(codeOf('{{a}}'.repeat(500), { a })).toBe('TemplateTooLarge')
    expect(codeOf('{{digits a}}'.repeat(500), { a })).toBe('TemplateTooLarge')
  })

  test('an output beyond 64 KB is cut', () => {
    expect(codeOf('{{a}}{{a}}', { a: 'x'.repeat(40_000) })).toBe('TemplateTooLarge')
  })

  test('a broken text is told with its line', () => {
    const placeOf = (text: string) => {
      try {
        return fa(text)
      } catch (error) {
        return error instanceof DomainError ? error.place : String(error)
      }
    }

    expect(placeOf('one\ntwo {{#if a}}')).toMatch(/^line 2/)
    expect(placeOf('one\n  {{lookup a b}}')).toBe('line 2, column 3')
  })
})

describe('the shipped texts', () => {
  const folder = new URL('.', import.meta.url)
  const files = (locale: 'fa' | 'en') => readdirSync(new URL(locale, folder)).sort()

  test('stand in both languages', () => {
    expect(files('fa')).toEqual(files('en'))
  })

  test.each((['fa', 'en'] as const).flatMap((locale) => files(locale).map((file) => ({ locale, file }))))(
    '$locale/$file renders',
    ({ locale, file }) => {
      const text = readFileSync(new URL(`${locale}/${file}`, folder), 'utf8')

      expect(render({ text, data: {}, locale }).trim()).not.toBe('')
    },
  )
})
