import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface TemplateText {
  subject: string | null
  body: string
}

export interface TemplateFiles {
  find(key: string, channel: string, locale: 'fa' | 'en'): TemplateText | null
  /** `key` of each message that has a text, sorted. */
  keys(): string[]
}

/** Reads the shipped texts, `fa/<key>.<channel>.hbs` and `en/…`, once. The first line of an e-mail is its subject; an inbox entry without a text of its own takes that of the SMS. */
export function readTemplates(folder = fileURLToPath(new URL('.', import.meta.url))): TemplateFiles {
  const texts = new Map<string, string>()
  for (const locale of ['fa', 'en'])
    for (const file of readdirSync(join(folder, locale)).filter((name) => name.endsWith('.hbs')))
      texts.set(
        `${locale}/${file.slice(0, -'.hbs'.length)}`,
        readFileSync(join(folder, locale, file), 'utf8').trimEnd(),
      )

  return {
    find(key, channel, locale) {
      const text =
        texts.get(`${locale}/${key}.${channel}`) ??
        (channel === 'inbox' ? texts.get(`${locale}/${key}.sms`) : undefined)
      if (text === undefined) return null
      if (channel !== 'email') return { subject: null, body: text }
      const [subject = '', ...rest] = text.split('\n')
      return { subject: subject.replace(/^Subject:\s*/i, ''), body: rest.join('\n').trimStart() }
    },
    keys: () => [...new Set([...texts.keys()].map((name) => name.slice(3, name.lastIndexOf('.'))))].sort(),
  }
}
