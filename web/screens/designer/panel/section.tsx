import { Button, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { usePreferences } from '../../../shell/preferences.tsx'
import { useDraft } from '../draft.tsx'
import classes from './panel.module.css'

/** A heading with what belongs to it, and a button that adds one more. */
export function Section(props: { title: string; onAdd?: () => void; addLabel?: string; children: ReactNode }) {
  const { readOnly } = useDraft()
  return (
    <Stack gap={6} component="section" aria-label={props.title}>
      <Group justify="space-between" className={classes['sectionHead'] ?? ''}>
        <Text fz="sm" fw={700}>
          {props.title}
        </Text>
        {props.onAdd !== undefined && !readOnly && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            onClick={props.onAdd}
            aria-label={`${props.addLabel ?? ''} ${props.title}`}
          >
            {props.addLabel}
          </Button>
        )}
      </Group>
      {props.children}
    </Stack>
  )
}

/** A line that opens the panel of a part. */
export function PartLine(props: { path: string; title: string; hint?: string; bad?: boolean; aside?: ReactNode }) {
  const { select } = useDraft()
  const { lang } = usePreferences()
  const Chevron = lang === 'fa' ? IconChevronLeft : IconChevronRight
  return (
    <UnstyledButton
      className={classes['part'] ?? ''}
      data-bad={props.bad || undefined}
      onClick={() => select(props.path)}
    >
      <span className={classes['partText']}>
        <span>{props.title}</span>
        {props.hint !== undefined && <span className={classes['hint']}>{props.hint}</span>}
      </span>
      {props.aside}
      <Chevron size={16} stroke={1.6} aria-hidden />
    </UnstyledButton>
  )
}
