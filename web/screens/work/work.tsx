import { Badge, Group, SegmentedControl } from '@mantine/core'
import { IconChecklist } from '@tabler/icons-react'
import { keepPreviousData } from '@tanstack/react-query'
import { api } from '../../client/client.ts'
import { useNames } from '../../client/names.ts'
import { useUrlFilters } from '../../client/url-filters.ts'
import { useFormat } from '../../format/use-format.ts'
import { EntityTable } from '../../ui/entity-table.tsx'
import { usePages } from '../../ui/pages.ts'
import { Deadline, Digits, PageHead, Phone, Section } from '../../ui/pieces.tsx'
import { Empty } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'

/** Orders that wait for the person's roles, most urgent first (MT2). */
export function Screen() {
  const say = useWords(words)
  const text = useText()
  const { num } = useFormat()
  const { nameOf } = useNames()
  const [filters, change] = useUrlFilters(['late'] as const)
  const late = filters.late === 'true'
  const { cursor, pagesOf } = usePages(String(late))
  const query = { limit: 30, ...(late && { late: 'true' as const }), ...(cursor !== undefined && { cursor }) }
  const work = api.useQuery('get', '/v1/work', { params: { query } }, { placeholderData: keepPreviousData })
  const counts = work.data?.counts
  return (
    <>
      <PageHead
        title={say('title')}
        beside={
          counts !== undefined && (
            <Group gap={6}>
              <Badge variant="light">{num(counts.waiting)}</Badge>
              {counts.late > 0 && (
                <Badge variant="light" color="red" tt="none">
                  {say('late', { n: num(counts.late) })}
                </Badge>
              )}
            </Group>
          )
        }
      >
        <SegmentedControl
          size="xs"
          aria-label={say('show')}
          value={late ? 'late' : 'all'}
          onChange={(value) => change({ late: value === 'late' ? 'true' : null })}
          data={[
            { value: 'all', label: say('all') },
            { value: 'late', label: say('onlyLate') },
          ]}
        />
      </PageHead>
      <Section flush>
        <EntityTable
          name="work"
          label={say('title')}
          rows={work.data?.orders}
          keyOf={({ id }) => id}
          linkOf={({ id }) => `/orders/${id}`}
          error={work.error}
          retry={() => void work.refetch()}
          pages={pagesOf(work.data?.next)}
          empty={<Empty title={say('emptyTitle')} hint={say('emptyHint')} icon={IconChecklist} color="teal" />}
          columns={[
            { key: 'number', title: say('number'), cell: ({ number }) => <Digits>{number}</Digits> },
            {
              key: 'customer',
              title: say('customer'),
              cell: ({ customerName }) => customerName ?? '—',
              place: 'title',
            },
            {
              key: 'state',
              title: say('state'),
              cell: ({ states }) => states.map(({ label }) => text(label)).join('، '),
            },
            { key: 'process', title: say('process'), cell: ({ label }) => text(label) },
            { key: 'phone', title: say('phone'), cell: ({ phone }) => (phone === null ? '' : <Phone>{phone}</Phone>) },
            {
              key: 'product',
              title: say('product'),
              cell: ({ productId }) => nameOf('product', productId),
              place: 'none',
            },
            { key: 'deadline', title: say('deadline'), cell: ({ dueAt }) => <Deadline at={dueAt} />, place: 'side' },
          ]}
        />
      </Section>
    </>
  )
}

const words = {
  title: { fa: 'کارهای من', en: 'My work' },
  show: { fa: 'نمایش', en: 'Show' },
  all: { fa: 'همه', en: 'All' },
  late: { fa: '{n} دیرکرد', en: '{n} late' },
  onlyLate: { fa: 'دیرکرده‌ها', en: 'Late only' },
  number: { fa: 'شماره', en: 'No.' },
  customer: { fa: 'مشتری', en: 'Customer' },
  state: { fa: 'وضعیت', en: 'State' },
  process: { fa: 'گردش کار', en: 'Process' },
  phone: { fa: 'تلفن', en: 'Phone' },
  product: { fa: 'سرویس', en: 'Service' },
  deadline: { fa: 'مهلت', en: 'Deadline' },
  emptyTitle: { fa: 'کاری در انتظار شما نیست', en: 'Nothing waits for you' },
  emptyHint: {
    fa: 'سفارشی که به نقش شما برسد، همین‌جا و بی‌درنگ دیده می‌شود.',
    en: 'An order that comes to your role shows here at once.',
  },
}
