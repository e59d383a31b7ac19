import { Anchor, Button, FileButton, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPaperclip } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf } from '../../client/client.ts'
import { useFormat } from '../../format/use-format.ts'
import { Section, When } from '../../ui/pieces.tsx'
import { useText, useWords } from '../../words/words.ts'
import type { Order } from './order.tsx'
import { keepFile } from './transition-form.tsx'
import { orderWords } from './words.ts'

/** Files of an order, and a way to add one. */
export function Documents({ order }: { order: Order }) {
  const say = useWords(orderWords)
  const text = useText()
  const { bytes } = useFormat()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const attach = async (file: File | null) => {
    if (file === null) return
    setBusy(true)
    try {
      await keepFile(order.id, file)
      await queries.invalidateQueries({ queryKey: ['get', '/v1/orders/{id}'] })
    } catch (error) {
      notifications.show({ color: 'red', message: text(problemOf(error).detail) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Section
      title={say('documents')}
      aside={
        <FileButton onChange={(file) => void attach(file)} accept="image/png,image/jpeg,image/webp,application/pdf">
          {(props) => (
            <Button
              {...props}
              size="compact-sm"
              variant="default"
              loading={busy}
              leftSection={<IconPaperclip size={14} />}
            >
              {say('attach')}
            </Button>
          )}
        </FileButton>
      }
    >
      {order.documents.length === 0 && <Text c="dimmed">{say('noDocuments')}</Text>}
      <Stack gap="xs">
        {order.documents.map(({ id, name, bytes: size, at }) => (
          <Group key={id} justify="space-between">
            <Anchor href={`/v1/documents/${id}`} download fz="sm">
              {name}
            </Anchor>
            <Text fz="xs" c="dimmed">
              {bytes(size)} · <When at={at} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  )
}
