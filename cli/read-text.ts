import { readFileSync } from 'node:fs'
import type { Text } from '../domain/errors.ts'
import type { Terminal } from './terminal.ts'

/** The text of a file; undefined, one sentence and exit code 1 where it cannot be read. */
export function readText(file: string, json: boolean, { write, fail }: Terminal): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error)
    const { en, fa } = unreadable[code] ?? { en: `cannot be read (${code})`, fa: `خوانده نشد (${code})` }
    const message = { en: `${file} ${en}`, fa: `پروندهٔ ${file} ${fa}` }
    write(json ? `${JSON.stringify({ code, message }, null, 2)}\n` : `${message.en}\n${message.fa}\n`)
    fail()
    return undefined
  }
}

const unreadable: Record<string, Text> = {
  ENOENT: { en: 'does not exist', fa: 'وجود ندارد' },
  EISDIR: { en: 'is a folder, not a file', fa: 'پوشه است، نه پرونده' },
  EACCES: { en: 'may not be read by you', fa: 'برای شما خواندنی نیست' },
}
