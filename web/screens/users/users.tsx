import { Badge, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch, IconUserShield } from '@tabler/icons-react'
import { api } from '../../client/client.ts'
import { useNames } from '../../client/names.ts'
import { useUrlFilters } from '../../client/url-filters.ts'
import { EntityTable } from '../../ui/entity-table.tsx'
import { usePages } from '../../ui/pages.ts'
import { Code, PageHead, Section, When } from '../../ui/pieces.tsx'
import { Empty } from '../../ui/states.tsx'
import { useWords } from '../../words/words.ts'

/** Accounts of people. */
export function Screen() {
  const say = useWords(words)
  const { nameOf } = useNames()
  const [filters, change] = useUrlFilters(['q'] as const)
  const { cursor, pagesOf } = usePages(filters.q ?? '')
  const found = api.useQuery('get', '/v1/users', {
    params: { query: { ...filters, limit: 50, ...(cursor !== undefined && { after: cursor }) } },
  })
  const later = useDebouncedCallback((q: string) => change({ q: q.trim() }), 300)
  return (
    <>
      <PageHead title={say('title')}>
        <TextInput
          w={240}
          aria-label={say('search')}
          placeholder={say('search')}
          leftSection={<IconSearch size={15} />}
          defaultValue={filters.q ?? ''}
          onChange={({ currentTarget }) => later(currentTarget.value)}
        />
      </PageHead>
      <Section flush>
        <EntityTable
          name="users"
          label={say('title')}
          rows={found.data?.users}
          keyOf={({ id }) => id}
          error={found.error}
          retry={() => void found.refetch()}
          pages={pagesOf(found.data?.next)}
          empty={<Empty title={say('none')} icon={IconUserShield} />}
          columns={[
            { key: 'name', title: say('name'), cell: ({ name }) => name, place: 'title' },
            { key: 'username', title: say('username'), cell: ({ username }) => <Code>{username}</Code> },
            { key: 'partner', title: say('partner'), cell: ({ partnerId }) => nameOf('partner', partnerId) },
            {
              key: 'active',
              title: say('status'),
              cell: ({ active }) => (
                <Badge variant="light" color={active ? 'teal' : 'gray'} tt="none" radius="sm">
                  {say(active ? 'active' : 'inactive')}
                </Badge>
              ),
              place: 'side',
            },
            { key: 'created', title: say('created'), cell: ({ createdAt }) => <When at={createdAt} />, place: 'none' },
          ]}
        />
      </Section>
    </>
  )
}

const words = {
  title: { fa: 'کاربران', en: 'Users' },
  search: { fa: 'نام یا نام کاربری', en: 'Name or user name' },
  name: { fa: 'نام', en: 'Name' },
  username: { fa: 'نام کاربری', en: 'User name' },
  partner: { fa: 'نماینده', en: 'Agency' },
  status: { fa: 'وضعیت', en: 'Status' },
  active: { fa: 'فعال', en: 'Active' },
  inactive: { fa: 'غیرفعال', en: 'Inactive' },
  created: { fa: 'ثبت', en: 'Added' },
  none: { fa: 'کاربری پیدا نشد', en: 'No user found' },
}
