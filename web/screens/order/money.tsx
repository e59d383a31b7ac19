import { Anchor, Button, Menu, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link } from 'react-router'
import { api, fetchClient, newKey, problemOf } from '../../client/client.ts'
import { useMay } from '../../shell/me.tsx'
import { Code, Digits, Money, Section, Status, When } from '../../ui/pieces.tsx'
import { useText, useWords } from '../../words/words.ts'
import type { Order } from './order.tsx'
import { orderWords } from './words.ts'

/** Invoices and payments of an order; the open one can be paid at a bank. */
export function MoneyTab({ order }: { order: Order }) {
  const say = useWords(orderWords)
  if (order.invoices.length === 0 && order.payments.length === 0)
    return (
      <Section>
        <Text c="dimmed">{say('noMoney')}</Text>
      </Section>
    )
  return (
    <>
      <Section
        title={say('invoices')}
        aside={
          order.status !== 'ended' &&
          order.invoices.some(({ status }) => status === 'open') && <PayMenu orderId={order.id} />
        }
        flush
      >
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say('number')}</Table.Th>
              <Table.Th>{say('kind')}</Table.Th>
              <Table.Th>{say('total')}</Table.Th>
              <Table.Th>{say('status')}</Table.Th>
              <Table.Th>{say('at')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {order.invoices.map(({ id, number, kind, totalRial, status, issuedAt }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Anchor component={Link} to={`/invoices/${id}`} fz="sm">
                    <Digits>{number}</Digits>
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <Status word={kind} />
                </Table.Td>
                <Table.Td>
                  <Money rial={totalRial} />
                </Table.Td>
                <Table.Td>
                  <Status word={status} />
                </Table.Td>
                <Table.Td>
                  <When at={issuedAt} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Section>
      {order.payments.length > 0 && (
        <Section title={say('payments')} flush>
          <Table>
            <Table.Tbody>
              {order.payments.map((payment) => (
                <Table.Tr key={payment.id}>
                  <Table.Td>
                    <Code>{payment.gateway}</Code>
                  </Table.Td>
                  <Table.Td>
                    <Money rial={payment.amountRial} />
                  </Table.Td>
                  <Table.Td>
                    <Status word={payment.status} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Section>
      )}
    </>
  )
}

/** Sends the payer to a bank. The way back is the callback, which believes only the bank itself. */
export function PayMenu({ orderId }: { orderId: string }) {
  const say = useWords(orderWords)
  const text = useText()
  const may = useMay()
  const gateways =
    api.useQuery('get', '/v1/payment-gateways', {}, { enabled: may('payments.create') }).data?.gateways ?? []
  if (gateways.length === 0) return null
  const pay = async (gateway: string) => {
    const { data, error } = await fetchClient.POST('/v1/orders/{id}/payments', {
      params: { path: { id: orderId }, header: { 'Idempotency-Key': newKey() } },
      body: { gateway },
    })
    if (error !== undefined) notifications.show({ color: 'red', message: text(problemOf(error).detail) })
    else goTo(data.redirect)
  }
  return (
    <Menu>
      <Menu.Target>
        <Button size="compact-sm">{say('pay')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {gateways.map((gateway) => (
          <Menu.Item key={gateway} onClick={() => void pay(gateway)}>
            <Code>{gateway}</Code>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Banks want a GET or a form of their own. */
function goTo({ method, url, fields }: { method: string; url: string; fields: Record<string, unknown> }) {
  const form = document.createElement('form')
  form.method = method
  form.action = url
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = String(value)
    form.append(input)
  }
  if (method === 'GET') {
    location.assign(url)
    return
  }
  document.body.append(form)
  form.submit()
}
