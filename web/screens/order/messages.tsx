import { Group, Stack, Text } from '@mantine/core'
import { api } from '../../client/client.ts'
import { Code, Section, Status, When } from '../../ui/pieces.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { useWords } from '../../words/words.ts'
import classes from './order.module.css'
import { orderWords } from './words.ts'

/** What went out for an order, to whom, and whether it arrived. */
export function Messages({ orderId }: { orderId: string }) {
  const say = useWords(orderWords)
  const found = api.useQuery('get', '/v1/orders/{id}/messages', { params: { path: { id: orderId } } })
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (found.data === undefined) return <Loading />
  return (
    <Section title={say('messages')}>
      {found.data.messages.length === 0 && <Text c="dimmed">{say('noMessages')}</Text>}
      <Stack>
        {found.data.messages.map((message) => (
          <div key={message.id}>
            <Group gap="xs">
              <Status word={message.channel} kind="gray" />
              <Code>{message.recipient}</Code>
              <Status word={message.state} />
              <Text fz="xs" c="dimmed">
                <When at={message.deliveredAt ?? message.sentAt ?? message.createdAt} />
              </Text>
            </Group>
            {message.subject !== null && (
              <Text fz="sm" fw={600} mt={4}>
                {message.subject}
              </Text>
            )}
            <div className={classes['body']} dir="auto">
              {message.body}
            </div>
            {message.error !== null && (
              <Text fz="xs" c="var(--mantine-color-error)">
                {message.error}
              </Text>
            )}
          </div>
        ))}
      </Stack>
    </Section>
  )
}
