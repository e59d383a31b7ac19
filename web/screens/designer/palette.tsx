import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconCircleCheck, IconCpu, IconUser } from '@tabler/icons-react'
import { useWords } from '../../words/words.ts'
import { useActs } from './acts.ts'
import classes from './designer.module.css'
import { designerWords } from './words.ts'

const kinds = [
  { kind: 'people', icon: IconUser },
  { kind: 'system', icon: IconCpu },
  { kind: 'end', icon: IconCircleCheck },
] as const

/** New states by meaning; they are dragged to their place, or put in the middle by a press. */
export function Palette() {
  const say = useWords(designerWords)
  const acts = useActs()
  return (
    <div className={classes['palette']} role="toolbar" aria-label={say('palette')}>
      {kinds.map(({ kind, icon: Symbol }) => (
        <Tooltip key={kind} label={say(`${kind}Hint`)} position="right" multiline w={220}>
          <UnstyledButton
            className={classes['chip'] ?? ''}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.setData('application/x-samfony-state', kind)
              event.dataTransfer.effectAllowed = 'move'
            }}
            onClick={() => acts.state({ kind })}
          >
            <Symbol size={20} stroke={1.6} aria-hidden />
            <span>{say(kind)}</span>
          </UnstyledButton>
        </Tooltip>
      ))}
    </div>
  )
}
