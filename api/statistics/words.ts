import type { Tx } from '../../db/client.ts'
import { listDefinitions } from '../../db/definitions.ts'
import type { Text } from '../../domain/errors.ts'
import type { DefinitionStore } from '../definition-store.ts'

/** What states and events of a definition are called in the version asked for, else the current one; what it does not know shows itself. */
export interface DefinitionWords {
  state: (id: string) => Text
  event: (name: string) => Text
}

export async function wordsOfDefinition(
  tx: Tx,
  store: DefinitionStore,
  id: string,
  version: number | undefined,
): Promise<DefinitionWords> {
  const versions = (await listDefinitions(tx, id)).filter(({ status }) => status !== 'draft')
  const wanted = versions.find((row) => (version === undefined ? row.current : row.version === version)) ?? versions[0]
  if (wanted === undefined) return { state: same, event: same }
  const loaded = await store.load(tx, id, wanted.version)
  const state = (name: string) => loaded.states.get(name)?.label ?? same(name)
  return {
    state,
    event(name) {
      const [kind, place] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
      const prefix = prefixes[kind]
      if (prefix !== undefined) {
        const [of = '', what = ''] = place.split('/')
        const where = state(of)
        return { fa: `${prefix.fa} ${what} (${where.fa})`, en: `${prefix.en} ${what} (${where.en})` }
      }
      return loaded.buttons.get(name) ?? loaded.definition.events[name]?.label ?? fixed[name] ?? same(name)
    },
  }
}

const same = (name: string): Text => ({ fa: name, en: name })

const prefixes: Record<string, Text> = {
  timer: { fa: 'زمان‌سنج', en: 'timer' },
  done: { fa: 'پایان فراخوانی', en: 'done:' },
  error: { fa: 'خطای فراخوانی', en: 'failed:' },
}

const fixed: Record<string, Text> = {
  start: { fa: 'آغاز', en: 'start' },
  cancel: { fa: 'لغو', en: 'cancellation' },
}
