import { Button, Group, Input, Popover, TextInput, UnstyledButton } from '@mantine/core'
import { IconCalendar, IconX } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { latin } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { useWords } from '../../words/words.ts'
import { Loading } from '../states.tsx'
import { dayEnd, dayStart, instantOf, inTehran } from './day.ts'
import classes from './fields.module.css'

const Calendar = lazy(async () => ({ default: (await import('./calendar.tsx')).Calendar }))

interface FieldProps<V> {
  label: ReactNode
  value: V | null
  onChange: (value: V | null) => void
  required?: boolean
  error?: ReactNode
  description?: ReactNode
  id?: string
}

/** Picks a day; the value is `YYYY-MM-DD` of the Gregorian calendar. */
export function DayField({ label, value, onChange, required = false, error, description, id }: FieldProps<string>) {
  const [open, setOpen] = useState(false)
  const { date } = useFormat()
  const say = useWords(words)
  return (
    <Input.Wrapper
      label={label}
      required={required}
      error={error}
      description={description}
      {...(id !== undefined && { id })}
    >
      <Popover opened={open} onChange={setOpen} trapFocus position="bottom-start" shadow="md">
        <Popover.Target>
          <Button
            variant="default"
            fullWidth
            justify="space-between"
            fw={400}
            rightSection={<IconCalendar size={16} />}
            onClick={() => setOpen(!open)}
            aria-label={typeof label === 'string' ? label : undefined}
          >
            {value === null ? say('pick') : date(dayStart(value))}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Suspense fallback={<Loading rows={5} />}>
            <Calendar
              mode="single"
              value={value}
              onChange={(day) => {
                onChange(day)
                setOpen(false)
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
    </Input.Wrapper>
  )
}

/** Picks a day and a clock in Tehran; the value is an ISO instant. */
export function MomentField({ label, value, onChange, required = false, error, description, id }: FieldProps<string>) {
  const now = value === null ? { day: null, clock: '10:00' } : inTehran(value)
  const [clock, setClock] = useState(now.clock)
  const say = useWords(words)
  const set = (day: string | null, time: string) => onChange(day === null ? null : instantOf(day, time))
  return (
    <Input.Wrapper
      label={label}
      required={required}
      error={error}
      description={description}
      {...(id !== undefined && { id })}
    >
      <Group grow gap="xs" align="end">
        <DayField label={say('day')} value={now.day} onChange={(day) => set(day, clock)} />
        <TextInput
          label={say('clock')}
          value={clock}
          inputMode="numeric"
          placeholder="10:00"
          onChange={({ currentTarget }) => {
            const typed = latin(currentTarget.value)
            setClock(typed)
            if (/^\d{2}:\d{2}$/.test(typed)) set(now.day, typed)
          }}
        />
      </Group>
    </Input.Wrapper>
  )
}

/** A period of whole days of Tehran, as instants: `to` is the first instant after it. */
export function PeriodField(props: {
  from: string | null
  to: string | null
  onChange: (from: string | null, to: string | null) => void
}) {
  const [open, setOpen] = useState(false)
  const { date } = useFormat()
  const say = useWords(words)
  const from = props.from === null ? null : inTehran(props.from).day
  const to = props.to === null ? null : inTehran(new Date(Date.parse(props.to) - 1).toISOString()).day
  const name =
    from === null
      ? say('anyTime')
      : say('fromTo', { from: date(dayStart(from)), to: to === null ? '…' : date(dayStart(to)) })
  return (
    <div className={classes['period']}>
      <Popover opened={open} onChange={setOpen} trapFocus position="bottom-end" shadow="md">
        <Popover.Target>
          <Button
            variant="default"
            size="sm"
            fw={400}
            leftSection={<IconCalendar size={16} />}
            onClick={() => setOpen(!open)}
          >
            {name}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Suspense fallback={<Loading rows={5} />}>
            <Calendar
              mode="range"
              value={{ from, to }}
              onChange={(range) =>
                props.onChange(
                  range.from === null ? null : dayStart(range.from),
                  range.to === null ? null : dayEnd(range.to),
                )
              }
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      {from !== null && (
        <UnstyledButton
          aria-label={say('clear')}
          className={classes['clear'] ?? ''}
          onClick={() => props.onChange(null, null)}
        >
          <IconX size={14} />
        </UnstyledButton>
      )}
    </div>
  )
}

const words = {
  pick: { fa: 'انتخاب روز', en: 'Pick a day' },
  day: { fa: 'روز', en: 'Day' },
  clock: { fa: 'ساعت', en: 'Clock' },
  anyTime: { fa: 'همهٔ زمان‌ها', en: 'Any time' },
  fromTo: { fa: '{from} تا {to}', en: '{from} – {to}' },
  clear: { fa: 'پاک کردن دوره', en: 'Clear the period' },
}
