import { createClock, type SimClock } from './clock.ts'
import { type IbsngSim, startIbsng } from './ibsng.ts'
import { type IpgSim, startIpg } from './ipg.ts'
import { createMemory } from './memory.ts'
import { type OssSim, startOss } from './oss.ts'
import { type SmsSim, startSms } from './sms.ts'
import { type SmtpSim, startSmtp } from './smtp.ts'

export interface SimsConfig {
  /** Any free port where none is named. */
  ports?: { aaa?: number; oss?: number; ipg?: number; sms?: number; smtp?: number; smtpAdmin?: number }
  seed?: number
  /** Epoch milliseconds; the clock that all simulators share starts from it and can be moved. */
  now?: () => number
  /** Keeps everything in this JSON file; a second start goes on from there. */
  stateFile?: string
  portsPerCentre?: number
  rangingDelayMs?: number
}

export interface Sims {
  aaa: IbsngSim
  oss: OssSim
  ipg: IpgSim
  sms: SmsSim
  smtp: SmtpSim
  clock: SimClock
  close(): Promise<void>
}

/** What the default credentials of the simulators are, for settings and tests. Nothing real has these. */
export const simCredentials = {
  aaa: { admin: 'bss', password: 'bss-secret' },
  oss: { auth: 'oss-static-key', vspId: 7 },
  zarinpal: { merchantId: '00000000-0000-4000-8000-000000000001' },
  mellat: { terminalId: '1234567', userName: 'bss', password: 'bss-secret' },
  sms: { apiKey: 'sim-api-key' },
}

/** Starts stand-ins for all outside systems on 127.0.0.1: AAA, OSS, banks, SMS panel and mail server. */
export async function startSims(config: SimsConfig = {}): Promise<Sims> {
  const { ports = {}, seed = 1, now = Date.now } = config
  const memory = createMemory(config.stateFile)
  const clock = createClock(now, Number(memory.recall('clockOffsetMs') ?? 0))
  memory.keep('clockOffsetMs', () => clock.offsetMs())
  const shared = { clock, memory }

  const aaa = await startIbsng({ ...shared, ...simCredentials.aaa, port: ports.aaa })
  const oss = await startOss({
    ...shared,
    auth: simCredentials.oss.auth,
    port: ports.oss,
    ...(config.portsPerCentre !== undefined && { portsPerCentre: config.portsPerCentre }),
    ...(config.rangingDelayMs !== undefined && { rangingDelayMs: config.rangingDelayMs }),
  })
  const ipg = await startIpg({ ...shared, seed, terminal: simCredentials.mellat, port: ports.ipg })
  const sms = await startSms({ ...shared, ...simCredentials.sms, port: ports.sms })
  const smtp = await startSmtp({ ...shared, port: ports.smtp, adminPort: ports.smtpAdmin })

  return {
    aaa,
    oss,
    ipg,
    sms,
    smtp,
    clock,
    async close() {
      await Promise.all([aaa, oss, ipg, sms, smtp].map((sim) => sim.close()))
      memory.close()
    },
  }
}
