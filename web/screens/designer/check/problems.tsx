import { Badge, Group, Loader, ScrollArea, Text, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle, IconRoute } from '@tabler/icons-react'
import type { Finding } from '../../../../definitions/check/finding.ts'
import { useFormat } from '../../../format/use-format.ts'
import { useText, useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { stateAt, stateOf } from '../model/states.ts'
import { designerWords } from '../words.ts'
import { panelPlace } from './finding-place.ts'
import classes from './problems.module.css'

/** All findings, worst first. A line jumps to its place and, where the check found a road that shows the fault, draws it. */
export function Problems({
  shown,
  onShow,
}: {
  shown: Finding | undefined
  onShow: (finding: Finding | undefined) => void
}) {
  const { definition, findings, checking, select } = useDraft()
  const say = useWords(designerWords)
  const text = useText()
  const { num } = useFormat()
  const rank = { error: 0, warning: 1, info: 2 }
  const sorted = [...findings].sort((a, b) => rank[a.severity] - rank[b.severity])
  if (sorted.length === 0)
    return (
      <Group p="md" gap="xs">
        {checking ? <Loader size="xs" /> : <IconCircleCheck size={18} color="var(--mantine-color-teal-7)" />}
        <Text fz="sm">{say(checking ? 'checkingNow' : 'noFindings')}</Text>
      </Group>
    )
  return (
    <ScrollArea h="100%" scrollbarSize={7}>
      <ul className={classes['list']}>
        {sorted.map((finding) => {
          const { rule, severity, path, message, counterExample } = finding
          const state = stateOf(path)
          return (
            <li key={`${rule} ${path} ${message.en}`}>
              <UnstyledButton
                className={classes['line'] ?? ''}
                data-shown={finding === shown || undefined}
                onClick={() => {
                  select(panelPlace(definition, path))
                  onShow(counterExample === undefined ? undefined : finding)
                }}
              >
                <Severity of={severity} />
                <Badge size="sm" variant="light" color="gray" className={classes['rule'] ?? ''}>
                  {rule}
                </Badge>
                <span className={classes['message']}>{text(message)}</span>
                {counterExample !== undefined && (
                  <span className={classes['road']}>
                    <IconRoute size={15} aria-hidden /> {say('roadOf', { n: num(counterExample.length) })}
                  </span>
                )}
                <span className={classes['place']}>{state === '' ? '' : text(stateAt(definition, state)?.label)}</span>
              </UnstyledButton>
            </li>
          )
        })}
      </ul>
    </ScrollArea>
  )
}

function Severity({ of }: { of: Finding['severity'] }) {
  const say = useWords(designerWords)
  if (of === 'error') return <IconCircleX size={18} color="var(--mantine-color-error)" aria-label={say('error')} />
  if (of === 'warning')
    return <IconAlertTriangle size={18} color="var(--mantine-color-yellow-light-color)" aria-label={say('warning')} />
  return <IconInfoCircle size={18} color="var(--mantine-color-blue-light-color)" aria-label={say('info')} />
}
