import { Badge, Group, ScrollArea, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { DefinitionDiff } from '../../../../definitions/diff/diff.ts'
import type { Definition } from '../../../../definitions/format.ts'
import { api, fetchClient } from '../../../client/client.ts'
import { useFormat } from '../../../format/use-format.ts'
import { Empty, Loading } from '../../../ui/states.tsx'
import { useText, useWords } from '../../../words/words.ts'
import { panelPlace } from '../check/finding-place.ts'
import { useDraft } from '../draft.tsx'
import { modeWords } from '../mode-words.ts'
import { compared } from '../model/compare.ts'

/** The definition on the desk against the version that new orders run by. `against`: null while it is read, or where there is none. */
export function useComparison(id: string, isOn: boolean) {
  const { definition, checker, catalogues } = useDraft()
  const known = api.useQuery('get', '/v1/definitions/{id}', { params: { path: { id } } }, { enabled: isOn })
  const version = known.data?.currentVersion ?? null
  const old = useQuery({
    queryKey: ['definition-text', id, version],
    enabled: isOn && version !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const { data, error } = await fetchClient.GET('/v1/definitions/{id}/versions/{version}', {
        params: { path: { id, version: version ?? 0 } },
      })
      if (data === undefined) throw error
      return JSON.parse(data.text) as Definition
    },
  })
  const from = old.data
  const diff = useQuery({
    queryKey: ['definition-diff-here', id, version, definition],
    enabled: isOn && from !== undefined && checker !== null,
    gcTime: 0,
    retry: false,
    queryFn: () => (from === undefined || checker === null ? null : checker.diff(from, definition, catalogues)),
  })
  const drawn = useMemo(
    () =>
      from === undefined || diff.data === undefined || diff.data === null
        ? undefined
        : compared(from, definition, diff.data.changes),
    [from, definition, diff.data],
  )
  return {
    version,
    isNew: known.data !== undefined && version === null,
    diff: diff.data ?? undefined,
    failed: diff.isError,
    drawn,
  }
}

/** What differs, in sentences; a sentence leads to its place. */
export function Differences(props: {
  version: number | null
  isNew: boolean
  diff: DefinitionDiff | undefined
  failed: boolean
}) {
  const { definition, select } = useDraft()
  const say = useWords(modeWords)
  const text = useText()
  const { num } = useFormat()
  if (props.isNew) return <Empty title={say('nothingToCompare')} />
  if (props.failed) return <Empty title={say('cannotCompare')} hint={say('cannotCompareHint')} />
  if (props.diff === undefined) return <Loading rows={4} />
  const { changes, behaviour } = props.diff
  const colour = { added: 'teal', removed: 'red', changed: 'yellow' }
  return (
    <ScrollArea h="100%" viewportProps={{ tabIndex: -1 }}>
      <Stack p="md" gap="xs">
        <Title order={2} fz="md">
          {say('comparedWith', { version: num(props.version ?? 0) })}
        </Title>
        {changes.length === 0 && <Text fz="sm">{say('noDifference')}</Text>}
        {changes.map((change, i) => (
          <UnstyledButton
            key={i}
            onClick={() => change.kind !== 'removed' && select(panelPlace(definition, change.path))}
          >
            <Group gap={8} wrap="nowrap" align="start">
              <Badge size="sm" variant="light" color={colour[change.kind]}>
                {say(change.kind)}
              </Badge>
              <Text fz="sm">{text(change.message)}</Text>
            </Group>
          </UnstyledButton>
        ))}
        {(['gained', 'lost'] as const).map((side) =>
          behaviour[side].length === 0 ? null : (
            <Stack key={side} gap={4}>
              <Text fz="sm" fw={700}>
                {say(side)}
              </Text>
              {behaviour[side].slice(0, 12).map((road, i) => (
                <Text key={i} fz="xs" c="dimmed" dir="ltr">
                  {road.map(({ stimulus, to }) => `${stimulus} → ${to.join(' ')}`).join(' · ')}
                </Text>
              ))}
            </Stack>
          ),
        )}
      </Stack>
    </ScrollArea>
  )
}
