import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { newKey, problemOf } from '../../client/client.ts'
import { useText, useWords } from '../../words/words.ts'
import { definitionsWords } from './words.ts'

/** What follows an act on a definition: everything about definitions is read again, and a refusal is said with its reasons. */
export function useAct() {
  const queries = useQueryClient()
  const say = useWords(definitionsWords)
  const text = useText()
  return {
    header: () => ({ 'Idempotency-Key': newKey() }),
    onSuccess: () => {
      notifications.show({ color: 'teal', message: say('done') })
      void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/v1/definitions') })
    },
    onError: (error: unknown) => {
      const { detail, errors } = problemOf(error)
      notifications.show({
        color: 'red',
        title: text(detail),
        message: errors
          .slice(0, 5)
          .map((one) => text(one))
          .join(' · '),
      })
    },
  }
}
