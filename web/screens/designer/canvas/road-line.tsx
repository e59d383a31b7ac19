import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import { useFormat } from '../../../format/use-format.ts'
import { usePreferences } from '../../../shell/preferences.tsx'
import { useText } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { short } from '../model/say.ts'
import classes from './canvas.module.css'
import type { RoadData } from './drawing.ts'

/** An arrow between two states with its words, which are a button. */
export function RoadLine({ id, data, selected }: EdgeProps<Edge<RoadData>>) {
  const text = useText()
  const { num } = useFormat()
  const { select } = useDraft()
  const { lang } = usePreferences()
  if (data === undefined) return null
  const { path, at, words, more, tone, mark, isWalked, shade, paths } = data
  const look = {
    'data-tone': tone,
    'data-selected': selected || undefined,
    'data-walked': isWalked || undefined,
    'data-shade': shade,
  }
  return (
    <>
      <g className={classes['road']} {...look}>
        <BaseEdge id={id} path={path} interactionWidth={14} markerEnd="url(#designer-arrow)" />
      </g>
      <EdgeLabelRenderer>
        <button
          type="button"
          dir={lang === 'fa' ? 'rtl' : 'ltr'}
          className={`${classes['words']} nodrag nopan`}
          style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
          data-road={id}
          data-severity={mark?.severity}
          {...look}
          onClick={() => select(paths[0] ?? '$')}
        >
          {short(text(words))}
          {more > 0 && <span className={classes['more']}>+{num(more)}</span>}
        </button>
      </EdgeLabelRenderer>
    </>
  )
}
