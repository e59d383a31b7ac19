import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../../domain/json.ts'
import { compile } from '../../compile.ts'
import type { Graph } from '../../graph.ts'
import { activeStates, type Chart, chartOf, nodeAt } from '../chart.ts'
import type { Instance, Invocation, StepReport, Stimulus } from '../instance.ts'
import { newInstance, step } from '../step.ts'
import { nextTimer } from '../timing.ts'
import type { Case, Command } from './generate.ts'
import { translate, type View } from './translate.ts'

/** `loop` and `unordered`: not comparable, and skipped. Else what each side showed after the command at which they differ. */
export type Verdict =
  | { kind: 'same'; commands: number }
  | { kind: 'loop' }
  | { kind: 'unordered' }
  | { kind: 'different'; after: string; ours: View; theirs: View }

/** Runs a case in our interpreter and in XState, and compares after every command and every timer. */
export function compare(subject: Case): Verdict {
  const ours = createOurs(subject)
  if (ours.looped()) return { kind: 'loop' }
  const theirs = translate(subject)
  let verdict: Verdict | undefined
  let checks = 0

  const check = (after: string): boolean => {
    if (ours.looped()) verdict = { kind: 'loop' }
    else if (theirs.unordered()) verdict = { kind: 'unordered' }
    else {
      checks += 1
      const [a, b] = [ours.view(), theirs.view()]
      if (!isDeepStrictEqual(normal(a), normal(b))) verdict = { kind: 'different', after, ours: a, theirs: b }
    }
    return verdict === undefined
  }

  const tick = (untilMs: number): void => {
    for (;;) {
      const [due, their] = [ours.nextDueMs(), theirs.nextDueMs()]
      const ripe = [due, their].filter((ms) => ms !== undefined && ms <= untilMs)
      if (ripe.length === 0) break
      if (ripe.length === 1 || due !== their) {
        verdict = { kind: 'different', after: `due ${due} and ${their}`, ours: ours.view(), theirs: theirs.view() }
        return
      }
      // XState first: where it would hang, ours has reported the loop already.
      ours.fireNext()
      if (ours.looped()) break
      theirs.fireNext()
      if (!check(`timer due at ${due}`)) return
    }
    ours.moveTo(untilMs)
    theirs.moveTo(untilMs)
  }

  const carryOut = (command: Command): void => {
    switch (command.type) {
      case 'sendPossible':
      case 'send': {
        const possible = command.type === 'send' ? [command.event] : ours.possible()
        const event = possible[command.type === 'send' ? 0 : command.at % possible.length] ?? 'E0'
        ours.send(event, { n: command.n })
        if (!ours.looped()) theirs.send(event, { n: command.n })
        return
      }
      case 'tick':
        return tick(ours.nowMs() + command.seconds * 1000)
      case 'complete': {
        const live = ours.live()
        const one = live[command.at % live.length]
        if (one === undefined) return
        ours.settle({ type: 'done', key: one.key, output: { n: command.n } })
        if (!ours.looped()) theirs.complete(`${one.state}/${one.id}`, { n: command.n })
        return
      }
      case 'fail': {
        const live = ours.live().filter(ours.forgiving)
        const one = live[command.at % live.length]
        if (one === undefined) return
        const error = { type: command.error, message: command.error }
        ours.settle({ type: 'error', key: one.key, error })
        if (!ours.looped()) theirs.fail(`${one.state}/${one.id}`, error)
        return
      }
      default:
        command satisfies never
    }
  }

  check('start')
  for (const command of subject.commands) {
    if (verdict !== undefined || ours.ended()) break
    carryOut(command)
    if (verdict === undefined) check(JSON.stringify(command))
  }
  return verdict ?? { kind: 'same', commands: checks }
}

const normal = (view: View) => ({ ...view, live: [...view.live].sort() })

/** The graph that a case runs on. */
function graphOf({ definition, parallelRoot }: Case): Graph {
  const graph = compile(definition, { calendars: {} }, 'hash')
  const [root] = graph.nodes
  if (!parallelRoot || root === undefined) return graph
  const { initial: _initial, ...bare } = root
  return { ...graph, nodes: [{ ...bare, kind: 'parallel' }, ...graph.nodes.slice(1)] }
}

function createOurs(subject: Case) {
  const chart: Chart = chartOf(graphOf(subject))
  let nowMs = 0
  let log: string[] = []
  let loop = false
  let instance: Instance = newInstance({ id: 'i', orderId: 'o', context: {}, nowMs })

  const put = (stimulus: Stimulus): void => {
    const result = step(chart, instance, stimulus, {}, nowMs)
    if (result.kind !== 'moved') return
    loop ||= result.instance.incidents.some(({ kind }) => kind === 'loop')
    // Effects are the log here; nobody makes the calls, so the queue would only grow. Late answers never come.
    instance = {
      ...result.instance,
      queue: [],
      invocations: result.instance.invocations.filter(({ status }) => status !== 'cancelling'),
    }
    log.push(...marks(result.report))
  }

  put({ type: 'start' })
  return {
    looped: () => loop,
    ended: () => instance.outcome !== null,
    nowMs: () => nowMs,
    moveTo: (ms: number) => {
      nowMs = ms
    },
    view: (): View => {
      const seen = log
      log = []
      return {
        leaves: instance.leaves,
        ended: instance.status === 'ended',
        context: instance.context,
        log: seen,
        live: instance.invocations.map(({ state, id }) => `${state}/${id}`),
      }
    },
    possible: () => {
      const names = activeStates(chart, instance.leaves).flatMap((index) => Object.keys(nodeAt(chart, index).on ?? {}))
      return [...new Set(names)].filter((name) => name !== '*' && name !== 'R0').sort()
    },
    live: () => instance.invocations,
    forgiving: ({ state, id }: Invocation) =>
      nodeAt(chart, chart.byId.get(state) ?? 0).invoke?.some((i) => i.id === id && i.onError !== undefined) === true,
    send: (name: string, payload: Json) => put({ type: 'external', name, payload }),
    settle: put,
    nextDueMs: () => nextTimer(instance)?.dueMs,
    fireNext: () => {
      const timer = nextTimer(instance)
      if (timer === undefined) return
      nowMs = Math.max(nowMs, timer.dueMs)
      put({ type: 'timer', key: timer.key })
    },
  }
}

const marks = ({ effects }: StepReport) =>
  effects.filter((effect) => effect.startsWith('run:')).map((effect) => effect.slice('run:'.length))
