import { useMemo } from 'react'
import { usePreferences } from '../shell/preferences.tsx'
import { createFormat, type Format } from './format.ts'

/** The formats of the reader; new only when he changes a choice. */
export function useFormat(): Format {
  const { lang, calendar, currency } = usePreferences()
  return useMemo(() => createFormat({ lang, calendar, currency }), [lang, calendar, currency])
}
