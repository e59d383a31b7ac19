import { Button, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus, IconSearch, IconUsers } from '@tabler/icons-react'
import { keepPreviousData } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { api, newKey, problemOf } from '../../client/client.ts'
import { useNames } from '../../client/names.ts'
import { useUrlFilters } from '../../client/url-filters.ts'
import { latin } from '../../format/format.ts'
import { useMay, useMe } from '../../shell/me.tsx'
import { EntityTable } from '../../ui/entity-table.tsx'
import { usePages } from '../../ui/pages.ts'
import { Digits, PageHead, Section, Status, When } from '../../ui/pieces.tsx'
import { Empty } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import { customerWords } from './words.ts'

/** Customers in reach, searched by any of their numbers. */
export function Screen() {
  const say = useWords(customerWords)
  const may = useMay()
  const { nameOf } = useNames()
  const [filters, change] = useUrlFilters(['q', 'agent'] as const)
  const [adding, setAdding] = useState(false)
  const { cursor, pagesOf } = usePages(JSON.stringify(filters))
  const later = useDebouncedCallback((q: string) => change({ q: q.trim().length < 2 ? null : q.trim() }), 300)
  const query = { ...filters, limit: 30, ...(cursor !== undefined && { cursor }) }
  const found = api.useQuery('get', '/v1/customers', { params: { query } }, { placeholderData: keepPreviousData })
  return (
    <>
      <PageHead title={say('title')}>
        <TextInput
          w={260}
          aria-label={say('search')}
          placeholder={say('search')}
          leftSection={<IconSearch size={15} />}
          defaultValue={filters.q ?? ''}
          onChange={({ currentTarget }) => later(currentTarget.value)}
        />
        {may('customers.write') && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            {say('add')}
          </Button>
        )}
      </PageHead>
      <Section flush>
        <EntityTable
          name="customers"
          label={say('title')}
          rows={found.data?.customers}
          keyOf={({ id }) => id}
          linkOf={({ id }) => `/customers/${id}`}
          error={found.error}
          retry={() => void found.refetch()}
          pages={pagesOf(found.data?.next)}
          empty={<Empty title={say('emptyTitle')} hint={say('emptyHint')} icon={IconUsers} />}
          columns={[
            { key: 'name', title: say('name'), cell: ({ name }) => name, place: 'title' },
            { key: 'kind', title: say('kind'), cell: ({ kind }) => <Status word={kind} />, place: 'side' },
            { key: 'nationalId', title: say('nationalId'), cell: ({ nationalId }) => <Digits>{nationalId}</Digits> },
            { key: 'agent', title: say('agent'), cell: ({ partnerId }) => nameOf('partner', partnerId) },
            { key: 'created', title: say('created'), cell: ({ createdAt }) => <When at={createdAt} />, place: 'none' },
          ]}
        />
      </Section>
      {adding && <NewCustomer onClose={() => setAdding(false)} />}
    </>
  )
}

function NewCustomer({ onClose }: { onClose: () => void }) {
  const say = useWords(customerWords)
  const text = useText()
  const me = useMe()
  const navigate = useNavigate()
  const { options } = useNames()
  const [key] = useState(newKey)
  const [given, setGiven] = useState({ name: '', nationalId: '', mobile: '', partnerId: me.partnerId })
  const save = api.useMutation('post', '/v1/customers', { onSuccess: ({ id }) => navigate(`/customers/${id}`) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { name, nationalId, mobile, partnerId } = given
    save.mutate({
      params: { header: { 'Idempotency-Key': key } },
      body: {
        kind: 'person',
        locale: 'fa',
        name: name.trim(),
        nationalId: nationalId === '' ? null : latin(nationalId),
        ...(partnerId !== null && { partnerId }),
        contacts: mobile === '' ? [] : [{ kind: 'mobile', value: latin(mobile) }],
      },
    })
  }
  const field = (name: 'name' | 'nationalId' | 'mobile') => ({
    label: say(name),
    value: given[name],
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      setGiven({ ...given, [name]: currentTarget.value }),
  })
  return (
    <Modal opened onClose={onClose} title={say('add')}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput {...field('name')} required data-autofocus />
          <TextInput {...field('nationalId')} inputMode="numeric" />
          <TextInput {...field('mobile')} inputMode="tel" />
          <Select
            label={say('agent')}
            data={options.partner}
            value={given.partnerId}
            onChange={(partnerId) => setGiven({ ...given, partnerId })}
            clearable
          />
          {save.isError && (
            <Text c="var(--mantine-color-error)" fz="sm" role="alert">
              {[text(problemOf(save.error).detail), ...problemOf(save.error).errors.map(text)].join(' · ')}
            </Text>
          )}
          <Button type="submit" loading={save.isPending}>
            {say('save')}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
