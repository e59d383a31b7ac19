import { Anchor, Badge, Group, SimpleGrid, Stack, Tabs, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { api } from '../../client/client.ts'
import { useLive } from '../../client/live.tsx'
import { useNames } from '../../client/names.ts'
import type { paths } from '../../client/paths.ts'
import { useFormat } from '../../format/use-format.ts'
import { useMay } from '../../shell/me.tsx'
import { Deadline, Digits, Facts, Phone, Section, Status, When } from '../../ui/pieces.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import { Actions } from './actions.tsx'
import { Documents } from './documents.tsx'
import { Incidents } from './incidents.tsx'
import { Messages } from './messages.tsx'
import { MoneyTab } from './money.tsx'
import { Notes } from './notes.tsx'
import classes from './order.module.css'
import { OrderPath, PathDrawing } from './path.tsx'
import { orderWords } from './words.ts'

export type Order = paths['/v1/orders/{id}']['get']['responses']['200']['content']['application/json']

/** Everything about one order, and what can be done with it. */
export function Screen() {
  const { id = '' } = useParams()
  const order = api.useQuery('get', '/v1/orders/{id}', { params: { path: { id } } })
  useOthersChanges(id, order.data?.seq)
  if (order.isError) return <Failed error={order.error} retry={() => void order.refetch()} />
  if (order.data === undefined) return <Loading rows={9} />
  return <OrderPage order={order.data} />
}

function OrderPage({ order }: { order: Order }) {
  const say = useWords(orderWords)
  const text = useText()
  const may = useMay()
  const [params, setParams] = useSearchParams()
  const tabs = [
    'path',
    'drawing',
    ...(may('invoices.read') ? ['money'] : []),
    'documents',
    ...(may('messages.read') ? ['messages'] : []),
    ...(may('notes.write') ? ['notes'] : []),
  ] as ('path' | 'drawing' | 'money' | 'documents' | 'messages' | 'notes')[]
  const wish = params.get('tab')
  const tab = tabs.find((one) => one === wish) ?? 'path'
  return (
    <>
      <header className={classes['head']}>
        <Group justify="space-between" gap="xs">
          <Group gap="sm">
            <Title order={1} fz={21}>
              <Digits>{order.number}</Digits>
            </Title>
            <Text c="dimmed">{text(order.label)}</Text>
            {order.states.map((state) => (
              <Badge key={state.id} size="lg" radius="sm" tt="none" variant="light" data-state={state.id}>
                {text(state.label)}
              </Badge>
            ))}
            {(order.status !== 'running' || order.outcome !== null) && (
              <Status word={order.outcomeKind ?? order.status} />
            )}
          </Group>
          <Group gap="md">
            <Text fw={600}>{order.customerName}</Text>
            {order.status !== 'ended' && order.dueAt !== null && <Deadline at={order.dueAt} />}
          </Group>
        </Group>
        {order.status !== 'ended' && <Actions orderId={order.id} />}
      </header>
      {order.incidents.length > 0 && <Incidents order={order} />}
      <div className={classes['columns']}>
        <div>
          <Tabs
            value={tab}
            onChange={(next) => setParams(next === null || next === 'path' ? {} : { tab: next })}
            keepMounted={false}
          >
            <Tabs.List mb="sm">
              {tabs.map((one) => (
                <Tabs.Tab key={one} value={one}>
                  {say(one)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value="path">
              <OrderPath orderId={order.id} />
            </Tabs.Panel>
            <Tabs.Panel value="drawing">
              <PathDrawing order={order} />
            </Tabs.Panel>
            <Tabs.Panel value="money">
              <MoneyTab order={order} />
            </Tabs.Panel>
            <Tabs.Panel value="documents">
              <Documents order={order} />
            </Tabs.Panel>
            <Tabs.Panel value="messages">
              <Messages orderId={order.id} />
            </Tabs.Panel>
            <Tabs.Panel value="notes">
              <Notes orderId={order.id} />
            </Tabs.Panel>
          </Tabs>
        </div>
        <aside>
          <Side order={order} />
        </aside>
      </div>
    </>
  )
}

function Side({ order }: { order: Order }) {
  const say = useWords(orderWords)
  const text = useText()
  const { num } = useFormat()
  const { nameOf } = useNames()
  const { customer } = order
  return (
    <Stack gap={0}>
      {order.waits.length > 0 && (
        <Section title={say('waits')}>
          <Stack gap={6}>
            {order.waits.map((wait, i) => (
              <Group key={i} justify="space-between" wrap="nowrap" align="start">
                <Text fz="sm">{text(wait.text)}</Text>
                {wait.dueAt !== null && <Deadline at={wait.dueAt} />}
              </Group>
            ))}
            {order.deadlines.map(({ id, state, dueAt }) => (
              <Group key={`${state} ${id}`} justify="space-between">
                <Text fz="sm" c="dimmed">
                  {say('deadlines')}
                </Text>
                <Deadline at={dueAt} />
              </Group>
            ))}
          </Stack>
        </Section>
      )}
      {customer !== null && (
        <Section title={say('customer')}>
          <Facts
            items={[
              {
                name: say('name'),
                value: (
                  <Anchor component={Link} to={`/customers/${customer.id}`}>
                    {customer.name}
                  </Anchor>
                ),
              },
              { name: say('nationalId'), value: <Digits>{customer.nationalId}</Digits> },
              ...customer.contacts.map(({ kind, value }) => ({
                name: text(contactNames[kind]),
                value: kind === 'address' ? value : <Phone>{value}</Phone>,
              })),
            ]}
          />
        </Section>
      )}
      <Section title={say('service')}>
        <Facts
          items={[
            {
              name: say('product'),
              value: order.product === null ? null : text({ fa: order.product.labelFa, en: order.product.labelEn }),
            },
            { name: say('phone'), value: order.phone === null ? null : <Phone>{order.phone}</Phone> },
            { name: say('agent'), value: nameOf('partner', order.partnerId) },
            { name: say('city'), value: nameOf('city', order.cityId) },
            { name: say('centre'), value: nameOf('centre', order.centreId) },
            { name: say('created'), value: <When at={order.createdAt} /> },
            ...(order.endedAt === null ? [] : [{ name: say('ended'), value: <When at={order.endedAt} /> }]),
            { name: say('version'), value: `${order.definitionId} · ${num(order.definitionVersion)}` },
          ]}
        />
      </Section>
      {(order.parent !== null || order.children.length > 0) && (
        <Section title={say('children')}>
          <SimpleGrid cols={1} spacing={6}>
            {order.parent !== null && (
              <Anchor component={Link} to={`/orders/${order.parent.id}`} fz="sm">
                {say('parent')}: <Digits>{order.parent.number}</Digits>
              </Anchor>
            )}
            {order.children.map((child) => (
              <Group key={child.id} justify="space-between">
                <Anchor component={Link} to={`/orders/${child.id}`} fz="sm">
                  <Digits>{child.number}</Digits>
                </Anchor>
                <Status word={child.outcomeKind ?? child.status} />
              </Group>
            ))}
          </SimpleGrid>
        </Section>
      )}
    </Stack>
  )
}

const contactNames = {
  mobile: { fa: 'همراه', en: 'Mobile' },
  email: { fa: 'رایانامه', en: 'E-mail' },
  phone: { fa: 'تلفن', en: 'Phone' },
  address: { fa: 'نشانی', en: 'Address' },
}

/** Says that somebody else moved the order that is on the screen; the page itself is read again by the live feed. */
function useOthersChanges(orderId: string, seq: number | undefined) {
  const { watch } = useLive()
  const say = useWords(orderWords)
  useEffect(
    () =>
      watch((change) => {
        if (change.orderId === orderId && seq !== undefined && change.seq > seq)
          notifications.show({ id: `changed-${orderId}`, message: say('changedNow') })
      }),
    [watch, orderId, seq, say],
  )
}
