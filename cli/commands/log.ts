import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { audit } from '../../db/audit.ts'
import { createDb, type Db } from '../../db/client.ts'
import { logLines, orderIdOf, verifyChains } from '../../db/order-log.ts'
import { verifyChain } from '../../db/transitions.ts'
import type { Terminal } from '../terminal.ts'

/** `log verify` and `log export`: the hash-chained log of orders, for auditors and authorities (WF27). */
export function logCommand(terminal: Terminal): Command {
  const command = new Command('log').description('the hash-chained log of orders')
  const database = ['--database <url>', 'PostgreSQL; DATABASE_URL unless given'] as const
  command
    .command('verify')
    .option('--order <order>', 'one order, by id or number; all orders unless given')
    .option(...database)
    .description('recompute the chains; names the first broken link and ends with exit code 1')
    .action(({ order, database }: { order?: string; database?: string }) =>
      withDatabase(database, terminal, (db) =>
        order === undefined ? verifyAll(db, terminal) : verifyOne(db, order, terminal),
      ),
    )
  command
    .command('export')
    .argument('<order>', 'id or number')
    .requiredOption('--by <name>', 'who takes it: written into the audit log')
    .option('--out <file>', 'a file; the terminal unless given')
    .option(...database)
    .description(
      'the whole log of an order as lines of JSON, with the hashes of its chain and the SHA-256 of the lines',
    )
    .action((order: string, { by, out, database }: { by: string; out?: string; database?: string }) =>
      withDatabase(database, terminal, (db) =>
        exportOne(db, order, { by, ...(out !== undefined && { out }) }, terminal),
      ),
    )
  return command
}

async function withDatabase(
  given: string | undefined,
  { write, fail }: Terminal,
  work: (db: Db) => Promise<void>,
): Promise<void> {
  const url = given ?? process.env['DATABASE_URL']
  if (url === undefined) {
    write('Which database? --database postgres://… or DATABASE_URL\n')
    fail()
    return
  }
  const db = createDb(url, { max: 1 })
  try {
    await work(db)
  } finally {
    await db.close()
  }
}

async function verifyAll(db: Db, { write, fail }: Terminal): Promise<void> {
  let checked = 0
  for (let after: string | null = ''; after !== null; ) {
    const page: Awaited<ReturnType<typeof verifyChains>> = await verifyChains(db, after)
    checked += page.checked
    if (page.broken !== null) {
      const { number, orderId, seq, fault } = page.broken
      write(`BROKEN: order ${number} (${orderId}), transition ${seq}: ${fault}\n`)
      fail()
      return
    }
    after = page.next
  }
  write(`${checked} orders, every chain whole\n`)
}

async function verifyOne(db: Db, order: string, { write, fail }: Terminal): Promise<void> {
  const id = await orderIdOf(db, order)
  const fault = id === null ? null : await verifyChain(db, id)
  if (id === null) write(`There is no order ${order}\n`)
  else if (fault !== null) write(`BROKEN: order ${order} (${id}), transition ${fault.seq}: ${fault.fault}\n`)
  else write(`order ${order}: the chain is whole\n`)
  if (id === null || fault !== null) fail()
}

async function exportOne(
  db: Db,
  order: string,
  { by, out }: { by: string; out?: string },
  { write, fail, nowMs }: Terminal,
): Promise<void> {
  const id = await orderIdOf(db, order)
  if (id === null) {
    write(`There is no order ${order}\n`)
    fail()
    return
  }
  const at = new Date(nowMs()).toISOString()
  const { lines, sha256 } = await logLines(db, id, { at, actor: by })
  await audit(db, { at, actor: by, action: 'order.log.export', entity: 'order', entityId: id, detail: { sha256 } })
  const text = lines.map((line) => `${line}\n`).join('')
  if (out === undefined) write(text)
  else {
    writeFileSync(out, text)
    write(`${lines.length} lines in ${out}, SHA-256 of all but the last ${sha256}\n`)
  }
}
