import { afterAll, describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../domain/json.ts'
import { createRenderer } from './renderer.ts'

const quick = createRenderer({ limitMs: 20_000 })
afterAll(() => quick.close())
const codeOf = (rendering: Promise<string>) =>
  rendering.then(
    (text) => text,
    (error: { code?: string }) => error.code,
  )
const fa = (text: string, data: JsonObject = {}) => ({ text, data, locale: 'fa' as const })
/** As much as the bounds of `render` allow, with a date to read at each step: far more than a millisecond. */
const heavy = fa(`{{#each list}}${'{{clock @root.at}}'.repeat(499)}{{/each}}`, {
  list: Array.from({ length: 20 }, () => ({})),
  at: '2026-11-24T08:00:00Z',
})

describe('texts are rendered in a thread of their own (A12)', () => {
  test('in order, with the same text and the same faults as `render`', async () => {
    const texts = await Promise.all(['یک', 'دو', 'سه'].map((name) => quick.render(fa('{{name}}', { name }))))

    expect(texts).toEqual(['یک', 'دو', 'سه'])
    await expect(quick.render(fa('one\n  {{lookup a b}}'))).rejects.toMatchObject({
      code: 'BadTemplate',
      place: 'line 2, column 3',
      text: { fa: expect.any(String), en: expect.any(String) },
    })
    expect(await codeOf(quick.render(fa('{{a}}{{a}}', { a: 'x'.repeat(40_000) })))).toBe('TemplateTooLarge')
  })

  test('a text that takes too long is cut, and the next one gets a new thread', async () => {
    const hasty = createRenderer({ limitMs: 1 })
    const patient = createRenderer({ limitMs: 20_000 })

    expect(await codeOf(hasty.render(heavy))).toBe('TemplateTooSlow')
    expect(await codeOf(hasty.render(heavy))).toBe('TemplateTooSlow')
    expect((await patient.render(heavy)).length).toBe(499 * 20 * 5)
    await Promise.all([hasty.close(), patient.close()])
  })

  test('a text that fills the memory of the thread ends there, and the process lives', async () => {
    const deep = 'x'.repeat(3_000_000)
    const data = { list: Array.from({ length: 30 }, (_, i) => `${deep}${i}`) }

    expect(await codeOf(quick.render(fa('{{#each list}}{{digits this}}{{/each}}', data)))).toBe('TemplateTooLarge')
    expect(await quick.render(fa('{{a}}', { a: 'هنوز' }))).toBe('هنوز')
  })

  test('more than two hundred that wait are refused', async () => {
    const crowd = Array.from({ length: 230 }, () => codeOf(quick.render(fa('x'))))
    const answers = await Promise.all(crowd)

    expect(answers.filter((answer) => answer === 'x')).toHaveLength(200)
    expect(answers.filter((answer) => answer === 'RendererBusy')).toHaveLength(30)
  })
})
