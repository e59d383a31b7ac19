import { Button, Stack, Text, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, newKey } from '../../client/client.ts'
import { Section, When } from '../../ui/pieces.tsx'
import { Failed } from '../../ui/states.tsx'
import { useWords } from '../../words/words.ts'
import classes from './order.module.css'
import { orderWords } from './words.ts'

/** What people wrote about an order; never changed afterwards. */
export function Notes({ orderId }: { orderId: string }) {
  const say = useWords(orderWords)
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const found = api.useQuery('get', '/v1/orders/{id}/feed', {
    params: { path: { id: orderId }, query: { kind: 'note', limit: 100 } },
  })
  const add = api.useMutation('post', '/v1/orders/{id}/notes', {
    onSuccess: () => {
      setText('')
      void queries.invalidateQueries({ queryKey: ['get', '/v1/orders/{id}/feed'] })
    },
  })
  return (
    <Section title={say('notes')}>
      <Stack>
        <Textarea
          label={say('writeNote')}
          autosize
          minRows={2}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Button
          size="compact-sm"
          w="fit-content"
          disabled={text.trim() === ''}
          loading={add.isPending}
          onClick={() =>
            add.mutate({
              params: { path: { id: orderId }, header: { 'Idempotency-Key': newKey() } },
              body: { text: text.trim() },
            })
          }
        >
          {say('addNote')}
        </Button>
        {add.isError && <Failed error={add.error} />}
        {found.data?.entries.length === 0 && <Text c="dimmed">{say('noNotes')}</Text>}
        {found.data?.entries.map((entry) => (
          <div key={entry.id}>
            <Text fz="xs" c="dimmed">
              {entry.name ?? entry.by} · <When at={entry.at} />
            </Text>
            <div className={classes['body']} dir="auto">
              {noteOf(entry.detail)}
            </div>
          </div>
        ))}
      </Stack>
    </Section>
  )
}

const noteOf = (detail: unknown) =>
  typeof detail === 'object' && detail !== null && 'text' in detail ? String(detail.text) : ''
