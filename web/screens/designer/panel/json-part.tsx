import { Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { pathOf, stateOf } from '../model/states.ts'
import { valueAt } from '../model/tree.ts'
import { PanelHead } from './panel-head.tsx'
import { panelWords } from './words.ts'

/** A part without a panel of its own, as its JSON. */
export function JsonPart({ path }: { path: string }) {
  const { definition, edit, select, readOnly } = useDraft()
  const say = useWords(panelWords)
  const [fault, setFault] = useState<string>()
  return (
    <Stack gap="sm">
      <PanelHead
        kind={say('asJson')}
        title={path.replace(/^.*\.states\./, '')}
        onRemove={() => {
          edit({ type: 'set', path, value: undefined })
          select(pathOf(stateOf(path)))
        }}
      />
      <Text fz="xs" c="dimmed">
        {say('asJsonHint')}
      </Text>
      <Textarea
        dir="ltr"
        autosize
        minRows={6}
        maxRows={28}
        aria-label={say('asJson')}
        ff="monospace"
        disabled={readOnly}
        error={fault}
        defaultValue={JSON.stringify(valueAt(definition, path), null, 2)}
        onBlur={({ currentTarget }) => {
          try {
            edit({ type: 'set', path, value: JSON.parse(currentTarget.value) })
            setFault(undefined)
          } catch (error) {
            setFault(error instanceof Error ? error.message : String(error))
          }
        }}
      />
    </Stack>
  )
}
