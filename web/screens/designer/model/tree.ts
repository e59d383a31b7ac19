import { segmentsOf } from '../../../../definitions/check/place.ts'

/** What is at a place (`$.states.paid.on.CANCEL[0]`) of a document; undefined where there is nothing. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what the format has at this place
export function valueAt<T = unknown>(root: unknown, path: string): T | undefined {
  let at: unknown = root
  for (const segment of segmentsOf(path)) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, segment)) return undefined
    at = (at as Record<string | number, unknown>)[segment]
  }
  return at as T | undefined
}

/**
 * The document with another value at a place; undefined takes away what is there. Nothing of the old document is changed, and
 * untouched branches stay the same objects. A list or table that the format does not allow to be empty goes with its last entry.
 */
export function withValue<T>(root: T, path: string, value: unknown): T {
  return put(root, segmentsOf(path), value, []) as T
}

function put(node: unknown, [head, ...rest]: (string | number)[], value: unknown, above: (string | number)[]): unknown {
  if (head === undefined) return value
  if (Array.isArray(node) || (node === undefined && typeof head === 'number')) {
    const list: unknown[] = [...((node as unknown[] | undefined) ?? [])]
    const next = put(list[Number(head)], rest, value, [...above, head])
    if (next === undefined) list.splice(Number(head), 1)
    else list[Number(head)] = next
    return list.length === 0 && isPrunable(above) ? undefined : list
  }
  const table = (node ?? {}) as Record<string, unknown>
  const next = put(Object.hasOwn(table, head) ? table[head] : undefined, rest, value, [...above, head])
  if (next !== undefined) return { ...table, [head]: next }
  const left = Object.fromEntries(Object.entries(table).filter(([key]) => key !== head))
  return Object.keys(left).length === 0 && isPrunable(above) ? undefined : left
}

const optional = new Set<string | number>([
  'on',
  'always',
  'onDone',
  'onError',
  'then',
  'after',
  'invoke',
  'notify',
  'sla',
  'entry',
  'exit',
  'actions',
  'allow',
  'tags',
  'pauseIn',
  'permissions',
  'requires',
  'guards',
  'facts',
  'forms',
  'calendars',
  'migrations',
  'tests',
  'errors',
  'data',
  'params',
  'prefill',
  'validate',
  'retry',
  'timeout',
])

/** Names of states and events are the writer's own, so the word alone does not tell; of what stands below `on`, it is a list. */
function isPrunable(path: (string | number)[]): boolean {
  const [last = '', before = '', beforeThat = ''] = [path.at(-1), path.at(-2), path.at(-3)]
  if (before === 'on' && beforeThat !== 'states') return true
  return (
    optional.has(last) && before !== 'states' && before !== 'events' && before !== 'forms' && before !== 'properties'
  )
}
