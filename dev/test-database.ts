import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { testWorld } from './test-world.ts'

/**
 * A database of its own for a test file: a clone of the migrated, otherwise empty template. `drop` removes it together with
 * the connections that are still open.
 */
export async function testDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const template = new URL(testWorld().templateUrl)
  const clone = new URL(template)
  clone.pathname = `/samfony_${randomUUID().replaceAll('-', '')}`
  await onServer(template, `create database ${nameOf(clone)} template ${nameOf(template)}`)
  return { url: clone.href, drop: () => onServer(template, `drop database if exists ${nameOf(clone)} with (force)`) }
}

async function onServer(url: URL, command: string): Promise<void> {
  const anotherDatabase = new URL(url)
  anotherDatabase.pathname = '/postgres' // nobody may be connected to a template while it is cloned
  const sql = postgres(anotherDatabase.href, { max: 1, onnotice: () => undefined })
  try {
    await sql.unsafe(command)
  } finally {
    await sql.end()
  }
}

function nameOf(url: URL): string {
  return url.pathname.slice(1)
}
