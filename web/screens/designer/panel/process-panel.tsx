import { Stack, Text } from '@mantine/core'
import { useText, useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { LabelFields } from '../parts/fields.tsx'
import { designerWords } from '../words.ts'
import { PanelHead } from './panel-head.tsx'

/** The process as a whole. */
export function ProcessPanel() {
  const { definition, edit, readOnly } = useDraft()
  const say = useWords(designerWords)
  const text = useText()
  return (
    <Stack gap="sm">
      <PanelHead kind={say('process')} title={text(definition.label)} />
      <Text fz="xs" c="dimmed">
        {say('processHint')}
      </Text>
      <LabelFields
        value={definition.label}
        disabled={readOnly}
        onChange={(value) => edit({ type: 'set', path: '$.label', value }, 'label')}
      />
    </Stack>
  )
}
