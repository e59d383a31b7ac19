import { existsSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { loadDevSettings } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { bundleWorkflows, workflowsEntry } from './bundle.ts'
import { startStack } from './stack.ts'
import { publishTestWorld } from './test-world.ts'

/** Starts what the project `stack` needs: one PostgreSQL, one Temporal, one workflow bundle. Answers what ends them. */
export async function startTestRun(): Promise<() => Promise<void>> {
  const settings = loadDevSettings()
  const [stack, workflowBundle] = await Promise.all([
    startStack({ mode: 'test', settings }),
    existsSync(workflowsEntry) ? bundleWorkflows(join(settings.SAMFONY_HOME, 'test', 'workflow-bundle.js')) : '',
  ])
  const template = new URL(stack.databaseUrl)
  template.pathname = `/samfony_template_${process.pid}`
  const end = async () => {
    // Only a server of your own (DATABASE_URL) would keep it after the run.
    await onServer(stack.databaseUrl, `drop database if exists ${template.pathname.slice(1)} with (force)`)
    await stack.close()
  }
  try {
    await onServer(stack.databaseUrl, `create database ${template.pathname.slice(1)}`)
    await migrate(template.href)
  } catch (fault) {
    await end()
    throw fault
  }
  publishTestWorld({ templateUrl: template.href, temporalAddress: stack.temporal.address, workflowBundle })
  return end
}

async function onServer(url: string, command: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await sql.unsafe(command)
  } finally {
    await sql.end()
  }
}
