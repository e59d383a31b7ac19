import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { SimClock } from './clock.ts'
import { createFaults } from './faults.ts'
import type { Memory } from './memory.ts'
import { type Sim, serve } from './serve.ts'

export interface SmtpSimConfig {
  port?: number | undefined
  /** Of the admin API: mail has no HTTP of its own. */
  adminPort?: number | undefined
  clock: SimClock
  memory: Memory
}

interface SimMail {
  messageId: string
  from: string
  to: string[]
  at: string
  /** The message as it came over the wire. */
  raw: string
}

/** `url` is the admin API; mail goes to `host` and `port`. */
export interface SmtpSim extends Sim {
  host: string
  port: number
  messages(to?: string): SimMail[]
}

/** A mail server that keeps what it gets, one copy per Message-ID, as mailboxes show it. Faults name the method `DATA`. */
export async function startSmtp({ port, adminPort, clock, memory }: SmtpSimConfig): Promise<SmtpSim> {
  const mails = (memory.recall('smtp') as SimMail[] | undefined) ?? []
  memory.keep('smtp', () => mails)
  const faults = createFaults()

  function deliver(raw: string, from: string, to: string[]): void {
    const messageId = /^message-id:\s*(<[^>]+>)/im.exec(raw)?.[1] ?? ''
    if (mails.some((mail) => mail.messageId === messageId)) return
    mails.push({ messageId, from, to, at: new Date(clock.nowMs()).toISOString(), raw })
    memory.changed()
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: 20_000_000,
    onAuth: (_auth, _session, done) => done(null, { user: 'sim' }),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const accept = () =>
          deliver(
            Buffer.concat(chunks).toString('utf8'),
            mailFrom === false ? '' : mailFrom.address,
            rcptTo.map((r) => r.address),
          )
        const cutLine = () => {
          for (const connection of server.connections) {
            if ((connection as unknown as { id: string }).id === session.id)
              (connection as unknown as { _socket: { destroy(): void } })._socket.destroy()
          }
        }
        const fault = faults.take('DATA')
        switch (fault?.kind) {
          case 'refuse':
            return done(Object.assign(new Error('mailbox unavailable'), { responseCode: Number(fault.code ?? 550) }))
          case 'http500':
          case 'rubbish':
            return done(Object.assign(new Error('local error in processing'), { responseCode: 451 }))
          case 'reset':
            return cutLine()
          case 'cut':
          case 'loseAnswer':
            accept()
            return cutLine()
          case 'slow':
            setTimeout(() => {
              accept()
              done()
            }, fault.ms ?? 1_000)
            return
          case 'twice':
            accept()
            accept()
            return done()
          case undefined:
            accept()
            done()
        }
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(port ?? 0, '127.0.0.1', () => resolve()))
  const http = await serve({
    port: adminPort,
    clock,
    memory,
    faults,
    state: () => ({ messages: mails }),
    handle: () => undefined,
  })

  return {
    url: http.url,
    host: '127.0.0.1',
    port: (server.server.address() as AddressInfo).port,
    faults,
    messages: (to) => mails.filter((mail) => to === undefined || mail.to.includes(to)),
    async close() {
      await http.close()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
