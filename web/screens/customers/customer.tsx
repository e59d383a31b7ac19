import { Anchor, Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link, useParams } from 'react-router'
import { api } from '../../client/client.ts'
import { useNames } from '../../client/names.ts'
import { useMay } from '../../shell/me.tsx'
import { EntityTable } from '../../ui/entity-table.tsx'
import { pieceWords } from '../../ui/piece-words.ts'
import { Code, Deadline, Digits, Facts, Money, PageHead, Phone, Section, Status, When } from '../../ui/pieces.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import { customerWords } from './words.ts'

/** Everything about one customer: contacts, services, orders and invoices. */
export function Screen() {
  const { id = '' } = useParams()
  return <CustomerPage id={id} />
}

export function CustomerPage({ id }: { id: string }) {
  const say = useWords(customerWords)
  const text = useText()
  const may = useMay()
  const { nameOf } = useNames()
  const customer = api.useQuery('get', '/v1/customers/{id}', { params: { path: { id } } })
  const mine = { params: { query: { customer: id, limit: 50 } } }
  const orders = api.useQuery('get', '/v1/orders', mine, { enabled: may('orders.read') })
  const invoices = api.useQuery('get', '/v1/invoices', mine, { enabled: may('invoices.read') })
  const services = api.useQuery(
    'get',
    '/v1/subscriptions',
    { params: { query: { customer: id } } },
    { enabled: may('subscriptions.read') },
  )
  if (customer.isError) return <Failed error={customer.error} retry={() => void customer.refetch()} />
  if (customer.data === undefined) return <Loading rows={8} />
  const { name, kind, nationalId, partnerId, contacts, createdAt } = customer.data
  const none = <div style={{ padding: 14 }}>{say('none')}</div>
  return (
    <>
      <PageHead title={name} beside={<Status word={kind} />}>
        {may('orders.create') && (
          <Button component={Link} to={`/orders/new?customer=${id}`} leftSection={<IconPlus size={16} />}>
            {say('newOrder')}
          </Button>
        )}
      </PageHead>
      <Section title={say('contacts')}>
        <Facts
          items={[
            ...contacts.map((contact) => ({
              name: text(pieceWords[contact.kind]),
              value: contact.kind === 'address' ? contact.value : <Phone>{contact.value}</Phone>,
            })),
            { name: say('nationalId'), value: <Digits>{nationalId}</Digits> },
            { name: say('agent'), value: nameOf('partner', partnerId) },
            { name: say('created'), value: <When at={createdAt} /> },
          ]}
        />
      </Section>
      {may('subscriptions.read') && (
        <Section title={say('services')} flush>
          <EntityTable
            name="services"
            label={say('services')}
            rows={services.data?.subscriptions}
            keyOf={(row) => row.id}
            error={services.error}
            empty={none}
            columns={[
              {
                key: 'product',
                title: say('product'),
                cell: ({ productId }) => nameOf('product', productId),
                place: 'title',
              },
              { key: 'username', title: say('username'), cell: ({ username }) => <Code>{username}</Code> },
              { key: 'expires', title: say('expires'), cell: ({ expiresAt }) => <When at={expiresAt} /> },
              { key: 'status', title: say('status'), cell: ({ status }) => <Status word={status} />, place: 'side' },
            ]}
          />
        </Section>
      )}
      <Section title={say('orders')} flush>
        <EntityTable
          name="customer-orders"
          label={say('orders')}
          rows={orders.data?.orders}
          keyOf={(row) => row.id}
          linkOf={(row) => `/orders/${row.id}`}
          error={orders.error}
          empty={none}
          columns={[
            { key: 'number', title: say('number'), cell: ({ number }) => <Digits>{number}</Digits>, place: 'title' },
            { key: 'product', title: say('product'), cell: ({ productId }) => nameOf('product', productId) },
            {
              key: 'status',
              title: say('status'),
              cell: ({ status, outcomeKind }) => <Status word={outcomeKind ?? status} />,
              place: 'side',
            },
            {
              key: 'deadline',
              title: say('expires'),
              cell: ({ dueAt, status }) => (status === 'ended' ? '' : <Deadline at={dueAt} />),
            },
            { key: 'created', title: say('created'), cell: ({ createdAt: at }) => <When at={at} /> },
          ]}
        />
      </Section>
      {may('invoices.read') && (
        <Section title={say('invoices')} flush>
          <EntityTable
            name="customer-invoices"
            label={say('invoices')}
            rows={invoices.data?.invoices}
            keyOf={(row) => row.id}
            error={invoices.error}
            empty={none}
            columns={[
              {
                key: 'number',
                title: say('number'),
                cell: (row) => (
                  <Anchor component={Link} to={`/invoices/${row.id}`} fz="sm">
                    <Digits>{row.number}</Digits>
                  </Anchor>
                ),
                place: 'title',
              },
              { key: 'kind', title: say('kind'), cell: (row) => <Status word={row.kind} /> },
              { key: 'total', title: say('total'), cell: ({ totalRial }) => <Money rial={totalRial} /> },
              { key: 'status', title: say('status'), cell: ({ status }) => <Status word={status} />, place: 'side' },
              { key: 'created', title: say('created'), cell: ({ issuedAt }) => <When at={issuedAt} /> },
            ]}
          />
        </Section>
      )}
    </>
  )
}
