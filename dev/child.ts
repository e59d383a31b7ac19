import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A server that this process started and answers for. */
export type Child = {
  /** Undefined while it runs, afterwards its exit code. */
  exitCode(): number | undefined
  /** The last lines of its log, for error messages. */
  logTail(): string
  /** Asks it to stop, kills it after `graceMs`, and resolves when it is gone. Calling it twice is harmless. */
  stop(graceMs?: number): Promise<void>
  /** SIGKILL to it and its keeper: what a loss of power would do to it. Resolves when it is gone. */
  kill(): Promise<void>
}

export type ChildOptions = {
  command: string
  args: readonly string[]
  /** Both outputs go here; a file, since a pipe would break together with its reader. */
  logFile: string
  stopSignal: 'INT' | 'TERM'
  uid?: number
  gid?: number
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C in the terminal reaches only us and we decide the order of
 * stopping. It lives only as long as we hold its input open: a parent that ends in any way, even by SIGKILL, stops it.
 */
export function startChild(options: ChildOptions): Child {
  mkdirSync(dirname(options.logFile), { recursive: true })
  const log = openSync(options.logFile, 'w')
  const keeper = spawn(
    '/bin/sh',
    ['-c', keeperScript(options.stopSignal), 'keeper', options.command, ...options.args],
    {
      detached: true,
      stdio: ['pipe', log, log],
      cwd: '/',
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    },
  )
  closeSync(log)
  let code: number | undefined
  const gone = new Promise<void>((resolve) => {
    const end = (exit: number) => {
      code = exit
      resolve()
    }
    keeper.once('error', () => end(127))
    keeper.once('exit', (exit) => end(exit ?? 128))
  })
  keeper.stdin?.on('error', () => undefined)

  return {
    exitCode: () => code,
    logTail: () => readFileSync(options.logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n'),
    async stop(graceMs = 15_000) {
      if (code !== undefined) return
      keeper.stdin?.end()
      const timer = setTimeout(() => killGroup(keeper.pid), graceMs)
      await gone
      clearTimeout(timer)
    },
    async kill() {
      if (code !== undefined) return
      killGroup(keeper.pid)
      await gone
    },
  }
}

/** Waits for the server; when our end of the input closes, passes the stop signal on to it. */
function keeperScript(signal: 'INT' | 'TERM'): string {
  // An asynchronous list reads /dev/null unless its input is named, hence descriptor 3.
  return `exec 3<&0
"$@" </dev/null 3<&- & server=$!
( read -r _ <&3; kill -s ${signal} $server ) 2>/dev/null & watcher=$!
wait $server; code=$?
kill $watcher 2>/dev/null
exit $code`
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It went by itself in the meantime.
  }
}
