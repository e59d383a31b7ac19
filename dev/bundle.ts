import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'

export const workflowsEntry = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))

/** The sandbox takes a stack trace for every promise of a workflow: with V8's ten frames a third of an engine worker's time (ADR 24). */
const stackFrames = 2

/**
 * Writes the workflows as the one file that a worker loads into Temporal's sandbox, and answers its path. Rejects when a
 * workflow imports what the sandbox forbids.
 */
export async function bundleWorkflows(file: string): Promise<string> {
  const quiet = () => undefined
  const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: console.warn, error: console.error }
  const { code } = await bundleWorkflowCode({ workflowsPath: workflowsEntry, logger })
  const path = resolve(file)
  mkdirSync(dirname(path), { recursive: true })
  // On the bundle's own first line, so that its source map still fits. The sandbox freezes Error after this.
  writeFileSync(path, `Error.stackTraceLimit = ${stackFrames};${code}`)
  return path
}
