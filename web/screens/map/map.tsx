import { Badge, Button, Group, Select, SimpleGrid, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconCircleCheck, IconCircleX, IconClockExclamation, IconPlus, IconStack2 } from '@tabler/icons-react'
import { keepPreviousData } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { api } from '../../client/client.ts'
import { useLive } from '../../client/live.tsx'
import { useFormat } from '../../format/use-format.ts'
import { useMay } from '../../shell/me.tsx'
import { usePreferences } from '../../shell/preferences.tsx'
import { Drawing } from '../../ui/drawing/drawing.tsx'
import { Legend } from '../../ui/drawing/legend.tsx'
import { PageHead, Section } from '../../ui/pieces.tsx'
import { Empty, Failed } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import { Figure } from './figure.tsx'
import { FilterBar } from './filter-bar.tsx'
import { countedBy, useMapFilters } from './filters.ts'
import { OrdersTable } from './orders-table.tsx'
import { StateList } from './state-list.tsx'
import { mapWords } from './words.ts'

/** The states of a workflow as a drawing with live counts, and the orders in them (WF5). */
export function Screen() {
  const { definition } = useParams()
  const overview = api.useQuery('get', '/v1/map', {})
  const say = useWords(mapWords)
  if (overview.isError) return <Failed error={overview.error} retry={() => void overview.refetch()} />
  const first = overview.data?.definitions.toSorted((a, b) => b.count - a.count)[0]?.id
  const id = definition ?? first
  if (overview.data !== undefined && id === undefined)
    return <Empty title={say('noProcess')} hint={say('noProcessHint')} />
  if (id === undefined) return <Skeleton height={420} />
  return <ProcessMap key={id} id={id} processes={overview.data?.definitions ?? []} />
}

interface Process {
  id: string
  label: { fa: string; en: string }
  count: number
}

function ProcessMap({ id, processes }: { id: string; processes: readonly Process[] }) {
  const say = useWords(mapWords)
  const text = useText()
  const { num, time } = useFormat()
  const { lang } = usePreferences()
  const may = useMay()
  const navigate = useNavigate()
  const { connected } = useLive()
  const [filters, change] = useMapFilters()
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const path = { definition: id }
  const map = api.useQuery(
    'get',
    '/v1/map/{definition}',
    { params: { path, query: countedBy(filters) } },
    { placeholderData: keepPreviousData },
  )
  const version = map.data?.version
  const picture = api.useQuery(
    'get',
    '/v1/definitions/{id}/versions/{version}/drawing',
    { params: { path: { id, version: version ?? 1 }, query: { locale: lang } } },
    { enabled: version !== undefined && !phone, staleTime: Number.POSITIVE_INFINITY },
  )
  const counts = useMemo(
    () => new Map((map.data?.states ?? []).map(({ id: state, count, late }) => [state, { count, late }])),
    [map.data],
  )
  if (map.isError) return <Failed error={map.error} retry={() => void map.refetch()} />
  const states = map.data?.states ?? []
  const leaves = states.filter(({ id: state }) => !states.some(({ parent }) => parent === state))
  const failed = new Set(picture.data?.boxes.filter(({ tone }) => tone === 'failure').map((box) => box.id))
  const sum = (of: typeof leaves) => of.reduce((n, { count }) => n + count, 0)
  const final = leaves.filter(({ kind, parent }) => kind === 'final' && parent === null)
  const select = (state: string | null) => change({ state })
  const moment = new Date(map.dataUpdatedAt).toISOString()
  return (
    <>
      <PageHead
        title={
          <Select
            aria-label={say('process')}
            classNames={{ input: 'process-name' }}
            value={id}
            allowDeselect={false}
            variant="unstyled"
            w={phone ? 230 : 300}
            data={processes.map((one) => ({ value: one.id, label: text(one.label) }))}
            renderOption={({ option }) => (
              <Group justify="space-between" w="100%" wrap="nowrap">
                <span>{option.label}</span>
                <Badge variant="light" color="gray" size="sm">
                  {num(processes.find((one) => one.id === option.value)?.count ?? 0)}
                </Badge>
              </Group>
            )}
            onChange={(value) => value !== null && navigate(`/map/${value}`)}
          />
        }
        beside={
          <>
            <Badge variant="light" color="teal" radius="sm" tt="none">
              {version === undefined ? '…' : say('version', { n: num(version) })}
            </Badge>
            <Badge variant="default" radius="sm" tt="none" leftSection={<i className="live-dot" data-on={connected} />}>
              {say(connected ? 'live' : 'notLive')} · {time(moment)}
            </Badge>
          </>
        }
      >
        <FilterBar filters={filters} change={change} />
        {may('orders.create') && (
          <Button component={Link} to={`/orders/new?definition=${id}`} leftSection={<IconPlus size={17} />}>
            {say('newOrder')}
          </Button>
        )}
      </PageHead>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm" mb="sm">
        <Figure icon={IconStack2} color="indigo" name={say('inFlight')} value={map.data && sum(leaves) - sum(final)} />
        <Figure
          icon={IconClockExclamation}
          color="red"
          name={say('late')}
          value={map.data && leaves.reduce((n, { late }) => n + late, 0)}
          pressed={filters.late === 'true'}
          onPress={() => change({ late: filters.late === 'true' ? null : 'true' })}
        />
        <Figure
          icon={IconCircleCheck}
          color="teal"
          name={say('succeeded')}
          value={map.data && sum(final.filter((state) => !failed.has(state.id)))}
        />
        <Figure
          icon={IconCircleX}
          color="orange"
          name={say('notSucceeded')}
          value={map.data && sum(final.filter((state) => failed.has(state.id)))}
        />
      </SimpleGrid>
      <Section title={say('map')} aside={<Legend />} flush>
        {phone ? (
          <StateList states={leaves} selected={filters.state ?? null} onSelect={select} />
        ) : picture.isError ? (
          <Failed error={picture.error} retry={() => void picture.refetch()} />
        ) : picture.data === undefined ? (
          <Skeleton height={480} radius={0} />
        ) : (
          <Drawing picture={picture.data} counts={counts} selected={filters.state ?? null} onSelect={select} />
        )}
      </Section>
      <OrdersTable definition={id} states={states} filters={filters} change={change} />
    </>
  )
}
