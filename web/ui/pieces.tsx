import { Badge, Card, Group, Title, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { useFormat } from '../format/use-format.ts'
import { useText, useWords } from '../words/words.ts'
import { pieceWords } from './piece-words.ts'
import classes from './pieces.module.css'

/** An instant: date and clock, with weekday and the other calendar on hover. */
export function When({ at, dateOnly = false }: { at: string | null | undefined; dateOnly?: boolean }) {
  const { date, time, longDate } = useFormat()
  if (at === null || at === undefined) return <span className={classes['none']}>—</span>
  return (
    <Tooltip label={longDate(at)} openDelay={300} withArrow>
      <time dateTime={at} className={classes['when']}>
        <span>{date(at)}</span>
        {!dateOnly && <small>{time(at)}</small>}
      </time>
    </Tooltip>
  )
}

/** How long is left, or how late it is. */
export function Deadline({ at, now = Date.now() }: { at: string | null; now?: number }) {
  const { span, longDate } = useFormat()
  const say = useWords(pieceWords)
  if (at === null) return <span className={classes['none']}>—</span>
  const left = Date.parse(at) - now
  return (
    <Tooltip label={longDate(at)} openDelay={300} withArrow>
      <span className={left < 0 ? classes['late'] : classes['left']}>
        {say(left < 0 ? 'late' : 'left', { span: span(left) })}
      </span>
    </Tooltip>
  )
}

/** An amount with its unit. */
export function Money({ rial, bare = false }: { rial: number | string; bare?: boolean }) {
  const { amount, money } = useFormat()
  const value = Number(rial)
  return <span className={classes['money']}>{bare ? amount(value) : money(value)}</span>
}

/** What is written from left to right in any language: numbers of phones and documents, addresses, user names. */
export function Code({ children }: { children: string | null | undefined }) {
  if (children === null || children === undefined || children === '') return <span className={classes['none']}>—</span>
  // An e-mail address that is too long for its line is broken before its host.
  const [name, ...host] = children.split('@')
  return (
    <bdi dir="ltr">
      {name}
      {host.length > 0 && (
        <>
          <wbr />@{host.join('@')}
        </>
      )}
    </bdi>
  )
}

/** A number of a document or telephone in the reader's digits. */
export function Digits({ children }: { children: string | null | undefined }) {
  const { digits } = useFormat()
  return <Code>{children == null ? children : digits(children)}</Code>
}

const statusColors: Record<string, string> = {
  running: 'blue',
  held: 'red',
  compensating: 'orange',
  ended: 'gray',
  success: 'teal',
  failure: 'red',
  cancelled: 'gray',
  paid: 'teal',
  open: 'orange',
  issued: 'blue',
  sent: 'blue',
  delivered: 'teal',
  failed: 'red',
  queued: 'gray',
  pending: 'orange',
  published: 'teal',
  draft: 'yellow',
  retired: 'gray',
  active: 'teal',
  suspended: 'orange',
}

/** A telephone number as it is dialled inside the country. */
export function Phone({ children }: { children: string | null | undefined }) {
  return <Digits>{children?.replace(/^\+98/, '0')}</Digits>
}

/** A word of state that the server keeps, in the reader's language and in a colour. */
export function Status({ word, kind }: { word: string; kind?: string | null }) {
  const text = useText()
  const known = (pieceWords as Record<string, { fa: string; en: string }>)[word]
  return (
    <Badge variant="light" radius="sm" color={statusColors[kind ?? word] ?? 'gray'} tt="none" fw={600}>
      {known === undefined ? word : text(known)}
    </Badge>
  )
}

/** A card of a page, with a title and what belongs beside it. */
export function Section(props: {
  title?: ReactNode
  aside?: ReactNode
  children: ReactNode
  flush?: boolean
  id?: string
}) {
  return (
    <Card
      withBorder
      padding={0}
      className={classes['section'] ?? ''}
      component="section"
      {...(props.id && { id: props.id })}
    >
      {props.title !== undefined && (
        <Group justify="space-between" px="md" py={10} className={classes['sectionHead'] ?? ''}>
          <Title order={2} fz={15}>
            {props.title}
          </Title>
          {props.aside}
        </Group>
      )}
      <div className={props.flush === true ? undefined : classes['inside']}>{props.children}</div>
    </Card>
  )
}

/** Head of a screen: its name, what belongs to the name, and what can be done. */
export function PageHead({ title, beside, children }: { title: ReactNode; beside?: ReactNode; children?: ReactNode }) {
  return (
    <Group justify="space-between" mb="sm" gap="sm">
      <Group gap="xs">
        <Title order={1} fz={22}>
          {title}
        </Title>
        {beside}
      </Group>
      <Group gap="xs">{children}</Group>
    </Group>
  )
}

/** Names and values, one under the other. */
export function Facts({ items }: { items: readonly { name: string; value: ReactNode }[] }) {
  return (
    <dl className={classes['facts']}>
      {items.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === null || value === undefined || value === '' ? '—' : value}</dd>
        </div>
      ))}
    </dl>
  )
}
