import { Button, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { api, newKey, problemOf } from '../../client/client.ts'
import { useFormat } from '../../format/use-format.ts'
import { useText, useWords } from '../../words/words.ts'
import { useDraft } from './draft.tsx'
import { designerWords } from './words.ts'

/** What the API keeps of a version, as far as the designer shows it. */
export interface Stored {
  id: string
  version: number
  status: 'draft' | 'published' | 'retired'
  hash: string
}

/** Keeps the draft with its drawing. A definition with errors is not kept, and the API says so again. */
export function SaveButton() {
  const { definition, places, findings, checking, changed, kept } = useDraft()
  const say = useWords(designerWords)
  const text = useText()
  const { num } = useFormat()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const hasErrors = findings.some(({ severity }) => severity === 'error')
  const save = api.useMutation('post', '/v1/definitions', {
    onSuccess: async ({ id, version }) => {
      kept()
      notifications.show({ color: 'teal', message: say('saved', { version: num(version) }) })
      await queries.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/v1/definitions'),
      })
      await navigate(`/designer/${id}/${version}`, { replace: true })
    },
    onError: (error) => {
      notifications.show({ color: 'red', message: text(problemOf(error).detail) })
    },
  })
  const layout = places === null ? {} : { layout: { format: 'samfony.layout/1', places } }
  return (
    <Tooltip label={say(hasErrors ? 'hasErrors' : 'unsaved')} disabled={!changed}>
      <Button
        size="xs"
        leftSection={<IconDeviceFloppy size={16} />}
        loading={save.isPending}
        disabled={!changed || checking || hasErrors}
        onClick={() =>
          save.mutate({
            params: { header: { 'Idempotency-Key': newKey() } },
            body: { text: JSON.stringify(definition, null, 2), ...layout },
          })
        }
      >
        {say('save')}
      </Button>
    </Tooltip>
  )
}
