import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A seeded bug: `find` must stand exactly once in the file. `equivalent`: why no test can see it. */
interface Mutant {
  name: string
  file: string
  find: string
  replace: string
  equivalent?: string
}

const inner = 'definitions/interpreter'

const mutants: Mutant[] = [
  // Microstep
  {
    name: 'exits outermost first',
    file: `${inner}/microstep.ts`,
    find: 'const innermostFirst = states.sort((a, b) => b - a)',
    replace: 'const innermostFirst = states.sort((a, b) => a - b)',
  },
  {
    name: 'entries innermost first',
    file: `${inner}/route.ts`,
    find: 'return [...entering].sort((a, b) => a - b)',
    replace: 'return [...entering].sort((a, b) => b - a)',
  },
  {
    name: 'timers survive an exit',
    file: `${inner}/microstep.ts`,
    find: '    dropTimers(draft, node.id)\n',
    replace: '',
  },
  {
    name: 'calls survive an exit',
    file: `${inner}/microstep.ts`,
    find: '    draft.toInvoke.delete(index)\n    stopInvocations(draft, node)\n',
    replace: '    draft.toInvoke.delete(index)\n',
  },
  {
    name: 'a state passed through starts its call',
    file: `${inner}/microstep.ts`,
    find: '    draft.toInvoke.delete(index)\n',
    replace: '',
  },
  {
    name: 'raised events before eventless transitions',
    file: `${inner}/microstep.ts`,
    find: 'const eventless = selectEventless(draft)',
    replace: 'const eventless = draft.inner.length > 0 ? [] : selectEventless(draft)',
  },
  {
    name: 'raised events last in, first out',
    file: `${inner}/microstep.ts`,
    find: 'draft.inner.shift()',
    replace: 'draft.inner.pop()',
  },
  {
    name: 'raise into the outer queue',
    file: `${inner}/actions.ts`,
    find: 'draft.inner.push({ name: action.event, payload: valueOf(draft, action.payload ?? null), output: null })',
    replace:
      "instance.deferred.push({ type: 'external', name: action.event, payload: valueOf(draft, action.payload ?? null) })",
  },
  {
    name: 'transition actions before exits',
    file: `${inner}/microstep.ts`,
    find: '  leave(\n    draft,\n    [...leaving].filter((index) => draft.active.has(index)),\n  )\n  for (const { source, transition } of transitions) {\n    draft.tokens.push(...(transition.tags ?? []).map((tag) => `tag:${tag}`))\n    perform(draft, transition.actions, nodeAt(chart, source).id)\n  }\n',
    replace:
      '  for (const { source, transition } of transitions) {\n    draft.tokens.push(...(transition.tags ?? []).map((tag) => `tag:${tag}`))\n    perform(draft, transition.actions, nodeAt(chart, source).id)\n  }\n  leave(\n    draft,\n    [...leaving].filter((index) => draft.active.has(index)),\n  )\n',
  },
  {
    name: 'exit actions skipped at the end',
    file: `${inner}/microstep.ts`,
    find: '    perform(draft, node.exit, node.id)\n    stopInvocations(draft, node)\n  }\n',
    replace: '    stopInvocations(draft, node)\n  }\n',
  },
  {
    name: 'deep history as shallow',
    file: `${inner}/microstep.ts`,
    find: "memory.history === 'deep'\n",
    replace: "memory.history !== 'shallow' && memory.history === undefined\n",
  },
  {
    name: 'history remembers only the first time',
    file: `${inner}/microstep.ts`,
    find: 'instance.history[memory.id] = before',
    replace: 'instance.history[memory.id] ??= before',
  },
  {
    name: 'a parallel is done when one region is',
    file: `${inner}/chart.ts`,
    find: '.every((c) => isFinal(chart, c, active))',
    replace: '.some((c) => isFinal(chart, c, active))',
  },
  {
    name: 'an active state is entered again',
    file: `${inner}/microstep.ts`,
    find: 'if (!draft.active.has(index)) enter(draft, index)\n}',
    replace: 'enter(draft, index)\n}',
  },
  {
    name: 'ancestors of itself reach the root',
    file: `${inner}/chart.ts`,
    find: '  if (index === until) return found\n',
    replace: '',
  },
  {
    name: 'the bound on microsteps is one too low',
    file: `${inner}/microstep.ts`,
    find: 'if (draft.microsteps > chart.graph.limits.maxMicrosteps)',
    replace: 'if (draft.microsteps >= chart.graph.limits.maxMicrosteps)',
  },
  // Selection and routes
  {
    name: 'outer state first',
    file: `${inner}/select.ts`,
    find: '  const inside = node.children\n',
    replace:
      '  const first = firstEnabled(draft, index, candidatesOf(draft, index))\n  if (first !== undefined) return [first]\n  const inside = node.children\n',
  },
  {
    name: 'guards last to first',
    file: `${inner}/select.ts`,
    find: 'for (const [position, transition] of candidates.entries()) {',
    replace: 'for (const [position, transition] of [...candidates.entries()].reverse()) {',
  },
  {
    name: 'wildcards before exact candidates',
    file: `${inner}/select.ts`,
    find: 'return [...exact, ...any]',
    replace: 'return [...any, ...exact]',
  },
  {
    name: 'the types of onError are ignored',
    file: `${inner}/select.ts`,
    find: "c.errors === undefined || c.errors.includes(error?.type ?? '')",
    replace: 'c.errors === undefined || error !== undefined',
  },
  {
    name: 'reenter ignored',
    file: `${inner}/route.ts`,
    find: 'if (transition.reenter !== true && targets.every',
    replace: 'if (targets.every',
  },
  {
    name: 'every transition leaves its source',
    file: `${inner}/route.ts`,
    find: 'if (transition.reenter !== true && targets.every',
    replace: 'if (transition.reenter === undefined && targets.length > 1 && targets.every',
  },
  {
    name: 'of two ways out of a parallel the later region’s wins',
    file: `${inner}/route.ts`,
    find: 'if (isDescendant(chart, candidate.source, other.source)) beaten.push(other)',
    replace: 'if (candidate.source > other.source) beaten.push(other)',
  },
  {
    name: 'a history without memory leads nowhere',
    file: `${inner}/route.ts`,
    find: 'node.target ?? nodeAt(chart, node.parent).initial ?? node.parent',
    replace: 'node.target ?? node.parent',
  },
  {
    name: 'unknown treated as false',
    file: `${inner}/select.ts`,
    find: "if (truth === 'unknown' && draft.needed.size > 0) {",
    replace: "if (truth === 'unknown') continue\n    if (draft.needed.size > 9) {",
  },
  {
    name: 'error treated as false',
    file: `${inner}/select.ts`,
    find: "if (truth === 'unknown' || truth === 'error')",
    replace: "if (truth === 'unknown')",
  },
  {
    name: 'facts of the other candidates are not fetched in the same go',
    file: `${inner}/select.ts`,
    find: 'for (const { guard } of candidates.slice(position + 1)) if (guard !== undefined) judge(draft, guard)\n',
    replace: '\n',
  },
  {
    name: 'assign writes before it has read all',
    file: `${inner}/actions.ts`,
    find: 'const values = Object.entries(action.set).map(([name, expr]) => [name, valueOf(draft, expr)])',
    replace:
      'const values = Object.entries(action.set).map(([name, expr]) => [name, (instance.context[name] = valueOf(draft, expr))])',
  },
  // Timers and clocks
  {
    name: 'equal timers last in, first out',
    file: `${inner}/timing.ts`,
    find: 'timer.dueMs < first.dueMs ? timer : first',
    replace: 'timer.dueMs <= first.dueMs ? timer : first',
  },
  {
    name: 'a timer that fired fires again',
    file: `${inner}/outside-event.ts`,
    find: 'const timer = kept ? recalled(stimulus.key) : listed',
    replace: 'const timer = listed ?? recalled(stimulus.key)',
  },
  {
    name: 'sla clocks are not paused',
    file: `${inner}/timing.ts`,
    find: 'const paused = sla.pauseIn.some((index) => draft.active.has(index))',
    replace: 'const paused = sla.pauseIn.length > 99',
  },
  {
    name: 'sla clocks forget what they used before a pause',
    file: `${inner}/timing.ts`,
    find: 'usedMs += workingMsBetween(runningSinceMs, nowMs, calendar)',
    replace: 'usedMs = 0',
  },
  {
    name: 'sla in civil time',
    file: `${inner}/timing.ts`,
    find: 'Math.round((clock.totalMs * percent) / 100) - usedMs), calendar)',
    replace: 'Math.round((clock.totalMs * percent) / 100) - usedMs))',
  },
  {
    name: 'sla from the process counts from the entry',
    file: `${inner}/timing.ts`,
    find: "sla.from === 'process' ? draft.instance.startedAtMs : draft.nowMs",
    replace: 'draft.nowMs',
  },
  {
    name: 'an sla step fires twice',
    file: `${inner}/outside-event.ts`,
    find: '  if (!kept) clock.firedAt = [...clock.firedAt, at]\n',
    replace: '',
  },
  {
    name: 'the hand-over of an sla outlives its state',
    file: `${inner}/timing.ts`,
    find: '  delete instance.assigned[state]\n',
    replace: '',
  },
  // People
  {
    name: 'permission of the first candidate instead of the chosen one',
    file: `${inner}/user-event.ts`,
    find: 'const roles = chosen.map(({ transition }) => roleFor(instance, transition, actor))',
    replace:
      'const roles = chosen.map(() => candidates.map((c) => roleFor(instance, c, actor)).find((r) => r !== undefined))',
  },
  {
    name: 'notActorOf ignored',
    file: `${inner}/permission.ts`,
    find: 'return notActorOf === undefined || instance.actors[notActorOf] !== actor.id',
    replace: 'return notActorOf !== actor.id',
  },
  {
    name: 'the first actor of an event counts, not the last',
    file: `${inner}/user-event.ts`,
    find: 'instance.actors[name] = actor.id',
    replace: 'instance.actors[name] ??= actor.id',
  },
  {
    name: 'scopes ignored',
    file: `${inner}/permission.ts`,
    find: "held.role === role && (scope === 'any' || held.scopes.includes(scope))",
    replace: 'held.role === role',
  },
  {
    name: 'unknown fields of a form are taken',
    file: 'definitions/compile.ts',
    find: '{ ...schema, additionalProperties: false }',
    replace: 'schema',
  },
  {
    name: 'a person may send another system’s event',
    file: `${inner}/user-event.ts`,
    find: "if (declaration?.kind !== 'user')",
    replace: 'if (declaration === undefined)',
  },
  {
    name: 'another system may send a person’s event',
    file: `${inner}/step.ts`,
    find: "if (declaration?.kind !== 'external') return { kind: 'ignored', reason: 'unknown' }\n",
    replace: '',
  },
  {
    name: 'an older view is not refused',
    file: `${inner}/user-event.ts`,
    find: 'stimulus.expectedSeq !== instance.seq',
    replace: 'stimulus.expectedSeq > instance.seq',
  },
  // Calls, undoing, waiting
  {
    name: 'stale completion accepted',
    file: `${inner}/settle.ts`,
    find: "  if (invocation.status === 'cancelling') {\n",
    replace: "  if (invocation.status === 'cancelling' && invocation.attempt > 99) {\n",
  },
  {
    name: 'a late success is not undone',
    file: `${inner}/settle.ts`,
    find: 'if (undo !== undefined) undoLate(draft, invocation, undo, outputOf(stimulus))',
    replace: '',
  },
  {
    name: 'undo oldest first',
    file: `${inner}/undo.ts`,
    find: '    .reverse()\n',
    replace: '',
  },
  {
    name: 'a success is undone twice',
    file: `${inner}/undo.ts`,
    find: '  instance.undo = instance.undo.filter((entry) => !chosen.includes(entry))\n',
    replace: '',
  },
  {
    name: 'undoing goes on past one that failed',
    file: `${inner}/settle.ts`,
    find: '    if (call.undo !== undefined) return undefined\n',
    replace: '',
  },
  {
    name: 'people are not told Busy while something is undone',
    file: `${inner}/user-event.ts`,
    find: "if (instance.status === 'compensating')",
    replace: "if (instance.status === 'ended')",
  },
  {
    name: 'outside events go through while something is undone',
    file: `${inner}/step.ts`,
    find: "      if (instance.status === 'compensating') return defer(draft, before, stimulus)\n      return externalEvent",
    replace: '      return externalEvent',
  },
  {
    name: 'deferred order reversed',
    file: `${inner}/step.ts`,
    find: 'draft.instance.deferred.shift() : undefined',
    replace: 'draft.instance.deferred.pop() : undefined',
  },
  {
    name: 'deferred events are taken before undoing is over',
    file: `${inner}/settle.ts`,
    find: "instance.status !== 'compensating' && !held",
    replace: '!held',
  },
  {
    name: 'onExit: wait ignored',
    file: `${inner}/microstep.ts`,
    find: 'if (instance.invocations.some((i) => holdsExit(i) && leaving.has(chart.byId.get(i.state) ?? -1))) throw new Held()\n',
    replace: '\n',
  },
  {
    name: 'two waiting calls hold each other for ever',
    file: `${inner}/microstep.ts`,
    find: "holdsExit && status === 'running'",
    replace: "holdsExit && (status === 'running' || status === 'settled')",
  },
  {
    name: 'cancelling interrupts money',
    file: `${inner}/command.ts`,
    find: '    if (instance.invocations.some(holdsExit)) throw new Held()\n',
    replace: '',
  },
  {
    name: 'an incident of a call stays after its state',
    file: `${inner}/microstep.ts`,
    find: '    instance.incidents = instance.incidents.filter((i) => i.key !== key && !isResult(i.stimulus))\n',
    replace: '',
  },
  {
    name: 'a kept success is forgotten when its state is left',
    file: `${inner}/microstep.ts`,
    find: "if (result.type === 'done' && declared?.compensate !== undefined)",
    replace: "if (result.type === 'error' && declared?.compensate !== undefined)",
  },
  {
    name: 'a kept result is asked for again',
    file: `${inner}/keep.ts`,
    find: "if (invocation !== undefined) invocation.status = 'settled'",
    replace: "if (invocation !== undefined) invocation.status = 'running'",
  },
  {
    name: 'a retry of an effect is a new call',
    file: `${inner}/command.ts`,
    find: "[{ ...call, status: 'waiting' as const }]",
    replace: "[{ ...call, key: `${call.key}-again`, status: 'waiting' as const }]",
  },
  {
    name: 'a child process is not cancelled',
    file: `${inner}/microstep.ts`,
    find: "    draft.outbox.push({ key: `${invocation.key}/cancel`, kind: 'cancel', invocation: invocation.key })\n",
    replace: '',
  },
  // Facts, data, messages
  {
    name: 'maxAge of facts ignored',
    file: `${inner}/draft.ts`,
    find: '?.maxAgeMs ?? 0) >= nowMs',
    replace: '?.maxAgeMs ?? 0) >= 0',
  },
  {
    name: 'facts fetched for the step age while they are fetched',
    file: `${inner}/draft.ts`,
    find: 'known: { ...young(chart, before.facts, nowMs), ...facts },',
    replace: 'known: young(chart, { ...before.facts, ...facts }, nowMs),',
  },
  {
    name: 'the schema of the order’s data is not asked',
    file: `${inner}/result.ts`,
    find: "if (fault !== undefined) throw new EngineFault('BadContext'",
    replace: "if (fault === null) throw new EngineFault('BadContext'",
  },
  {
    name: '128 KB counted in characters',
    file: `${inner}/result.ts`,
    find: 'new TextEncoder().encode(JSON.stringify(instance.context)).length',
    replace: 'JSON.stringify(instance.context).length',
  },
  {
    name: 'cancelOnExit ignored',
    file: `${inner}/actions.ts`,
    find: 'if (message.cancelOnExit === true) draft',
    replace: 'if (message.cancelOnExit === null) draft',
  },
  {
    name: 'the condition of a message is not asked',
    file: `${inner}/actions.ts`,
    find: "if (truth === 'false') return\n",
    replace: '\n',
  },
  {
    name: 'the working hours of a message are not asked',
    file: `${inner}/actions.ts`,
    find: "addDuration(draft.nowMs, message.delay ?? 'PT0S', calendar)",
    replace: "addDuration(draft.nowMs, message.delay ?? 'PT0S')",
  },
  {
    name: 'a start under the key null',
    file: `${inner}/actions.ts`,
    find: "if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value)",
    replace: "if (value !== '') return `${value}`",
  },
  {
    name: 'a step changes its input',
    file: `${inner}/draft.ts`,
    find: '    context: { ...before.context },\n',
    replace: '    context: before.context,\n',
  },
  {
    name: 'a calendar’s RangeError leaves the step',
    file: `${inner}/step.ts`,
    find: 'fault instanceof DomainError || fault instanceof RangeError',
    replace: 'fault instanceof DomainError',
  },
  // Conditions and paths
  {
    name: 'any is all',
    file: 'definitions/condition.ts',
    find: 'return negate(conjunction(c.any.map((x) => negate(visit(x, negated, depth + 1)))))',
    replace: 'return conjunction(c.any.map((x) => visit(x, negated, depth + 1)))',
  },
  {
    name: 'error before false',
    file: 'definitions/condition.ts',
    find: "  if (parts.includes('false')) return 'false'\n  if (parts.includes('error')) return 'error'\n",
    replace: "  if (parts.includes('error')) return 'error'\n  if (parts.includes('false')) return 'false'\n",
  },
  {
    name: 'a wrong type compares as false',
    file: 'definitions/condition.ts',
    find: "typeof expected === 'number' ? truth(holds(actual, expected)) : 'error'",
    replace: "typeof expected === 'number' ? truth(holds(actual, expected)) : 'false'",
  },
  {
    name: 'paths reach prototypes',
    file: 'definitions/paths.ts',
    find: ' || !Object.hasOwn(at, key)) return undefined',
    replace: ') return undefined',
  },
  {
    name: 'sums lose Rials beyond 2^53',
    file: 'definitions/expression.ts',
    find: 'reduce((sum, n) => safe(sum + n), 0)',
    replace: 'reduce((sum, n) => sum + n, 0)',
  },
  // Not to be seen
  {
    name: 'selected transitions are visited twice in a microstep’s conflict search',
    file: `${inner}/microstep.ts`,
    find: 'const transitions = withoutConflicts(chart, chosen, draft.active, instance.history)',
    replace:
      'const transitions = withoutConflicts(chart, [...chosen, ...chosen.slice(0, 0)], draft.active, instance.history)',
    equivalent: 'an empty slice adds nothing: shows that the run can leave a mutant alive',
  },
]

const suites: [string, string[]][] = [
  [
    'semantics',
    [
      'definitions/interpreter/semantics',
      'definitions/condition',
      'definitions/expression',
      'definitions/paths',
      '--testPathIgnorePatterns',
      'adsl.test',
      'tests/',
      'stack.test',
    ],
  ],
  ['oracle', ['definitions/interpreter/oracle']],
  ['installation', ['definitions/interpreter/semantics/adsl']],
]
const oracleRuns = '500'

/** Applies each seeded bug to a copy of the repository and runs the tests of definitions/ against it; writes what found it. */
function main(only: string | undefined): void {
  const root = resolve(import.meta.dirname, '..')
  const copy = mkdtempSync(join(tmpdir(), 'mutants-'))
  for (const part of [
    'definitions',
    'domain',
    'package.json',
    'jest.config.mjs',
    'dev/count-reporter.mjs',
    'dev/test-globals.mjs',
    'dev/test-teardown.mjs',
  ])
    cpSync(join(root, part), join(copy, part), { recursive: true })
  mkdirSync(join(copy, 'dev'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const lines: string[] = []
  let survived = 0
  const started = Date.now()
  try {
    const clean = findBy(copy)
    if (clean !== undefined) throw new Error(`the tests fail without any bug: ${clean}`)
    for (const mutant of mutants) {
      if (only !== undefined && !mutant.name.includes(only)) continue
      const path = join(copy, mutant.file)
      const text = readFileSync(path, 'utf8')
      if (text.split(mutant.find).length !== 2)
        throw new Error(`${mutant.name}: its text does not stand once in ${mutant.file}`)
      writeFileSync(
        path,
        text.replace(mutant.find, () => mutant.replace),
      )
      const by = findBy(copy)
      writeFileSync(path, text)
      const verdict =
        by === undefined
          ? mutant.equivalent === undefined
            ? '**survived**'
            : 'equivalent'
          : mutant.equivalent === undefined
            ? `killed by ${by}`
            : `**killed by ${by}, though called equivalent**`
      if (verdict.startsWith('**')) survived += 1
      lines.push(
        `| ${mutant.name} | \`${mutant.file.replace(`${inner}/`, '')}\` | ${verdict}${mutant.equivalent === undefined ? '' : `: ${mutant.equivalent}`} |`,
      )
      console.log(`${verdict}: ${mutant.name}`)
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  const minutes = ((Date.now() - started) / 60_000).toFixed(1)
  const head = `# Seeded bugs in the interpreter\n\n\`npm run mutants\`, ${new Date().toISOString().slice(0, 10)}: ${lines.length} bugs, ${survived} not found by the tests of \`definitions/\` (the oracle with ${oracleRuns} definitions), ${minutes} minutes.\n\n| bug | file | verdict |\n|---|---|---|\n`
  if (only === undefined) writeFileSync(join(root, 'bench/results/mutants.md'), `${head}${lines.join('\n')}\n`)
  console.log(`${lines.length} bugs, ${survived} not as expected`)
  process.exitCode = survived === 0 ? 0 : 1
}

/** The first suite that fails; none: the bug lives. */
function findBy(directory: string): string | undefined {
  return suites.find(([, pattern]) => {
    const jest = [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      '--selectProjects',
      'unit',
      '--bail',
      '--silent',
      ...pattern,
    ]
    const { status } = spawnSync(process.execPath, jest, {
      cwd: directory,
      env: { ...process.env, ORACLE_RUNS: oracleRuns },
      timeout: 300_000,
      stdio: 'ignore',
    })
    return status !== 0
  })?.[0]
}

main(process.argv[2])
