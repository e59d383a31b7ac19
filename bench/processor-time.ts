import { readdirSync, readFileSync } from 'node:fs'

/** Processor time in ms since the start of each process, all threads, user and system. */
export interface ProcessorTime {
  client: number
  worker: number
  temporal: number
  postgres: number
}

/** Linux counts in hundredths of a second for every program (USER_HZ). */
const msPerTick = 10

/**
 * Reads what this process (the client), the process `workerPid` and the servers below this process have used so far. The time
 * of children that have ended is in their parent's, so that a difference of two readings misses none. Linux only.
 */
export function processorTime(workerPid: number): ProcessorTime {
  const all = processes()
  const ours = new Set([process.pid])
  // A child may have a smaller id than its parent once the ids have wrapped around, so look until nothing is added.
  for (let before = 0; before !== ours.size; ) {
    before = ours.size
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid)
  }
  const sum = (wanted: (p: Process) => boolean) =>
    all.filter((p) => ours.has(p.pid) && wanted(p)).reduce((total, { ms }) => total + ms, 0)
  const { user, system } = process.cpuUsage()
  return {
    client: (user + system) / 1000,
    worker: sum(({ pid }) => pid === workerPid),
    temporal: sum(({ name }) => name === 'temporal'),
    postgres: sum(({ name }) => name === 'postgres'),
  }
}

/** What was used between two readings. */
export function used(from: ProcessorTime, to: ProcessorTime): ProcessorTime & { total: number } {
  const client = to.client - from.client
  const worker = to.worker - from.worker
  const temporal = to.temporal - from.temporal
  const postgres = to.postgres - from.postgres
  return { client, worker, temporal, postgres, total: client + worker + temporal + postgres }
}

interface Process {
  pid: number
  parent: number
  name: string
  ms: number
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      const stat = statOf(pid)
      if (stat === undefined) return []
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // proc(5): after the name come state and ppid; utime, stime, cutime and cstime are fields 14 to 17.
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
      return [{ pid: Number(pid), parent: Number(fields[1]), name, ms: ticks * msPerTick }]
    })
}

function statOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined // it ended in the meantime
  }
}
