import { Anchor, Button } from '@mantine/core'
import { IconFileTypePdf, IconPrinter } from '@tabler/icons-react'
import { Link, useParams } from 'react-router'
import { api } from '../../client/client.ts'
import { usePreferences } from '../../shell/preferences.tsx'
import { dayStart } from '../../ui/dates/day.ts'
import { pieceWords } from '../../ui/piece-words.ts'
import { Digits, Facts, Money, PageHead, Section, Status, When } from '../../ui/pieces.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import { Lines } from './lines.tsx'
import { invoiceWords } from './words.ts'

/** One document of money with its lines. What was issued is never edited, so there is nothing to change here. */
export function Screen() {
  const { id = '' } = useParams()
  const say = useWords(invoiceWords)
  const text = useText()
  const { lang } = usePreferences()
  const found = api.useQuery('get', '/v1/invoices/{id}', { params: { path: { id } } })
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (found.data === undefined) return <Loading />
  const invoice = found.data
  const kind = (pieceWords as Record<string, { fa: string; en: string }>)[invoice.kind]
  return (
    <>
      <PageHead
        title={
          <>
            {text(kind)} <Digits>{invoice.number}</Digits>
          </>
        }
        beside={<Status word={invoice.status} />}
      >
        <Button
          variant="default"
          leftSection={<IconFileTypePdf size={16} />}
          component="a"
          href={`/v1/invoices/${encodeURIComponent(id)}/pdf?locale=${lang}`}
          target="_blank"
        >
          {say('pdf')}
        </Button>
        <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => print()}>
          {say('print')}
        </Button>
      </PageHead>
      <Section>
        <Facts
          items={[
            { name: say('net'), value: <Money rial={invoice.netRial} /> },
            { name: say('tax'), value: <Money rial={invoice.taxRial} /> },
            {
              name: say('total'),
              value: (
                <b>
                  <Money rial={invoice.totalRial} />
                </b>
              ),
            },
            { name: say('issued'), value: <When at={invoice.issuedAt} /> },
            { name: say('due'), value: invoice.dueOn === null ? null : <When at={dayStart(invoice.dueOn)} dateOnly /> },
            { name: say('paidAt'), value: <When at={invoice.paidAt} /> },
            ...(invoice.customerId === null
              ? []
              : [
                  {
                    name: say('customer'),
                    value: (
                      <Anchor component={Link} to={`/customers/${invoice.customerId}`}>
                        {say('open')}
                      </Anchor>
                    ),
                  },
                ]),
            ...(invoice.orderId === null
              ? []
              : [
                  {
                    name: say('order'),
                    value: (
                      <Anchor component={Link} to={`/orders/${invoice.orderId}`}>
                        {say('open')}
                      </Anchor>
                    ),
                  },
                ]),
          ]}
        />
      </Section>
      <Section flush title={say('lines')}>
        <Lines lines={invoice.lines} />
      </Section>
    </>
  )
}
