import { Alert, Badge, Button, Card, Checkbox, Group, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { IconCheck, IconRocket, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, fetchClient } from '../../client/client.ts'
import { useFormat } from '../../format/use-format.ts'
import { useMay, useMe } from '../../shell/me.tsx'
import { Loading } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import { useAct } from './use-act.ts'
import { definitionsWords } from './words.ts'

/** The draft before the second person: what it changes in words, the verdict, and its publication with the warnings answered for. */
export function Review({ id, version, current }: { id: string; version: number; current: number | null }) {
  const say = useWords(definitionsWords)
  const text = useText()
  const may = useMay()
  const me = useMe()
  const { num, dateTime } = useFormat()
  const act = useAct()
  const path = { id, version }
  const { data } = api.useQuery('get', '/v1/definitions/{id}/versions/{version}/reviews', { params: { path } })
  const [note, setNote] = useState('')
  const [makeCurrent, setMakeCurrent] = useState(true)
  const [reasons, setReasons] = useState<Record<string, string>>({})
  const verdict = api.useMutation('post', '/v1/definitions/{id}/versions/{version}/reviews', act)
  const publish = api.useMutation('post', '/v1/definitions/{id}/versions/{version}/publish', act)
  const open = useWarnings(id, version)
  if (data === undefined) return <Loading rows={3} />
  const isAuthor = data.authors.includes(me.id)
  const give = (as: 'approved' | 'rejected') =>
    verdict.mutate({
      params: { path, header: act.header() },
      body: { hash: data.hash, verdict: as, ...(note.trim() !== '' && { note: note.trim() }) },
    })
  const answered = open.every(({ path: place, rule }) => (reasons[`${rule} ${place}`] ?? '').trim().length >= 5)
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} fz="md">
            {say('reviewOf', { version: num(version) })}
          </Title>
          <Badge variant="light" color={data.approved ? 'teal' : 'orange'}>
            {say(data.approved ? 'approved' : 'waitsForReview')}
          </Badge>
        </Group>
        {current !== null && <Changes id={id} version={version} from={current} />}
        {data.reviews.map((review) => (
          <Text key={review.at} fz="xs">
            <b>{review.reviewer}</b> · {say(`verdict_${review.verdict}`)} · {dateTime(review.at)}
            {review.note !== null && ` · ${review.note}`}
          </Text>
        ))}
        {!data.approved && isAuthor && <Alert color="blue">{say('otherMustReview')}</Alert>}
        {!data.approved && !isAuthor && may('definitions.review') && (
          <>
            <Textarea
              label={say('note')}
              value={note}
              maxLength={2000}
              autosize
              minRows={2}
              onChange={({ currentTarget }) => setNote(currentTarget.value)}
            />
            <Group>
              <Button
                color="teal"
                leftSection={<IconCheck size={16} />}
                loading={verdict.isPending}
                onClick={() => give('approved')}
              >
                {say('approve')}
              </Button>
              <Button
                color="red"
                variant="light"
                leftSection={<IconX size={16} />}
                loading={verdict.isPending}
                onClick={() => give('rejected')}
              >
                {say('reject')}
              </Button>
            </Group>
          </>
        )}
        {data.approved && !isAuthor && may('definitions.publish') && (
          <>
            {open.map(({ rule, path: place, message }) => (
              <TextInput
                key={`${rule} ${place}`}
                label={`${rule}: ${text(message)}`}
                placeholder={say('whyItMayStand')}
                value={reasons[`${rule} ${place}`] ?? ''}
                onChange={({ currentTarget: { value } }) =>
                  setReasons((old) => ({ ...old, [`${rule} ${place}`]: value }))
                }
              />
            ))}
            <Checkbox
              label={say('alsoCurrent')}
              checked={makeCurrent}
              onChange={({ currentTarget }) => setMakeCurrent(currentTarget.checked)}
            />
            <Group>
              <Button
                leftSection={<IconRocket size={16} />}
                loading={publish.isPending}
                disabled={!answered}
                onClick={() =>
                  publish.mutate({
                    params: { path, header: act.header() },
                    body: {
                      hash: data.hash,
                      makeCurrent,
                      acknowledged: open.map(({ rule, path: place }) => ({
                        rule,
                        path: place,
                        reason: reasons[`${rule} ${place}`] ?? '',
                      })),
                    },
                  })
                }
              >
                {say('publish')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Card>
  )
}

/** Warnings of a stored text that nobody has answered for yet. */
function useWarnings(id: string, version: number) {
  const { data } = useQuery({
    queryKey: ['definition-warnings', id, version],
    queryFn: async () => {
      const stored = await fetchClient.GET('/v1/definitions/{id}/versions/{version}', {
        params: { path: { id, version } },
      })
      if (stored.data === undefined) return []
      const checked = await fetchClient.POST('/v1/definitions/check', { body: { text: stored.data.text } })
      return checked.data?.findings.filter((one) => one.severity === 'warning' && one.acknowledged === undefined) ?? []
    },
  })
  return data ?? []
}

/** What the draft changes against the version that new orders run by, sentence by sentence. */
function Changes({ id, version, from }: { id: string; version: number; from: number }) {
  const say = useWords(definitionsWords)
  const text = useText()
  const { num } = useFormat()
  const { data } = api.useQuery('get', '/v1/definitions/{id}/versions/{version}/diff', {
    params: { path: { id, version }, query: { from } },
  })
  if (data === undefined) return <Loading rows={2} />
  const colour = { added: 'teal', removed: 'red', changed: 'yellow' }
  return (
    <Stack gap={4}>
      <Text fz="sm" fw={700}>
        {say('changesSince', { version: num(from) })}
      </Text>
      {data.changes.length === 0 && <Text fz="sm">{say('noChanges')}</Text>}
      {data.changes.map((change, i) => (
        <Group key={i} gap={8} wrap="nowrap" align="start">
          <Badge size="sm" variant="light" color={colour[change.kind]}>
            {say(`change_${change.kind}`)}
          </Badge>
          <Text fz="sm">{text(change.message)}</Text>
        </Group>
      ))}
    </Stack>
  )
}
