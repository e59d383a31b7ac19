import { ActionIcon, Group, Text, Title, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { designerWords } from '../words.ts'

/** Heading of a panel, and the button that takes its subject away. */
export function PanelHead(props: { title: string; kind: string; onRemove?: () => void; children?: ReactNode }) {
  const say = useWords(designerWords)
  const { readOnly } = useDraft()
  return (
    <Group justify="space-between" wrap="nowrap" align="start">
      <div>
        <Text fz="xs" c="dimmed">
          {props.kind}
        </Text>
        <Title order={2} fz="md">
          {props.title}
        </Title>
      </div>
      <Group gap={4} wrap="nowrap">
        {props.children}
        {props.onRemove !== undefined && !readOnly && (
          <Tooltip label={say('remove')}>
            <ActionIcon variant="subtle" color="red" aria-label={say('remove')} onClick={props.onRemove}>
              <IconTrash size={18} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
    </Group>
  )
}
