import { Card, Group, Skeleton, Text, ThemeIcon } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { useFormat } from '../../format/use-format.ts'

/** A number that matters, with its name. With `onPress` it narrows what is below. */
export function Figure(props: {
  icon: Icon
  color: string
  name: string
  value: number | undefined
  pressed?: boolean
  onPress?: () => void
}) {
  const { num } = useFormat()
  const inside = (
    <Group gap="sm" wrap="nowrap" justify="space-between">
      <div>
        <Text fz={12.5} c="dimmed">
          {props.name}
        </Text>
        <Text fz={21} fw={700} lh={1.35}>
          {props.value === undefined ? <Skeleton width={48} height={20} mt={6} /> : num(props.value)}
        </Text>
      </div>
      <ThemeIcon variant="light" color={props.color} size={40} radius="md" visibleFrom="xs">
        <props.icon size={21} stroke={1.6} />
      </ThemeIcon>
    </Group>
  )
  const look = { withBorder: true, padding: 'sm' as const, bg: 'var(--card)' }
  if (props.onPress === undefined) return <Card {...look}>{inside}</Card>
  return (
    <Card
      {...look}
      component="button"
      aria-pressed={props.pressed === true}
      onClick={props.onPress}
      style={{
        textAlign: 'start',
        cursor: 'pointer',
        borderColor: props.pressed === true ? 'var(--mantine-color-indigo-6)' : 'var(--line)',
      }}
    >
      {inside}
    </Card>
  )
}
