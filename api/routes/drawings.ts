import { z } from 'zod'
import type { DefinitionStore } from '../definition-store.ts'
import type { Drawings } from '../drawings.ts'
import { type Route, route } from '../route.ts'
import { text } from '../schemas.ts'
import { oneVersion } from './definitions.ts'

const point = z.object({ x: z.number(), y: z.number() })

/** Pictures of definitions, laid out here once, so that no browser needs to. */
export function drawingRoutes(store: DefinitionStore, drawings: Drawings): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/definitions/:id/versions/:version/drawing',
      summary:
        'A published version as a picture: boxes, roads and labels with their places in pixels, in the direction of the language',
      auth: 'definitions.read',
      input: { params: oneVersion, query: z.strictObject({ locale: z.enum(['fa', 'en']).default('fa') }) },
      output: z.object({
        width: z.int(),
        height: z.int(),
        /** False: the roads are too many for words beside them. */
        labelled: z.boolean(),
        boxes: z.array(
          point.extend({
            id: z.string(),
            label: text,
            group: text.nullable(),
            tone: z.enum(['staff', 'customer', 'system', 'success', 'failure']),
          }),
        ),
        roads: z.array(
          z.object({
            from: z.string(),
            to: z.string(),
            label: text.nullable(),
            kind: z.enum(['user', 'automatic', 'timer', 'error']),
            whole: z.boolean(),
            points: z.array(point),
            at: point,
          }),
        ),
      }),
      async handler({ params, query, inReach }) {
        const { definition } = await inReach((tx) => store.load(tx, params.id, params.version))
        const { width, height, labelled, boxes, roads, states, ways } = await drawings.of(definition, query.locale)
        const known = new Map(states.map((state) => [state.id, state]))
        return {
          width,
          height,
          labelled,
          boxes: boxes.flatMap((box) => {
            const state = known.get(box.id)
            return state === undefined ? [] : [{ ...state, ...box }]
          }),
          roads: ways.flatMap((way, i) => {
            const road = roads[i]
            return road === undefined ? [] : [{ ...way, points: road.points, at: road.label }]
          }),
        }
      },
    }),
  ]
}
