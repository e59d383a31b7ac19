import { ActionIcon, Tooltip } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react'
import { clsx } from 'clsx'
import { useState } from 'react'
import type { paths } from '../../client/paths.ts'
import { useFormat } from '../../format/use-format.ts'
import { usePreferences } from '../../shell/preferences.tsx'
import { useText, useWords } from '../../words/words.ts'
import classes from './drawing.module.css'
import { Roads } from './roads.tsx'
import { drawingWords } from './words.ts'

export type Picture =
  paths['/v1/definitions/{id}/versions/{version}/drawing']['get']['responses']['200']['content']['application/json']

export const boxSize = { width: 164, height: 78 }

/** What stands in a state. */
export interface Standing {
  count: number
  late: number
}

/** What an order did with the drawing: where it stands, where it was, and the roads it took (`from to`). */
export interface Travelled {
  present: ReadonlySet<string>
  visited: ReadonlySet<string>
  roads: ReadonlySet<string>
}

interface Props {
  picture: Picture
  counts?: ReadonlyMap<string, Standing>
  travelled?: Travelled
  selected?: string | null
  onSelect?: (state: string | null) => void
}

/** A definition as a drawing that fits its place. States are buttons where they can be selected; the roads of the one in question show their words. */
export function Drawing({ picture, counts, travelled, selected = null, onSelect }: Props) {
  const { ref, width } = useElementSize()
  const { lang } = usePreferences()
  const say = useWords(drawingWords)
  const [zoom, setZoom] = useState(1)
  const [hovered, setHovered] = useState<string | null>(null)
  const fit = width === 0 ? 0 : Math.min(1, width / picture.width)
  const scale = fit * zoom
  return (
    <div className={classes['frame']}>
      <div ref={ref} className={classes['room']} dir="ltr" tabIndex={-1}>
        {scale > 0 && (
          <div style={{ width: picture.width * scale, height: picture.height * scale, margin: '0 auto' }}>
            <div
              className={classes['sheet']}
              style={{ width: picture.width, height: picture.height, transform: `scale(${scale})` }}
            >
              <Roads picture={picture} focus={hovered ?? selected} travelled={travelled} />
              {picture.boxes.map((box) => (
                <Box
                  key={box.id}
                  box={box}
                  dir={lang === 'fa' ? 'rtl' : 'ltr'}
                  standing={counts?.get(box.id)}
                  counted={counts !== undefined}
                  mark={markOf(box.id, travelled)}
                  selected={selected === box.id}
                  onSelect={onSelect === undefined ? undefined : () => onSelect(selected === box.id ? null : box.id)}
                  onHover={setHovered}
                />
              ))}
            </div>
          </div>
        )}
      </div>
      <div className={classes['zoom']}>
        <Tool label={say('larger')} onClick={() => setZoom((z) => Math.min(3, z * 1.25))}>
          <IconPlus size={15} />
        </Tool>
        <Tool label={say('smaller')} onClick={() => setZoom((z) => Math.max(0.5, z / 1.25))}>
          <IconMinus size={15} />
        </Tool>
        <Tool label={say('fit')} onClick={() => setZoom(1)}>
          <IconMaximize size={15} />
        </Tool>
      </div>
    </div>
  )
}

function Tool({ label, onClick, children }: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <ActionIcon variant="default" size={26} aria-label={label} title={label} onClick={onClick}>
      {children}
    </ActionIcon>
  )
}

type Mark = 'present' | 'visited' | 'ahead' | null

const markOf = (id: string, travelled: Travelled | undefined): Mark =>
  travelled === undefined
    ? null
    : travelled.present.has(id)
      ? 'present'
      : travelled.visited.has(id)
        ? 'visited'
        : 'ahead'

function Box(props: {
  box: Picture['boxes'][number]
  dir: 'rtl' | 'ltr'
  standing: Standing | undefined
  counted: boolean
  mark: Mark
  selected: boolean
  onSelect: (() => void) | undefined
  onHover: (id: string | null) => void
}) {
  const { box, standing = { count: 0, late: 0 }, counted, mark, selected, onSelect, onHover } = props
  const text = useText()
  const say = useWords(drawingWords)
  const { num } = useFormat()
  const label = text(box.label)
  const inside = (
    <>
      {box.group !== null && <span className={classes['group']}>{text(box.group)}</span>}
      <span className={classes['label']}>{label}</span>
      {counted && (
        <span className={classes['figures']}>
          <b className={clsx(classes['count'], standing.count === 0 && classes['none'])}>{num(standing.count)}</b>
          {standing.late > 0 && <span className={classes['late']}>{say('late', { n: num(standing.late) })}</span>}
        </span>
      )}
      {counted && standing.late > 0 && (
        <span
          className={classes['share']}
          style={{ width: `${(100 * standing.late) / Math.max(1, standing.count)}%` }}
        />
      )}
    </>
  )
  const shared = {
    className: clsx(classes['box'], classes[box.tone], selected && classes['selected'], mark !== null && classes[mark]),
    style: { left: box.x, top: box.y, width: boxSize.width, height: boxSize.height },
    dir: props.dir,
    onMouseEnter: () => onHover(box.id),
    onMouseLeave: () => onHover(null),
  }
  if (onSelect === undefined)
    return (
      <Tooltip label={label} openDelay={500} withArrow>
        <div {...shared} data-state={box.id}>
          {inside}
        </div>
      </Tooltip>
    )
  const spoken = counted ? say('spoken', { label, n: num(standing.count), late: num(standing.late) }) : label
  return (
    <button
      type="button"
      {...shared}
      data-state={box.id}
      aria-label={spoken}
      aria-pressed={selected}
      onClick={onSelect}
    >
      {inside}
    </button>
  )
}
