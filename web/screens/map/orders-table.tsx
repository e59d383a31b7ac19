import { Badge, Button, Group, Menu, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconDownload, IconSearch } from '@tabler/icons-react'
import { keepPreviousData } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { api } from '../../client/client.ts'
import { useNames } from '../../client/names.ts'
import type { paths } from '../../client/paths.ts'
import { useFormat } from '../../format/use-format.ts'
import { useMay } from '../../shell/me.tsx'
import { usePreferences } from '../../shell/preferences.tsx'
import { type Column, EntityTable } from '../../ui/entity-table.tsx'
import { usePages } from '../../ui/pages.ts'
import { Deadline, Digits, Phone, Section, Status, When } from '../../ui/pieces.tsx'
import { Empty } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import type { ChangeFilters, MapFilters } from './filters.ts'
import { SavedFilters } from './saved-filters.tsx'
import { mapWords } from './words.ts'

type OrderRow = paths['/v1/orders']['get']['responses']['200']['content']['application/json']['orders'][number]
type State = { id: string; label: { fa: string; en: string }; count: number }

/** The orders that the map's filters and the picked state leave. */
export function OrdersTable(props: {
  definition: string
  states: readonly State[]
  filters: MapFilters
  change: ChangeFilters
}) {
  const { definition, states, filters, change } = props
  const say = useWords(mapWords)
  const text = useText()
  const { num } = useFormat()
  const { lang } = usePreferences()
  const may = useMay()
  const columns = useOrderColumns(states)
  const { sort = 'newest', late, held, ...rest } = filters
  const query = { ...rest, definition, ...(late && { late: 'true' as const }), ...(held && { held: 'true' as const }) }
  const { cursor, pagesOf } = usePages(JSON.stringify([query, sort]))
  const page = { sort: sort as 'newest' | 'oldest' | 'due', limit: 25, ...(cursor !== undefined && { cursor }) }
  const orders = api.useQuery(
    'get',
    '/v1/orders',
    { params: { query: { ...query, ...page } } },
    { placeholderData: keepPreviousData },
  )
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const shown = orders.data?.orders
  useEffect(() => setSelected(new Set()), [definition, filters.state])
  const state = states.find(({ id }) => id === filters.state)
  const file = (format: string) =>
    `/v1/orders/export?${new URLSearchParams({ ...query, format, locale: lang }).toString()}`
  return (
    <Section
      flush
      title={
        <Group gap="xs">
          {state === undefined ? say('orders') : say('ordersOf', { state: text(state.label) })}
          {state !== undefined && (
            <>
              <Badge variant="light" color="gray">
                {num(state.count)}
              </Badge>
              <Button variant="subtle" size="compact-xs" onClick={() => change({ state: null })}>
                {say('clear')}
              </Button>
            </>
          )}
        </Group>
      }
      aside={
        <Group gap="xs">
          <Search value={filters.q ?? ''} onChange={(q) => change({ q })} />
          {may('filters.write') && <SavedFilters definition={definition} filters={filters} />}
          {may('exports.read') && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default" size="xs" leftSection={<IconDownload size={15} />}>
                  {say('export')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {(['xlsx', 'csv'] as const).map((format) => (
                  <Menu.Item key={format} component="a" href={file(format)} download>
                    {say(format)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      }
    >
      <EntityTable<OrderRow>
        name="orders"
        label={say('orders')}
        columns={columns}
        rows={shown}
        keyOf={({ id }) => id}
        linkOf={({ id }) => `/orders/${id}`}
        error={orders.error}
        retry={() => void orders.refetch()}
        sort={sort}
        onSort={(wish) => change({ sort: wish === 'newest' ? null : wish })}
        {...(may('orders.act') && { selected, onSelect: setSelected })}
        pages={pagesOf(orders.data?.next)}
        empty={<Empty title={say('emptyTitle')} hint={say('emptyHint')} />}
      />
    </Section>
  )
}

/** The columns of any list of orders; labels of states come from whoever shows them. */
export function useOrderColumns(states: readonly Pick<State, 'id' | 'label'>[]): Column<OrderRow>[] {
  const say = useWords(mapWords)
  const text = useText()
  const { num } = useFormat()
  const { nameOf } = useNames()
  return useMemo(() => {
    const labels = new Map(states.map(({ id, label }) => [id, text(label)]))
    return [
      { key: 'number', title: say('number'), cell: ({ number }) => <Digits>{number}</Digits>, place: 'line' },
      { key: 'customer', title: say('customer'), cell: ({ customerName }) => customerName ?? '—', place: 'title' },
      { key: 'phone', title: say('phone'), cell: ({ phone }) => (phone === null ? '' : <Phone>{phone}</Phone>) },
      { key: 'product', title: say('productName'), cell: ({ productId }) => nameOf('product', productId) },
      { key: 'state', title: say('state'), cell: (row) => row.states.map((id) => labels.get(id) ?? id).join('، ') },
      { key: 'agent', title: say('agentName'), cell: ({ partnerId }) => nameOf('partner', partnerId), place: 'none' },
      {
        key: 'city',
        title: say('cityName'),
        cell: ({ cityId }) => nameOf('city', cityId),
        hidden: true,
        place: 'none',
      },
      {
        key: 'centre',
        title: say('centreName'),
        cell: ({ centreId }) => nameOf('centre', centreId),
        hidden: true,
        place: 'none',
      },
      {
        key: 'created',
        title: say('created'),
        cell: ({ createdAt }) => <When at={createdAt} />,
        sort: ['oldest', 'newest'],
        place: 'none',
      },
      {
        key: 'deadline',
        title: say('deadline'),
        cell: ({ dueAt, status }) => (status === 'ended' ? '' : <Deadline at={dueAt} />),
        sort: ['due'],
        place: 'side',
      },
      {
        key: 'status',
        title: say('status'),
        cell: ({ status, outcomeKind }) => <Status word={outcomeKind ?? status} />,
        place: 'none',
      },
      {
        key: 'incidents',
        title: say('incidents'),
        cell: ({ incidentCount }) => (incidentCount === 0 ? '' : num(incidentCount)),
        hidden: true,
        place: 'none',
      },
    ]
  }, [states, say, text, num, nameOf])
}

function Search({ value, onChange }: { value: string; onChange: (value: string | null) => void }) {
  const say = useWords(mapWords)
  const [typed, setTyped] = useState(value)
  const later = useDebouncedCallback((text: string) => onChange(text.trim().length < 2 ? null : text.trim()), 350)
  useEffect(() => setTyped(value), [value])
  return (
    <TextInput
      size="xs"
      w={190}
      aria-label={say('search')}
      placeholder={say('search')}
      leftSection={<IconSearch size={14} />}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value)
        later(currentTarget.value)
      }}
    />
  )
}
