import { IconBell, IconClock, IconPlugConnected, IconRepeat } from '@tabler/icons-react'
import { Handle, type Node, type NodeProps, Position, useConnection } from '@xyflow/react'
import { usePreferences } from '../../../shell/preferences.tsx'
import { useText, useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { designerWords } from '../words.ts'
import classes from './canvas.module.css'
import type { StateData } from './drawing.ts'

/** A state in which an order can stand. */
export function StateBox({ id, data, selected }: NodeProps<Node<StateData>>) {
  const text = useText()
  const say = useWords(designerWords)
  const { catalogues } = useDraft()
  const { lang } = usePreferences()
  const owner = data.owner === undefined ? undefined : catalogues.roles[data.owner]
  return (
    <div
      className={classes['state']}
      dir={lang === 'fa' ? 'rtl' : 'ltr'}
      data-tone={data.tone}
      data-shade={data.shade}
      data-selected={selected || undefined}
      data-walked={data.step !== undefined || undefined}
      data-state={id}
    >
      <Ends />
      <div className={classes['name']}>
        {data.isInitial && <span className={classes['initial']} title={say('initialHint')} />}
        <span className={classes['label']}>{text(data.label)}</span>
      </div>
      <div className={classes['foot']}>
        <span className={classes['owner']}>{owner === undefined ? say(`tone_${data.tone}`) : text(owner)}</span>
        <Icons has={data.has} />
      </div>
      <MarkOf data={data} />
    </div>
  )
}

/** A state with states inside. */
export function GroupBox({ id, data, selected }: NodeProps<Node<StateData>>) {
  const text = useText()
  const { lang } = usePreferences()
  return (
    <div
      className={classes['group']}
      dir={lang === 'fa' ? 'rtl' : 'ltr'}
      data-shade={data.shade}
      data-selected={selected || undefined}
      data-state={id}
    >
      <Ends />
      <div className={classes['groupName']}>
        {data.isInitial && <span className={classes['initial']} />}
        {text(data.label)}
        <Icons has={data.has} />
      </div>
      <MarkOf data={data} />
    </div>
  )
}

function Icons({ has }: { has: StateData['has'] }) {
  const say = useWords(designerWords)
  const icon = { size: 14, stroke: 1.6 }
  return (
    <span className={classes['icons']}>
      {has.calls > 0 && <IconPlugConnected {...icon} aria-label={say('calls')} />}
      {has.deadlines > 0 && <IconClock {...icon} aria-label={say('deadlines')} />}
      {has.messages > 0 && <IconBell {...icon} aria-label={say('messages')} />}
      {has.stays > 0 && <IconRepeat {...icon} aria-label={say('staysHere')} />}
    </span>
  )
}

function MarkOf({ data: { mark, step } }: { data: StateData }) {
  const say = useWords(designerWords)
  return (
    <>
      {step !== undefined && <span className={classes['step']}>{step}</span>}
      {mark !== undefined && (
        <span className={classes['mark']} data-severity={mark.severity} title={say('findingsHere')}>
          {mark.count}
        </span>
      )}
    </>
  )
}

/** Arrows are pulled from the knob at the edge, and may end anywhere on a box. */
function Ends() {
  const { readOnly } = useDraft()
  const connecting = useConnection(({ inProgress }) => inProgress)
  const { lang } = usePreferences()
  return (
    <>
      <Handle
        type="source"
        position={lang === 'fa' ? Position.Left : Position.Right}
        className={classes['knob'] ?? ''}
        isConnectable={!readOnly}
      />
      <Handle
        type="target"
        position={Position.Left}
        className={classes['landing'] ?? ''}
        data-open={connecting || undefined}
        isConnectableStart={false}
        isConnectable={!readOnly}
      />
    </>
  )
}
