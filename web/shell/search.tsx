import { Badge, Group, Loader, Modal, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../client/client.ts'
import { useFormat } from '../format/use-format.ts'
import { pathOf, type ScreenEntry } from '../screens.ts'
import { useText, useWords } from '../words/words.ts'
import { useMay } from './me.tsx'
import classes from './search.module.css'
import { shellWords } from './words.ts'

interface Hit {
  to: string
  title: string
  beside: string
}

/** One box for everything: orders, customers and their numbers, processes and screens. */
export function Search({ screens, onClose }: { screens: readonly ScreenEntry[]; onClose: () => void }) {
  const say = useWords(shellWords)
  const text = useText()
  const may = useMay()
  const { digits } = useFormat()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [picked, setPicked] = useState(0)
  const [q] = useDebouncedValue(typed.trim(), 150)
  const found = api.useQuery(
    'get',
    '/v1/search',
    { params: { query: { q } } },
    { enabled: q.length >= 2, placeholderData: keepPreviousData },
  )
  const processes = api.useQuery('get', '/v1/map', {}, { enabled: may('map.read') }).data?.definitions ?? []
  const holds = (title: string) => q.length >= 2 && title.toLowerCase().includes(q.toLowerCase())
  const hits: Hit[] = [
    ...(q.length < 2 ? [] : (found.data?.orders ?? [])).map((order) => ({
      to: `/orders/${order.id}`,
      title: `${digits(order.number)} · ${order.customerName ?? ''}`,
      beside: digits(order.phone?.replace(/^\+98/, '0') ?? ''),
    })),
    ...(q.length < 2 || !may('customers.read') ? [] : (found.data?.customers ?? [])).map(({ id, name }) => ({
      to: `/customers/${id}`,
      title: name,
      beside: text({ fa: 'مشتری', en: 'Customer' }),
    })),
    ...processes
      .map(({ id, label }) => ({ to: `/map/${id}`, title: text(label), beside: text({ fa: 'نقشه', en: 'Map' }) }))
      .filter(({ title }) => holds(title)),
    ...screens
      .filter(({ menu }) => menu !== undefined)
      .map(({ path, title }) => ({ to: pathOf(path), title: text(title), beside: '' }))
      .filter(({ title }) => holds(title)),
  ]
  const open = (hit: Hit | undefined) => {
    if (hit === undefined) return
    onClose()
    void navigate(hit.to)
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setPicked((at) => Math.min(hits.length - 1, at + 1))
    else if (event.key === 'ArrowUp') setPicked((at) => Math.max(0, at - 1))
    else if (event.key === 'Enter') open(hits[picked])
    else return
    event.preventDefault()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size="lg"
      yOffset="10dvh"
      aria-label={say('keySearch')}
    >
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        px="sm"
        aria-label={say('keySearch')}
        placeholder={say('search')}
        leftSection={found.isFetching ? <Loader size={16} /> : <IconSearch size={18} />}
        value={typed}
        onKeyDown={keys}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value)
          setPicked(0)
        }}
      />
      <ul className={classes['hits']}>
        {hits.length === 0 && (
          <Text c="dimmed" fz="sm" p="md">
            {say(q.length >= 2 && !found.isFetching ? 'foundNothing' : 'typeToSearch')}
          </Text>
        )}
        {hits.map((hit, i) => (
          <li key={hit.to}>
            <UnstyledButton
              className={classes['hit'] ?? ''}
              data-picked={i === picked}
              onClick={() => open(hit)}
              onMouseMove={() => setPicked(i)}
            >
              <Group justify="space-between" wrap="nowrap">
                <span>{hit.title}</span>
                {hit.beside !== '' && (
                  <Badge variant="light" color="gray" tt="none">
                    <bdi>{hit.beside}</bdi>
                  </Badge>
                )}
              </Group>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Modal>
  )
}
