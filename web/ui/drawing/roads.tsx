import { clsx } from 'clsx'
import { useText } from '../../words/words.ts'
import classes from './drawing.module.css'
import type { Picture, Travelled } from './drawing.tsx'

type Road = Picture['roads'][number]

/** The roads between the boxes. Those of the state in question are drawn last, with their words. */
export function Roads(props: { picture: Picture; focus: string | null; travelled: Travelled | undefined }) {
  const { picture, focus, travelled } = props
  const text = useText()
  const lit = (road: Road) => focus !== null && (road.from === focus || road.to === focus)
  const taken = (road: Road) => travelled?.roads.has(`${road.from} ${road.to}`) === true
  const roads = [...picture.roads].sort((a, b) => Number(lit(a) || taken(a)) - Number(lit(b) || taken(b)))
  return (
    <>
      <svg className={classes['roads']} width={picture.width} height={picture.height} aria-hidden>
        <defs>
          {['plain', 'lit', 'error'].map((kind) => (
            <marker
              key={kind}
              id={`arrow-${kind}`}
              className={classes[`arrow-${kind}`]}
              viewBox="0 0 10 10"
              refX="9"
              refY="5"
              markerWidth="7"
              markerHeight="7"
              orient="auto-start-reverse"
            >
              <path d="M0,0 L10,5 L0,10 z" />
            </marker>
          ))}
        </defs>
        {roads.map((road) => {
          const bright = lit(road) || taken(road)
          const arrow = bright ? 'lit' : road.kind === 'error' ? 'error' : 'plain'
          return (
            <path
              key={`${road.from} ${road.to}`}
              d={rounded(road.points)}
              markerEnd={`url(#arrow-${arrow})`}
              className={clsx(
                classes['road'],
                classes[road.kind],
                road.whole && classes['whole'],
                bright && classes['lit'],
              )}
            />
          )
        })}
      </svg>
      {roads.map((road) => {
        // Only the roads out of it: words of those into it would lie over each other.
        if (road.label === null || !(picture.labelled || road.from === focus)) return null
        return (
          <span
            key={`${road.from} ${road.to}`}
            className={clsx(classes['word'], lit(road) && classes['litWord'])}
            style={{ left: road.at.x, top: road.at.y }}
            dir="auto"
          >
            {short(text(road.label))}
          </span>
        )
      })}
    </>
  )
}

const short = (label: string) => (label.length <= 22 ? label : `${label.slice(0, 21)}…`)

/** A road through its corners, each rounded. */
function rounded(points: { x: number; y: number }[], radius = 8): string {
  const [first] = points
  if (first === undefined) return ''
  let path = `M${first.x},${first.y}`
  for (const [i, corner] of points.entries()) {
    const before = points[i - 1]
    const after = points[i + 1]
    if (before === undefined) continue
    if (after === undefined) {
      path += `L${corner.x},${corner.y}`
      continue
    }
    const a = Math.min(radius, Math.hypot(corner.x - before.x, corner.y - before.y) / 2)
    const b = Math.min(radius, Math.hypot(after.x - corner.x, after.y - corner.y) / 2)
    path += `L${corner.x - Math.sign(corner.x - before.x) * a},${corner.y - Math.sign(corner.y - before.y) * a}`
    path += `Q${corner.x},${corner.y} ${corner.x + Math.sign(after.x - corner.x) * b},${corner.y + Math.sign(after.y - corner.y) * b}`
  }
  return path
}
