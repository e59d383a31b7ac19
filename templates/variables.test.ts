import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { notificationsOf } from '../definitions/check/walk.ts'
import type { Definition } from '../definitions/format.ts'
import { readTemplates } from './files.ts'
import { variablesOf } from './syntax.ts'

/** What the sender adds to every message. */
const always = ['customerName', 'orderNumber', 'phone']
const folder = new URL('../definitions/seeds/', import.meta.url)
const texts = readTemplates()

test('a text reads only what its message brings', () => {
  const missing = readdirSync(folder).flatMap((file) => {
    const definition = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Definition
    return notificationsOf(definition).flatMap(({ value: { template, channels, data = {} }, path }) =>
      channels.flatMap((channel) =>
        (['fa', 'en'] as const).flatMap((locale) => {
          const text = texts.find(template, channel, locale)
          return variablesOf(`${text?.subject ?? ''}${text?.body ?? ''}`)
            .filter((name) => !always.includes(name) && !Object.hasOwn(data, name))
            .map((name) => `${file} ${path} ${locale}/${template}.${channel}: ${name}`)
        }),
      ),
    )
  })

  expect(missing).toEqual([])
})

test('variables are read through helpers and blocks, not inside each', () => {
  expect(variablesOf('{{a}} {{rial b}} {{#if c}}{{d}}{{else}}{{e}}{{/if}}{{#each f}}{{g}}{{/each}}')).toEqual([
    'a',
    'b',
    'c',
    'd',
    'e',
    'f',
  ])
})
