import {
  ActionIcon,
  Badge,
  Button,
  Checkbox,
  Divider,
  Group,
  Popover,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api, problemOf } from '../../client/client.ts'
import { useFormat } from '../../format/use-format.ts'
import { useText, useWords } from '../../words/words.ts'
import type { MapFilters } from './filters.ts'
import { mapWords } from './words.ts'

const wanted = { params: { query: { list: 'orders', counts: 'true' } } } as const

/** Filters that were kept, own and shared, each with its count; and a way to keep the present one. */
export function SavedFilters({ definition, filters }: { definition: string; filters: MapFilters }) {
  const say = useWords(mapWords)
  const text = useText()
  const { num } = useFormat()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const kept = api.useQuery('get', '/v1/saved-filters', wanted, { enabled: open })
  const again = () => queries.invalidateQueries({ queryKey: ['get', '/v1/saved-filters'] })
  const add = api.useMutation('post', '/v1/saved-filters', { onSuccess: () => (setName(''), again()) })
  const drop = api.useMutation('delete', '/v1/saved-filters/{id}', { onSuccess: again })
  const { sort: _sort, ...present } = filters
  const go = (query: Record<string, string>) => {
    const { definition: of = definition, ...rest } = query
    setOpen(false)
    void navigate(`/map/${of}?${new URLSearchParams(rest).toString()}`)
  }
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={300} trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconBookmark size={15} />} onClick={() => setOpen(!open)}>
          {say('savedFilters')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {kept.data?.filters.length === 0 && (
            <Text fz="sm" c="dimmed">
              {say('noFilters')}
            </Text>
          )}
          {kept.data?.filters.map(({ id, name: known, query, count, own }) => (
            <Group key={id} justify="space-between" wrap="nowrap">
              <UnstyledButton fz="sm" flex={1} onClick={() => go(query)}>
                {known}
              </UnstyledButton>
              {count !== null && (
                <Badge variant="light" color="gray">
                  {num(count)}
                </Badge>
              )}
              {own && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={`${say('remove')}: ${known}`}
                  onClick={() => drop.mutate({ params: { path: { id } } })}
                >
                  <IconTrash size={14} />
                </ActionIcon>
              )}
            </Group>
          ))}
          <Divider />
          <TextInput
            size="xs"
            label={say('saveThis')}
            placeholder={say('filterName')}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Group justify="space-between">
            <Checkbox
              size="xs"
              label={say('shared')}
              checked={shared}
              onChange={({ currentTarget }) => setShared(currentTarget.checked)}
            />
            <Button
              size="compact-sm"
              disabled={name.trim() === ''}
              loading={add.isPending}
              onClick={() =>
                add.mutate({
                  params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
                  body: { list: 'orders', name: name.trim(), shared, query: { ...present, definition } },
                })
              }
            >
              {say('save')}
            </Button>
          </Group>
          {add.isError && (
            <Text fz="xs" c="red">
              {text(problemOf(add.error).detail)}
            </Text>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
