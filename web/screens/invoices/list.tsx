import { Select } from '@mantine/core'
import { IconFileInvoice } from '@tabler/icons-react'
import { keepPreviousData } from '@tanstack/react-query'
import { api } from '../../client/client.ts'
import { useUrlFilters } from '../../client/url-filters.ts'
import { EntityTable } from '../../ui/entity-table.tsx'
import { usePages } from '../../ui/pages.ts'
import { pieceWords } from '../../ui/piece-words.ts'
import { Digits, Money, PageHead, Section, Status, When } from '../../ui/pieces.tsx'
import { Empty } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import { invoiceWords } from './words.ts'

/** Proformas and invoices in reach. */
export function Screen() {
  const say = useWords(invoiceWords)
  const text = useText()
  const [filters, change] = useUrlFilters(['kind', 'status'] as const)
  const { cursor, pagesOf } = usePages(JSON.stringify(filters))
  const query = {
    ...(filters as { kind?: 'invoice'; status?: 'open' }),
    limit: 30,
    ...(cursor !== undefined && { cursor }),
  }
  const found = api.useQuery('get', '/v1/invoices', { params: { query } }, { placeholderData: keepPreviousData })
  const pick = (name: 'kind' | 'status', values: readonly (keyof typeof pieceWords)[]) => (
    <Select
      aria-label={say(name)}
      placeholder={say(name)}
      clearable
      w={150}
      data={values.map((value) => ({ value, label: text(pieceWords[value]) }))}
      value={filters[name] ?? null}
      onChange={(value) => change({ [name]: value })}
    />
  )
  return (
    <>
      <PageHead title={say('title')}>
        {pick('kind', ['proforma', 'invoice', 'credit-note'])}
        {pick('status', ['open', 'paid', 'void'])}
      </PageHead>
      <Section flush>
        <EntityTable
          name="invoices"
          label={say('title')}
          rows={found.data?.invoices}
          keyOf={({ id }) => id}
          linkOf={({ id }) => `/invoices/${id}`}
          error={found.error}
          retry={() => void found.refetch()}
          pages={pagesOf(found.data?.next)}
          empty={<Empty title={say('emptyTitle')} hint={say('emptyHint')} icon={IconFileInvoice} />}
          columns={[
            { key: 'number', title: say('number'), cell: ({ number }) => <Digits>{number}</Digits>, place: 'title' },
            { key: 'kind', title: say('kind'), cell: ({ kind }) => <Status word={kind} /> },
            { key: 'total', title: say('total'), cell: ({ totalRial }) => <Money rial={totalRial} /> },
            { key: 'status', title: say('status'), cell: ({ status }) => <Status word={status} />, place: 'side' },
            { key: 'issued', title: say('issued'), cell: ({ issuedAt }) => <When at={issuedAt} /> },
            { key: 'paid', title: say('paidAt'), cell: ({ paidAt }) => <When at={paidAt} />, place: 'none' },
          ]}
        />
      </Section>
    </>
  )
}
