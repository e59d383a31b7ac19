import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'

export const workflowsEntry = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))

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
  writeFileSync(path, code)
  return path
}
