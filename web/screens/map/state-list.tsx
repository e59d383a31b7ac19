import { Badge, Group, Text, UnstyledButton } from '@mantine/core'
import { useFormat } from '../../format/use-format.ts'
import { drawingWords } from '../../ui/drawing/words.ts'
import { useText, useWords } from '../../words/words.ts'
import classes from './map.module.css'

interface Counted {
  id: string
  label: { fa: string; en: string }
  count: number
  late: number
}

/** The map of a phone: the states in the order of the definition. */
export function StateList(props: {
  states: readonly Counted[]
  selected: string | null
  onSelect: (state: string | null) => void
}) {
  const text = useText()
  const say = useWords(drawingWords)
  const { num } = useFormat()
  return (
    <ul className={classes['states']}>
      {props.states.map(({ id, label, count, late }) => (
        <li key={id}>
          <UnstyledButton
            className={classes['state'] ?? ''}
            data-state={id}
            aria-pressed={props.selected === id}
            onClick={() => props.onSelect(props.selected === id ? null : id)}
          >
            <Text fz="sm" fw={600}>
              {text(label)}
            </Text>
            <Group gap="xs" wrap="nowrap">
              {late > 0 && (
                <Badge color="red" variant="light" tt="none">
                  {say('late', { n: num(late) })}
                </Badge>
              )}
              <Text fw={700} {...(count === 0 && { c: 'dimmed' })}>
                {num(count)}
              </Text>
            </Group>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}
