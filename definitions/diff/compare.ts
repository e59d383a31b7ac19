import type { Text } from '../../domain/errors.ts'
import type { Json } from '../../domain/json.ts'
import { canonicalText } from '../canonical.ts'
import type { Definition } from '../format.ts'
import type { Item, ItemKind } from './item.ts'
import { itemsOf } from './items.ts'
import { sentenceOf } from './sentence.ts'

/** One difference. `path` is a place in the newer version, or in the older one of what was removed. */
export interface Change {
  kind: 'added' | 'removed' | 'changed'
  what: ItemKind
  path: string
  /** Of a change: which part. */
  part?: string
  before?: Json
  after?: Json
  message: Text
}

/**
 * What differs between two versions, in the order of the newer one, what was removed last. The same thing is found again
 * by its key (states and declarations by name, transitions by id or target); order of keys and spacing mean nothing.
 */
export function compareItems(from: Definition, to: Definition): Change[] {
  const [before, after] = [itemsOf(from), itemsOf(to)]
  const partners = pair(before, after)
  const matched = new Set(partners.values())
  const sayer = { from, to }
  return [
    ...after.flatMap((item): Change[] => {
      const old = partners.get(item)
      if (old !== undefined) return [...changedParts(old, item, sayer), ...moved(old, item, before, after, partners)]
      return [{ kind: 'added', what: item.kind, path: item.path, message: sentenceOf(sayer, 'added', item) }]
    }),
    ...before
      .filter((item) => !matched.has(item))
      .map(
        (item): Change => ({
          kind: 'removed',
          what: item.kind,
          path: item.path,
          message: sentenceOf(sayer, 'removed', item),
        }),
      ),
  ]
}

/** Newer item -> the older one that it was. What keys do not match is paired in order within its group: an arrow that leads elsewhere now. */
function pair(before: Item[], after: Item[]): Map<Item, Item> {
  const byKey = new Map(before.map((item) => [item.key, item]))
  const partners = new Map<Item, Item>()
  for (const item of after) {
    const old = byKey.get(item.key)
    if (old !== undefined) partners.set(item, old)
  }
  const taken = new Set(partners.values())
  const left = before.filter((item) => item.group !== undefined && !taken.has(item))
  for (const item of after.filter((one) => one.group !== undefined && !partners.has(one))) {
    const at = left.findIndex(({ group }) => group === item.group)
    const [old] = at === -1 ? [] : left.splice(at, 1)
    if (old !== undefined) partners.set(item, old)
  }
  return partners
}

function changedParts(old: Item, item: Item, sayer: { from: Definition; to: Definition }): Change[] {
  const parts = [...new Set([...Object.keys(item.parts), ...Object.keys(old.parts)])]
  return parts.flatMap((part): Change[] => {
    const [before, after] = [old.parts[part], item.parts[part]]
    if (canonicalText(before ?? null) === canonicalText(after ?? null)) return []
    return [
      {
        kind: 'changed',
        what: kindOfPart(item.kind, part),
        path: item.path,
        part,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
        message: sentenceOf(sayer, 'changed', item, { part, before, after }),
      },
    ]
  })
}

/** A guard or permission of a transition is what a reviewer looks for under that name. */
function kindOfPart(kind: ItemKind, part: string): ItemKind {
  if (kind === 'transition' && part === 'guard') return 'guard'
  if ((kind === 'transition' && part === 'allow') || part === 'permissions') return 'permission'
  return kind
}

/** The order of candidates decides which is taken: told once for each candidate that now comes before one that it followed. */
function moved(old: Item, item: Item, before: Item[], after: Item[], partners: ReadonlyMap<Item, Item>): Change[] {
  if (item.group === undefined || old.group !== item.group) return []
  const overtaken = after
    .slice(after.indexOf(item) + 1)
    .filter(({ group }) => group === item.group)
    .find((other) => {
      const was = partners.get(other)
      return was !== undefined && before.indexOf(was) < before.indexOf(old)
    })
  if (overtaken === undefined) return []
  return [
    {
      kind: 'changed',
      what: 'transition',
      path: item.path,
      part: 'order',
      message: {
        fa: `گذار ${item.name.fa} اکنون پیش از ${overtaken.name.fa} بررسی می‌شود`,
        en: `transition ${item.name.en} is now tried before ${overtaken.name.en}`,
      },
    },
  ]
}
