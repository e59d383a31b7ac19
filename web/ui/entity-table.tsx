import { Button, Card, Checkbox, Group, Menu, Table, Text, UnstyledButton } from '@mantine/core'
import { useLocalStorage, useMediaQuery } from '@mantine/hooks'
import {
  IconArrowDown,
  IconArrowsSort,
  IconArrowUp,
  IconChevronLeft,
  IconChevronRight,
  IconColumns3,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useFormat } from '../format/use-format.ts'
import { useWords } from '../words/words.ts'
import classes from './entity-table.module.css'
import { Failed, Loading } from './states.tsx'
import { tableWords } from './table-words.ts'

/** A column of a list. On a phone `title` makes the head of a card, `side` stands across from it, the rest follow below. */
export interface Column<R> {
  key: string
  title: string
  cell: (row: R) => ReactNode
  place?: 'title' | 'side' | 'line' | 'none'
  /** Words of the API's `sort`: the first click, the second. */
  sort?: readonly [string, string] | readonly [string]
  hidden?: boolean
  end?: boolean
}

interface Props<R> {
  /** Under which this browser remembers the columns. */
  name: string
  label: string
  columns: readonly Column<R>[]
  rows: readonly R[] | undefined
  keyOf: (row: R) => string
  linkOf?: (row: R) => string
  error?: unknown
  retry?: () => void
  empty: ReactNode
  sort?: string
  onSort?: (sort: string) => void
  selected?: ReadonlySet<string>
  onSelect?: (selected: ReadonlySet<string>) => void
  pages?: Pages
  /** The row on which J and K stand. */
  current?: string | null
}

/** Where a list stands among its pages. */
export interface Pages {
  at: number
  back: (() => void) | null
  next: (() => void) | null
}

/** Any list of the product: columns that can be chosen, sorting and paging in the server, selection, cards on phones. */
export function EntityTable<R>(props: Props<R>) {
  const { rows, error, empty, pages } = props
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  if (error !== undefined && error !== null)
    return <Failed error={error} {...(props.retry && { retry: props.retry })} />
  if (rows === undefined) return <Loading rows={8} height={phone ? 64 : 36} />
  if (rows.length === 0 && (pages === undefined || pages.at === 0)) return <>{empty}</>
  return (
    <>
      {phone ? <Cards {...props} rows={rows} /> : <Rows {...props} rows={rows} />}
      {pages !== undefined && <Pager {...pages} />}
    </>
  )
}

function useColumns<R>({ name, columns }: Pick<Props<R>, 'name' | 'columns'>) {
  const [hidden, setHidden] = useLocalStorage<string[]>({
    key: `samfony.columns.${name}`,
    defaultValue: columns.filter((column) => column.hidden === true).map(({ key }) => key),
    getInitialValueInEffect: false,
  })
  const toggle = (key: string) =>
    setHidden((old) => (old.includes(key) ? old.filter((other) => other !== key) : [...old, key]))
  return { shown: columns.filter(({ key }) => !hidden.includes(key)), hidden, toggle }
}

function Rows<R>(props: Props<R> & { rows: readonly R[] }) {
  const { columns, rows, keyOf, linkOf, selected, onSelect, sort, onSort, label, current } = props
  const say = useWords(tableWords)
  const { shown, hidden, toggle } = useColumns(props)
  const keys = rows.map(keyOf)
  const all = selected !== undefined && keys.every((key) => selected.has(key))
  return (
    <Table.ScrollContainer minWidth={720} type="native">
      <Table highlightOnHover verticalSpacing={7} className={classes['table'] ?? ''} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {selected !== undefined && (
              <Table.Th w={36}>
                <Checkbox
                  size="xs"
                  aria-label={say('selectAll')}
                  checked={all}
                  indeterminate={!all && selected.size > 0}
                  onChange={() => onSelect?.(all ? new Set() : new Set(keys))}
                />
              </Table.Th>
            )}
            {shown.map((column) => (
              <Table.Th
                key={column.key}
                className={column.end === true ? classes['end'] : undefined}
                aria-sort={
                  column.sort?.includes(sort ?? '') === true
                    ? sort === column.sort[0]
                      ? 'ascending'
                      : 'descending'
                    : undefined
                }
              >
                {column.sort === undefined || onSort === undefined ? (
                  column.title
                ) : (
                  <SortHead column={column} sort={sort} onSort={onSort} />
                )}
              </Table.Th>
            ))}
            <Table.Th w={34}>
              <Menu closeOnItemClick={false} position="bottom-end">
                <Menu.Target>
                  <UnstyledButton aria-label={say('columns')} title={say('columns')} className={classes['head'] ?? ''}>
                    <IconColumns3 size={16} />
                  </UnstyledButton>
                </Menu.Target>
                <Menu.Dropdown>
                  {columns.map(({ key, title }) => (
                    <Menu.Item
                      key={key}
                      onClick={() => toggle(key)}
                      role="menuitemcheckbox"
                      aria-checked={!hidden.includes(key)}
                    >
                      <Checkbox.Indicator checked={!hidden.includes(key)} size="xs" /> {title}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => {
            const key = keyOf(row)
            const flip = () => {
              const now = new Set(selected)
              if (!now.delete(key)) now.add(key)
              onSelect?.(now)
            }
            return (
              <Table.Tr key={key} data-key={key} className={current === key ? (classes['current'] ?? '') : ''}>
                {selected !== undefined && (
                  <Table.Td>
                    <Checkbox size="xs" aria-label={say('select')} checked={selected.has(key)} onChange={flip} />
                  </Table.Td>
                )}
                {shown.map((column, i) => (
                  <Table.Td key={column.key} className={column.end === true ? classes['end'] : undefined}>
                    {i === 0 && linkOf !== undefined ? (
                      <Link to={linkOf(row)} className={classes['link']}>
                        {column.cell(row)}
                      </Link>
                    ) : (
                      column.cell(row)
                    )}
                  </Table.Td>
                ))}
                <Table.Td />
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function SortHead<R>(props: { column: Column<R>; sort: string | undefined; onSort: (sort: string) => void }) {
  const { column, sort, onSort } = props
  const [first = '', second] = column.sort ?? []
  const on = sort === first ? IconArrowUp : sort !== undefined && sort === second ? IconArrowDown : IconArrowsSort
  const Mark = on
  return (
    <UnstyledButton
      className={classes['head'] ?? ''}
      onClick={() => onSort(sort === first && second !== undefined ? second : first)}
    >
      {column.title}
      <Mark size={14} aria-hidden />
    </UnstyledButton>
  )
}

function Cards<R>({ columns, rows, keyOf, linkOf, label }: Props<R> & { rows: readonly R[] }) {
  const of = (place: Column<R>['place']) => columns.filter((column) => (column.place ?? 'line') === place)
  return (
    <ul className={classes['cards']} aria-label={label}>
      {rows.map((row) => {
        const inside = (
          <>
            <Group justify="space-between" wrap="nowrap" align="start">
              <div className={classes['cardTitle']}>
                {of('title').map((column) => (
                  <span key={column.key}>{column.cell(row)}</span>
                ))}
              </div>
              <div>
                {of('side').map((column) => (
                  <span key={column.key}>{column.cell(row)}</span>
                ))}
              </div>
            </Group>
            <div className={classes['lines']}>
              {of('line').map((column) => (
                <span key={column.key}>{column.cell(row)}</span>
              ))}
            </div>
          </>
        )
        return (
          <li key={keyOf(row)}>
            {linkOf === undefined ? (
              <Card padding="sm">{inside}</Card>
            ) : (
              <Card padding="sm" component={Link} to={linkOf(row)}>
                {inside}
              </Card>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function Pager({ at, back, next }: Pages) {
  const say = useWords(tableWords)
  const { num } = useFormat()
  if (back === null && next === null) return null
  return (
    <Group justify="flex-end" p="xs" gap="xs">
      <Button
        size="compact-sm"
        variant="default"
        disabled={back === null}
        onClick={() => back?.()}
        leftSection={<IconChevronRight size={15} className={classes['flip'] ?? ''} />}
      >
        {say('previous')}
      </Button>
      <Text fz="sm" c="dimmed">
        {say('page', { n: num(at + 1) })}
      </Text>
      <Button
        size="compact-sm"
        variant="default"
        disabled={next === null}
        onClick={() => next?.()}
        rightSection={<IconChevronLeft size={15} className={classes['flip'] ?? ''} />}
      >
        {say('next')}
      </Button>
    </Group>
  )
}
