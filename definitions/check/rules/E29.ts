import { compile } from '../../compile.ts'
import type { Definition, Property } from '../../format.ts'
import type { Graph } from '../../graph.ts'
import { smallOrder } from '../examples/small-order.ts'
import { type Exploration, explore } from '../explore.ts'
import { type EarlierVersion, error, type Finding } from '../finding.ts'
import { type MigrationMap, mappingFor, migrationsOf } from '../migration-map.ts'
import { automatonOf, type Beginning, brokenRoad, type Memory } from '../properties.ts'
import type { Rule } from '../rule.ts'

const earlier: EarlierVersion[] = [{ version: 1, definition: smallOrder(), occupied: { waiting: 3 } }]
const migrate = (target: string) => ({
  change: {
    version: 2,
    migrations: [{ from: [1], states: { '#waiting': target, '#reserving': '#reserving', '#held': '#held' } }],
  },
  catalogues: { earlier },
})

export const E29: Rule = {
  id: 'E29',
  title: { fa: 'مهاجرت الزامی را می‌شکند', en: 'a migration breaks a promise' },
  about: {
    en: 'Each property of `requires` is carried over: what every road of the older version has seen before a state goes with the order into the state it is mapped to, and the property must hold from there on. An order that is moved behind the payment without having paid is found here. Safe side: all roads of the older graph are taken, whether orders went them or not.',
    fa: 'هر الزام با سفارش می‌رود: آنچه هر راه نسخه پیشین تا آن وضعیت دیده به وضعیت تازه برده می‌شود و الزام باید از آنجا هم درست بماند. سفارشی که بی پرداخت به پس از پرداخت برده شود اینجا پیدا می‌شود.',
  },
  fails: migrate('#reserving'),
  passes: migrate('#waiting'),
  graph: ({ definition, catalogues }, _explored, graph) =>
    migrationsOf(definition).flatMap((migration) =>
      (catalogues.earlier ?? [])
        .filter(({ version }) => migration.from.includes(version))
        .flatMap((old) => {
          const before = explore(compile(old.definition, catalogues, ''))
          return (definition.requires ?? []).flatMap((property) =>
            broken(definition, graph, migration, old.version, before, property),
          )
        }),
    ),
}

function broken(
  definition: Definition,
  graph: Graph,
  migration: MigrationMap,
  version: number,
  before: Exploration,
  property: Property,
): Finding[] {
  const starts: string[][] = []
  const beginnings: Beginning[] = []
  for (const { place, memory } of remembered(before, property)) {
    const leaves = mapped(before.configurations[place]?.leaves ?? [], migration, definition, graph)
    if (leaves === undefined || before.configurations[place]?.outcome !== null) continue
    const known = starts.findIndex((one) => one.join() === leaves.join())
    if (known === -1) starts.push(leaves)
    beginnings.push({ place: known === -1 ? starts.length : known + 1, memory })
  }
  if (beginnings.length === 0) return []
  const road = brokenRoad(property, explore(graph, { starts }), beginnings)
  if (road === undefined) return []
  return [
    error(
      'E29',
      migration.path,
      {
        en: `orders of version ${version} that are moved may break ${property.id}`,
        fa: `سفارش‌های منتقل‌شده از نسخه ${version} شاید الزام ${property.id} را بشکنند`,
      },
      { counterExample: road },
    ),
  ]
}

/** Every place of the older graph with what its roads may have seen. */
function remembered({ configurations }: Exploration, property: Property): Beginning[] {
  const next = automatonOf(property)
  const seen = new Set(['0 idle'])
  const queue: Beginning[] = [{ place: 0, memory: 'idle' }]
  for (let head = 0; head < queue.length; head++) {
    const { place, memory } = queue[head] as Beginning
    for (const { to, tokens } of configurations[place]?.edges ?? []) {
      const then = tokens.reduce<Memory>((m, token) => (m === 'settled' || m === 'broken' ? m : next(m, token)), memory)
      if (then === 'settled' || then === 'broken' || seen.has(`${to} ${then}`)) continue
      seen.add(`${to} ${then}`)
      queue.push({ place: to, memory: then })
    }
  }
  return queue.slice(1)
}

/** The leaves that an order has after the move; undefined where it stays on its version. */
function mapped(leaves: string[], migration: MigrationMap, definition: Definition, graph: Graph): string[] | undefined {
  const targets = leaves.map((leaf) => mappingFor(migration, leaf, definition)?.target ?? 'hold')
  if (targets.length === 0 || targets.includes('hold')) return undefined
  const indices = new Set(
    targets.flatMap((id) =>
      entered(
        graph,
        graph.nodes.findIndex((node) => node.id === id),
      ),
    ),
  )
  for (const [index, { kind, children }] of graph.nodes.entries()) {
    if (kind !== 'parallel' || ![...indices].some((leaf) => isInside(graph, leaf, index))) continue
    for (const region of children)
      if (
        graph.nodes[region]?.kind !== 'history' &&
        ![...indices].some((leaf) => leaf === region || isInside(graph, leaf, region))
      )
        for (const leaf of entered(graph, region)) indices.add(leaf)
  }
  return [...indices].sort((a, b) => a - b).map((index) => graph.nodes[index]?.id ?? '')
}

function entered(graph: Graph, index: number): number[] {
  const node = graph.nodes[index]
  if (node === undefined) return []
  if (node.kind === 'parallel')
    return node.children
      .filter((child) => graph.nodes[child]?.kind !== 'history')
      .flatMap((child) => entered(graph, child))
  if (node.kind === 'history') return entered(graph, node.target ?? node.parent)
  return node.initial === undefined ? [index] : entered(graph, node.initial)
}

function isInside(graph: Graph, index: number, of: number): boolean {
  for (let up = graph.nodes[index]?.parent ?? -1; up !== -1; up = graph.nodes[up]?.parent ?? -1)
    if (up === of) return true
  return false
}
