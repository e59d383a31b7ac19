import { Badge, Button, Popover, Select, Stack } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { useNames } from '../../client/names.ts'
import { useFormat } from '../../format/use-format.ts'
import { useMay } from '../../shell/me.tsx'
import { PeriodField } from '../../ui/dates/fields.tsx'
import { useWords } from '../../words/words.ts'
import { type ChangeFilters, countedBy, type MapFilters } from './filters.ts'
import { mapWords } from './words.ts'

/** Agency, city, exchange, product and period, which narrow the map and the table alike. */
export function FilterBar({ filters, change }: { filters: MapFilters; change: ChangeFilters }) {
  const say = useWords(mapWords)
  const may = useMay()
  const { num } = useFormat()
  const { options } = useNames()
  const pick = (name: 'agent' | 'city' | 'centre' | 'product', data: { value: string; label: string }[]) => (
    <Select
      aria-label={say(`${name}Name`)}
      label={say(`${name}Name`)}
      placeholder={say(name)}
      data={data}
      value={filters[name] ?? null}
      onChange={(value) => change({ [name]: value })}
      clearable
      searchable
      comboboxProps={{ withinPortal: false }}
    />
  )
  const { from: _from, to: _to, ...chosen } = countedBy(filters)
  const active = Object.keys(chosen).length
  return (
    <>
      <Popover position="bottom-end" width={280} trapFocus shadow="md">
        <Popover.Target>
          <Button
            variant="default"
            leftSection={<IconFilter size={16} />}
            rightSection={
              active === 0 ? null : (
                <Badge size="sm" circle>
                  {num(active)}
                </Badge>
              )
            }
          >
            {say('productName')} · {say('cityName')} · {say('agentName')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="xs">
            {pick('product', options.product)}
            {pick('city', options.city)}
            {pick('centre', options.centre)}
            {may('partners.read') && pick('agent', options.partner)}
          </Stack>
        </Popover.Dropdown>
      </Popover>
      <PeriodField from={filters.from ?? null} to={filters.to ?? null} onChange={(from, to) => change({ from, to })} />
    </>
  )
}
