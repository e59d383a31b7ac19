import '@daypicker/react/style.css'
import './calendar.css'
import { enUS as enJalali, faIR as faJalali, DayPicker as Jalali } from '@daypicker/persian'
import { type DateRange, DayPicker as Gregorian } from '@daypicker/react'
import { usePreferences } from '../../shell/preferences.tsx'
import { dayOf, localDate } from './day.ts'

interface One {
  mode: 'single'
  value: string | null
  onChange: (day: string | null) => void
}
interface Span {
  mode: 'range'
  value: { from: string | null; to: string | null }
  onChange: (range: { from: string | null; to: string | null }) => void
}

/** A month to pick days from, in the reader's calendar. Days are `YYYY-MM-DD` of the Gregorian calendar outside. */
export function Calendar(props: One | Span) {
  const { lang, calendar } = usePreferences()
  const month = localDate(props.mode === 'single' ? props.value : props.value.from) ?? new Date()
  const shared = { dir: lang === 'fa' ? 'rtl' : 'ltr', defaultMonth: month, captionLayout: 'dropdown' as const }
  const picked =
    props.mode === 'single'
      ? {
          mode: 'single' as const,
          selected: localDate(props.value),
          onSelect: (date: Date | undefined) => props.onChange(date === undefined ? null : dayOf(date)),
        }
      : {
          mode: 'range' as const,
          selected: { from: localDate(props.value.from), to: localDate(props.value.to) } as DateRange,
          onSelect: (range: DateRange | undefined) =>
            props.onChange({
              from: range?.from === undefined ? null : dayOf(range.from),
              to: range?.to === undefined ? null : dayOf(range.to),
            }),
        }
  if (calendar === 'gregorian') return <Gregorian {...shared} {...picked} />
  return (
    <Jalali
      {...shared}
      {...picked}
      locale={lang === 'fa' ? faJalali : enJalali}
      numerals={lang === 'fa' ? 'arabext' : 'latn'}
    />
  )
}
