import { setTimeout } from 'node:timers/promises'
import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { graphOf } from '../db/graphs.ts'
import { startContextOf } from '../db/order-start.ts'
import type { Order } from '../db/orders.ts'
import { fateOf, stepOf } from '../db/transitions.ts'
import type { Graph } from '../definitions/graph.ts'
import type { Json } from '../domain/json.ts'
import { type Fire, type FireAnswer, names, type Refusal, type Repair, startOptionsOf } from '../workflows/messages.ts'
import type { Deps } from './deps.ts'
import { Problem, unavailable } from './problem.ts'
import { tooLateText } from './reason-text.ts'

const deadlineMs = 5_000
/** From the instant after which nothing may be written to the answer that says so: the way back of what was written before. */
const returnMs = 500

/** What became of a wish: done, or accepted and not done yet. */
export type Outcome = { kind: 'done'; answer: FireAnswer } | { kind: 'pending'; updateId: string }

/** The workflow of an order, as the API uses it. */
export type OrderRun = Pick<
  Order,
  'id' | 'workflowId' | 'kind' | 'seq' | 'status' | 'outcome' | 'definitionId' | 'definitionVersion'
>

/**
 * Speaks to workflows. Each wish is an Update with the caller's key as its id, so a repeat gets the first answer. Ends in
 * Problem: the workflow's refusal with its reasons; 409 `Ended`; 503 when nothing was done within 5 seconds, and then nothing
 * will be: the wish carries the instant after which the workflow refuses it and the database does not write it.
 */
export function createEngine({
  temporal,
  db,
  queuePrefix,
  logger,
}: Pick<Deps, 'temporal' | 'db' | 'queuePrefix' | 'logger'>) {
  async function update(order: OrderRun, name: string, wish: Fire | Repair, updateId: string): Promise<Outcome> {
    const handle = temporal.workflow.getHandle(order.workflowId)
    const deadline = Date.now() + deadlineMs
    const notAfter = new Date(deadline - returnMs).toISOString()
    const argument = { ...wish, notAfter, knownSeq: order.seq }
    const send = () =>
      temporal.withDeadline(deadline, () =>
        handle.startUpdate<FireAnswer, [Fire | Repair]>(name, { args: [argument], updateId, waitForStage: 'ACCEPTED' }),
      )
    try {
      // Accepted is in the history: from here on it will be carried out, or refused, whatever happens to us.
      const accepted = await send().catch(async (error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError) || order.status === 'ended') throw error
        await start(order)
        return send()
      })
      return { kind: 'done', answer: await temporal.withDeadline(deadline, () => accepted.result()) }
    } catch (error) {
      if (!isUnanswered(error)) throw refused(error)
      return unanswered(order, updateId, notAfter)
    }
  }

  /** No answer in time. The database knows whether it was done; when it cannot say, the caller is told where to ask later. */
  async function unanswered(order: OrderRun, updateId: string, notAfter: string): Promise<Outcome> {
    await setTimeout(Math.max(0, Date.parse(notAfter) - Date.now() + 20)) // an error that came sooner tells nothing yet
    const fate = await fateOf(db, order.id, updateId, notAfter).catch((error: unknown) => {
      logger.warn({ err: error, orderId: order.id }, 'the fate of an update is not known')
      return { step: null, past: false }
    })
    if (fate.step === null) {
      if (fate.past) throw notProcessed()
      return { kind: 'pending', updateId }
    }
    // Written, and perhaps by a worker that has died since: the workflow looks for itself when it is back.
    await temporal
      .withDeadline(Date.now() + 1_000, () => temporal.workflow.getHandle(order.workflowId).signal(names.catchUp))
      .catch((error: unknown) => logger.warn({ err: error, orderId: order.id }, 'the workflow cannot be told'))
    return { kind: 'done', answer: fate.step }
  }

  /** Starts the workflow of an order whose outbox entry was not taken yet; one that runs is left alone. */
  async function start(order: OrderRun): Promise<void> {
    const context = await startContextOf(db, order.id)
    if (context === null) throw ended()
    const graph = await graphOf(db, order.definitionId, order.definitionVersion)
    const run = { ...order, engineVersion: context.engineVersion }
    const options = startOptionsOf({
      order: run,
      graph: graph as unknown as Graph,
      context: context.input,
      queuePrefix,
      parent: context.parent,
    })
    try {
      await temporal.withDeadline(Date.now() + deadlineMs, () => temporal.workflow.start(order.kind, options))
    } catch (error) {
      // A closed run with this id: the order ended before its row could say so.
      if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') throw ended()
      throw refused(error)
    }
  }

  return {
    fire: (order: OrderRun, fire: Fire, updateId: string) => update(order, names.fire, fire, updateId),
    repair: (order: OrderRun, repair: Repair, updateId: string) => update(order, names.repair, repair, updateId),

    /** What became of an earlier wish. Problem 404 when the workflow knows nothing of it. */
    async outcome(order: OrderRun, updateId: string): Promise<Outcome> {
      const handle = temporal.workflow.getHandle(order.workflowId)
      try {
        const answer = await temporal.withDeadline(Date.now() + 1_000, () =>
          handle.getUpdateHandle<FireAnswer>(updateId).result(),
        )
        return { kind: 'done', answer }
      } catch (error) {
        // A worker may have done it and died before it could tell the workflow.
        const step = await stepOf(db, order.id, updateId)
        if (step !== null) return { kind: 'done', answer: { ...step, status: order.status, outcome: order.outcome } }
        if (isTimeout(error)) return { kind: 'pending', updateId }
        if (error instanceof WorkflowUpdateFailedError) throw refused(error)
        logger.info({ err: error, orderId: order.id }, 'outcome not found')
        throw new Problem(404, 'NotFound', {
          fa: 'چنین درخواستی به این سفارش نرسیده است؛ دوباره بکوشید',
          en: 'No such wish has reached this order; try again',
        })
      }
    },

    /** Whether Temporal answers. */
    async ready(): Promise<boolean> {
      return temporal
        .withDeadline(Date.now() + 2_000, () => temporal.workflowService.getSystemInfo({}))
        .then(
          () => true,
          () => false,
        )
    },
  }
}

export type Engine = ReturnType<typeof createEngine>

/** Temporal's error as the Problem that the caller gets. */
function refused(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof WorkflowUpdateFailedError) return ofFailure(error.cause)
  if (error instanceof WorkflowNotFoundError) return ended()
  if (isUnanswered(error)) return notProcessed()
  throw error
}

const notProcessed = () =>
  unavailable({
    fa: 'موتور فرایند پاسخ نداد و کاری انجام نشد؛ کمی بعد دوباره بکوشید',
    en: 'The process engine gave no answer and nothing was done; try again in a moment',
  })

function ofFailure(cause: unknown): Problem {
  if (!(cause instanceof ApplicationFailure))
    return unavailable({ fa: 'موتور فرایند پاسخ نداد', en: 'The process engine gave no answer' })
  // The server's own word under a burst: no worker took the update, and nothing was done.
  if (cause.type === 'UnprocessedUpdate') return notProcessed()
  // Sooner than we stop waiting only when the clocks of the hosts differ.
  if (cause.type === 'TooLate') return new Problem(503, cause.type, tooLateText, { retryAfterSeconds: 2 })
  const [detail] = (cause.details ?? []) as [Partial<Refusal>?]
  const code = cause.type ?? 'Refused'
  const text = detail?.message ?? { fa: 'این کار پذیرفته نشد', en: cause.message }
  const reasons = (detail?.reasons ?? []) as Json[]
  const faults = code === 'BadInput' ? reasons.flatMap(faultOf) : []
  return new Problem(refusalStatus[code] ?? 409, code, text, {
    errors: faults,
    more: { reasons },
    ...(code === 'Busy' && { retryAfterSeconds: 2 }),
  })
}

const refusalStatus: Record<string, number> = {
  NoSuchTransition: 409,
  Forbidden: 403,
  GuardFailed: 409,
  BadInput: 422,
  StaleSeq: 409,
  Busy: 409,
  Ended: 409,
}

function faultOf(reason: Json) {
  if (typeof reason !== 'object' || reason === null || Array.isArray(reason)) return []
  const { candidate, message } = reason
  if (typeof candidate !== 'string' || typeof message !== 'object' || message === null || Array.isArray(message))
    return []
  const { fa, en } = message
  if (typeof fa !== 'string' || typeof en !== 'string') return []
  return [{ place: candidate.replace(/^\$/, '$.body.payload'), fa, en }]
}

/** Neither done nor refused, as far as we were told. */
const isUnanswered = (error: unknown) =>
  isTimeout(error) || isGrpcServiceError(error) || (error instanceof Error && isGrpcServiceError(error.cause))

const isTimeout = (error: unknown) => error instanceof WorkflowUpdateRPCTimeoutOrCancelledError

export const ended = () => new Problem(409, 'Ended', { fa: 'این سفارش پایان یافته است', en: 'The order has ended' })
