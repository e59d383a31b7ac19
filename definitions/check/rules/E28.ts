import type { Definition, State } from '../../format.ts'
import { smallOrder } from '../examples/small-order.ts'
import { type EarlierVersion, error, type Finding, type Subject } from '../finding.ts'
import { type MigrationMap, mappingFor, migrationsOf } from '../migration-map.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'
import { typeOfFacts } from '../types.ts'
import { meets, typesAt, typesOfExpr } from '../value-type.ts'
import { statesOf } from '../walk.ts'

const earlier: EarlierVersion[] = [{ version: 1, definition: smallOrder(), occupied: { waiting: 3, held: 1 } }]
const migrate = (states: Record<string, string>) => ({
  change: { version: 2, migrations: [{ from: [1], states }] },
  catalogues: { earlier },
})

export const E28: Rule = {
  id: 'E28',
  title: { fa: 'نگاشت نسخه نادرست', en: 'a migration map that does not fit' },
  about: {
    en: 'A state of the older version in which orders stand now is not mapped; an old or new state does not exist; two regions of a parallel are mapped to one place; a timer or call that is to be kept does not exist in the new state, or calls another activity; a variable of `context` is not in the new schema, or of another type. Versions and the number of orders come from the database at upload and before publication.',
    fa: 'وضعیتی از نسخه پیشین که اکنون سفارش در آن است نگاشت ندارد؛ وضعیت مبدا یا مقصد وجود ندارد؛ دو ناحیه موازی به یک جا نگاشته شده؛ زمان‌سنج یا فراخوانی‌ای که باید بماند در وضعیت تازه نیست یا فعالیت دیگری است؛ یا متغیری در طرح‌واره تازه نیست.',
  },
  fails: migrate({ '#waiting': '#waiting' }),
  passes: migrate({ '#waiting': '#waiting', '#held': 'hold' }),
  document: (subject) => {
    const ids = new Set(statesOf(subject.definition).map(({ id }) => id))
    return migrationsOf(subject.definition).flatMap((migration): Finding[] => [
      ...[...migration.states.values()]
        .filter(({ target }) => target !== 'hold' && !ids.has(target))
        .map(({ path, target }) =>
          error('E28', path, { en: `there is no state #${target}`, fa: `وضعیت #${target} وجود ندارد` }),
        ),
      ...contextFindings(subject, migration),
      ...(subject.catalogues.earlier ?? [])
        .filter(({ version }) => migration.from.includes(version))
        .flatMap((old) => againstOld(subject.definition, migration, old)),
    ])
  },
}

function contextFindings(subject: Subject, { path, context }: MigrationMap): Finding[] {
  const { schema } = subject.definition.context
  const known = typeof schema === 'boolean' ? undefined : ((schema['properties'] ?? {}) as object)
  return Object.entries(context).flatMap(([name, expr]): Finding[] => {
    const place = at(path, 'context', name)
    if (known !== undefined && !Object.hasOwn(known, name))
      return [error('E28', place, { en: `the context has no ${name}`, fa: `داده فرایند ${name} ندارد` })]
    return meets(typesOfExpr(expr, typeOfFacts(subject, '')), typesAt(schema, `$.${name}`))
      ? []
      : [error('E28', place, { en: `${name} is of another type`, fa: `نوع ${name} نادرست است` })]
  })
}

function againstOld(definition: Definition, migration: MigrationMap, old: EarlierVersion): Finding[] {
  const before = new Map(statesOf(old.definition).map((placed) => [placed.id, placed]))
  const after = new Map(statesOf(definition).map(({ id, state }) => [id, state]))
  const lost = [...migration.states]
    .filter(([id]) => !before.has(id))
    .map(([id, { path }]) =>
      error('E28', path, {
        en: `version ${old.version} has no state #${id}`,
        fa: `نسخه ${old.version} وضعیت #${id} ندارد`,
      }),
    )
  const unmapped = Object.entries(old.occupied)
    .filter(([leaf, orders]) => orders > 0 && mappingFor(migration, leaf, definition) === undefined)
    .map(([leaf, orders]) =>
      error(
        'E28',
        at(migration.path, 'states'),
        {
          en: `${orders} orders of version ${old.version} stand in #${leaf}, which is not mapped`,
          fa: `${orders} سفارش نسخه ${old.version} در #${leaf} است که نگاشت ندارد`,
        },
        { witness: leaf },
      ),
    )
  const kept = [...migration.states].flatMap(([id, mapping]) => {
    const [was, is] = [before.get(id)?.state, after.get(mapping.target)]
    return was === undefined || is === undefined ? [] : keptFindings(was, is, mapping)
  })
  return [...lost, ...unmapped, ...kept, ...meetings(migration, old.definition, definition)]
}

function keptFindings(
  was: State,
  is: State,
  { path, timers, invocations }: { path: string; timers?: string; invocations?: string },
): Finding[] {
  return [
    ...(timers === 'keep' ? (was.after ?? []) : [])
      .filter(({ id }) => !(is.after ?? []).some((timer) => timer.id === id))
      .map(({ id }) =>
        error('E28', path, {
          en: `the timer ${id} is to be kept, and is not there any more`,
          fa: `زمان‌سنج ${id} باید بماند ولی دیگر نیست`,
        }),
      ),
    ...(invocations === 'keep' ? (was.invoke ?? []) : [])
      .filter(({ id, activity }) => !(is.invoke ?? []).some((call) => call.id === id && call.activity === activity))
      .map(({ id }) =>
        error('E28', path, {
          en: `the call ${id} is to be kept, and is not the same any more`,
          fa: `فراخوانی ${id} باید بماند ولی دیگر همان نیست`,
        }),
      ),
  ]
}

/** Two states that are active at once must go to two that can be. */
function meetings(migration: MigrationMap, old: Definition, definition: Definition): Finding[] {
  const [before, after] = [parallels(old), parallels(definition)]
  const entries = [...migration.states].filter(([, { target }]) => target !== 'hold')
  return entries.flatMap(([one, { target, path }], i) =>
    entries.slice(i + 1).flatMap(([other, { target: second }]): Finding[] =>
      together(before, one, other) && !together(after, target, second) && target !== second && !above(target, second)
        ? [
            error('E28', path, {
              en: `#${one} and #${other} are active at once, #${target} and #${second} cannot be`,
              fa: `#${one} و #${other} هم‌زمان فعال‌اند ولی #${target} و #${second} نمی‌توانند باشند`,
            }),
          ]
        : [],
    ),
  )
}

const above = (a: string, b: string) => a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
const parallels = (definition: Definition) =>
  statesOf(definition).flatMap(({ id, state }) => (state.type === 'parallel' ? [id] : []))

function together(parallel: string[], a: string, b: string): boolean {
  return parallel.some((id) => {
    const region = (state: string) =>
      state.startsWith(`${id}.`) ? state.slice(id.length + 1).split('.')[0] : undefined
    return region(a) !== undefined && region(b) !== undefined && region(a) !== region(b)
  })
}
