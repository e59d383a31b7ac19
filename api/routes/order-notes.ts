import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { addNote, type FeedEntry, type FeedKind, feedOf } from '../../db/order-notes.ts'
import type { Json } from '../../domain/json.ts'
import { cursorOf, parseCursor } from '../cursor.ts'
import type { DefinitionStore, LoadedDefinition } from '../definition-store.ts'
import { mustFind } from '../found-order.ts'
import { mayCall } from '../permissions.ts'
import { badInput } from '../problem.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, instant, json, limit, text } from '../schemas.ts'
import { labelled, state } from './orders.ts'

const feedKinds = ['note', 'message', 'transition'] as const satisfies FeedKind[]

/** What people say about an order, beside what happened to it. */
export function orderNoteRoutes(store: DefinitionStore): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/orders/:id/feed',
      summary:
        'Notes, messages and transitions of an order in one row, newest first, as far as the caller may read each',
      auth: 'orders.read',
      input: {
        params: byId,
        query: z.strictObject({
          kind: z.enum(feedKinds).optional(),
          cursor: z.string().max(300).optional(),
          limit,
        }),
      },
      output: z.object({
        entries: z.array(
          z.object({
            kind: z.enum(feedKinds),
            id: z.string(),
            at: instant,
            by: z.string().nullable(),
            name: z.string().nullable(),
            /** Of a note `text`; of a message what went to whom; of a transition its event and states. */
            detail: json,
            /** What happened, in words. */
            label: text.nullable(),
            /** Where a transition led. */
            to: z.array(state),
          }),
        ),
        next: z.string().nullable(),
      }),
      async handler({ params, query, who, inReach }) {
        const held = who.assignments.map(({ role }) => role)
        const readable = { note: 'notes.write', message: 'messages.read', transition: 'orders.read' } as const
        const kinds = feedKinds.filter(
          (kind) => mayCall(readable[kind], held) && (query.kind === undefined || query.kind === kind),
        )
        return inReach(async (tx) => {
          const order = await mustFind(tx, params.id)
          const loaded = await store.load(tx, order.definitionId, order.definitionVersion)
          const entries = await feedOf(tx, params.id, {
            kinds,
            ...(query.cursor !== undefined && { before: endOf(query.cursor) }),
            limit: query.limit,
          })
          const last = entries.at(-1)
          return {
            entries: entries.map((entry) => ({ ...entry, ...told(loaded, entry) })),
            next:
              entries.length === query.limit && last !== undefined
                ? cursorOf({ at: last.at, id: `${last.kind}|${last.id}` })
                : null,
          }
        })
      },
    }),
    route({
      method: 'post',
      path: '/v1/orders/:id/notes',
      summary: 'Write a note on an order; it can never be changed or taken back',
      auth: 'notes.write',
      input: { params: byId, body: z.strictObject({ text: z.string().trim().min(1).max(4_000) }) },
      output: z.object({ id: z.string(), at: instant }),
      status: 201,
      async handler({ params, body, who, newId, now, ip, inReach }) {
        const note = { id: newId('n'), orderId: params.id, at: now.toISOString(), text: body.text }
        await inReach(async (tx) => {
          await mustFind(tx, params.id)
          await addNote(tx, { ...note, author: who.id, authorName: who.name })
          await audit(tx, {
            at: note.at,
            actor: who.id,
            action: 'order.note',
            entity: 'order',
            entityId: params.id,
            detail: { note: note.id },
            ip,
          })
        })
        return new Reply(201, { id: note.id, at: note.at }, { Location: `/v1/orders/${params.id}/feed?kind=note` })
      },
    }),
  ]
}

function told(loaded: LoadedDefinition, { kind, detail }: FeedEntry) {
  if (kind !== 'transition') return { label: null, to: [] }
  const { event, to } = detail as { event: { type: string; name: string }; to: string[] } & Record<string, Json>
  const label = loaded.buttons.get(event.name) ?? loaded.definition.events[event.name]?.label ?? null
  return { label, to: labelled(loaded, to) }
}

function endOf(cursor: string) {
  const end = parseCursor(cursor)
  const [kind, entry] = end.id.split('|')
  const known = feedKinds.find((one) => one === kind)
  if (known !== undefined && entry !== undefined) return { at: end.at, kind: known, id: entry }
  throw badInput([
    { place: '$.query.cursor', fa: 'نشانی صفحه درست نیست', en: 'the cursor is not one that a page gave' },
  ])
}
