import { Group, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core'
import type { Text } from '../../../../domain/errors.ts'
import { latin } from '../../../format/format.ts'
import { useText, useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { designerWords } from '../words.ts'

/** A label in both languages. */
export function LabelFields(props: {
  value: Text | undefined
  onChange: (value: Text | undefined) => void
  optional?: boolean
  disabled?: boolean
  label?: string
  isFirst?: boolean
}) {
  const say = useWords(designerWords)
  const { value, onChange, label = say('label') } = props
  const change = (lang: 'fa' | 'en', text: string) => {
    const next = { fa: value?.fa ?? '', en: value?.en ?? '', [lang]: text }
    onChange(props.optional === true && next.fa === '' && next.en === '' ? undefined : next)
  }
  return (
    <SimpleGrid cols={2} spacing="xs">
      <TextInput
        label={`${label} (${say('persian')})`}
        dir="rtl"
        size="xs"
        value={value?.fa ?? ''}
        disabled={props.disabled === true}
        data-autofocus={props.isFirst}
        onChange={({ currentTarget }) => change('fa', currentTarget.value)}
      />
      <TextInput
        label={`${label} (${say('english')})`}
        dir="ltr"
        size="xs"
        value={value?.en ?? ''}
        disabled={props.disabled === true}
        onChange={({ currentTarget }) => change('en', currentTarget.value)}
      />
    </SimpleGrid>
  )
}

/** All roles by name, for a choice. */
export function useRoles() {
  const text = useText()
  const { catalogues } = useDraft()
  return Object.entries(catalogues.roles)
    .map(([value, label]) => ({ value, label: text(label) }))
    .sort((a, b) => a.label.localeCompare(b.label))
}

/** A length of time: a whole number of minutes, hours or days, of the clock or of a working calendar. */
export function DurationField(props: {
  label: string
  value: string | undefined
  calendar: string | undefined
  disabled?: boolean
  onChange: (duration: string, calendar: string | undefined) => void
}) {
  const say = useWords(designerWords)
  const calendars = useCalendars()
  const { amount, unit } = readDuration(props.value)
  const units = (['minutes', 'hours', 'days'] as const).map((value) => ({ value, label: say(value) }))
  const shared = { size: 'xs', disabled: props.disabled === true } as const
  return (
    <Group gap="xs" align="end" grow wrap="nowrap" preventGrowOverflow={false}>
      <NumberInput
        {...shared}
        label={props.label}
        min={1}
        max={9999}
        allowDecimal={false}
        value={amount}
        onChange={(value) => props.onChange(writeDuration(Number(latin(String(value))) || 1, unit), props.calendar)}
      />
      <Select
        {...shared}
        aria-label={say('unit')}
        data={units}
        value={unit}
        allowDeselect={false}
        onChange={(value) => props.onChange(writeDuration(amount, value ?? 'hours'), props.calendar)}
      />
      <Select
        {...shared}
        aria-label={say('calendar')}
        placeholder={say('civilTime')}
        data={calendars}
        value={props.calendar ?? null}
        clearable
        onChange={(value) => props.onChange(writeDuration(amount, unit), value ?? undefined)}
      />
    </Group>
  )
}

type Unit = 'minutes' | 'hours' | 'days'

/** Calendars that the definition has a name for. */
function useCalendars() {
  const { definition } = useDraft()
  const say = useWords(designerWords)
  const known: Record<string, string> = {
    'ir-office': say('officeHours'),
    'ir-sms-hours': say('smsHours'),
    'ir-field': say('fieldHours'),
  }
  return Object.entries(definition.calendars ?? {}).map(([value, id]) => ({ value, label: known[id] ?? value }))
}

/** A duration that is more than one of these units is shown in the smallest that says it whole. */
export function readDuration(duration: string | undefined): { amount: number; unit: Unit } {
  const found = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration ?? '')
  const [weeks, days, hours, minutes] = [1, 2, 3, 4].map((i) => Number(found?.[i] ?? 0)) as [
    number,
    number,
    number,
    number,
  ]
  const allDays = weeks * 7 + days
  if (minutes > 0) return { amount: (allDays * 24 + hours) * 60 + minutes, unit: 'minutes' }
  if (hours > 0) return { amount: allDays * 24 + hours, unit: 'hours' }
  return { amount: Math.max(1, allDays), unit: allDays > 0 ? 'days' : 'hours' }
}

export function writeDuration(amount: number, unit: Unit): string {
  if (unit === 'days') return `P${amount}D`
  return `PT${amount}${unit === 'hours' ? 'H' : 'M'}`
}
