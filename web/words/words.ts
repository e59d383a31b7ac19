import { useCallback } from 'react'
import type { Text } from '../../domain/errors.ts'
import { usePreferences } from '../shell/preferences.tsx'

/** Words of one screen or part: a Text for each key, so that no language can lack one. `{name}` is filled by the caller. */
export type Words = Readonly<Record<string, Text>>

/** Says the words of a table in the language of the reader; an unknown key does not compile. */
export type Say<W extends Words> = (key: keyof W, values?: Record<string, string | number>) => string

/** The words of a table in the present language. Numbers among `values` come formatted, since only the caller knows their unit. */
export function useWords<W extends Words>(words: W): Say<W> {
  const { lang } = usePreferences()
  return useCallback((key, values) => filled(words[key]?.[lang] ?? String(key), values), [words, lang])
}

/** A Text of the server in the present language; the other one where it is missing. */
export function useText(): (text: Text | null | undefined) => string {
  const { lang } = usePreferences()
  return useCallback((text) => text?.[lang] || text?.fa || text?.en || '', [lang])
}

function filled(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
