import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DevSettings } from '../config.ts'
import { freePort, isPortFree } from './free-port.ts'

/** What listens on each port, the variable that moves it, and the port it has while nobody else wants that one. */
const listeners = {
  api: { what: 'the API', variable: 'API_PORT', usual: 8080 },
  postgres: { what: 'PostgreSQL', variable: 'POSTGRES_PORT', usual: 54320 },
  temporal: { what: 'Temporal', variable: 'TEMPORAL_PORT', usual: 7233 },
  temporalUi: { what: "Temporal's web interface", variable: 'TEMPORAL_UI_PORT', usual: 8233 },
  aaa: { what: 'the AAA simulator', variable: 'AAA_PORT', usual: 4101 },
  oss: { what: 'the OSS simulator', variable: 'OSS_PORT', usual: 4102 },
  ipg: { what: 'the bank simulator', variable: 'IPG_PORT', usual: 4103 },
  sms: { what: 'the SMS simulator', variable: 'SMS_PORT', usual: 4104 },
  smtp: { what: 'the mail simulator', variable: 'SMTP_PORT', usual: 4125 },
  smtpAdmin: { what: "the mail simulator's inbox", variable: 'SMTP_ADMIN_PORT', usual: 4126 },
} as const satisfies Record<string, { what: string; variable: keyof DevSettings; usual: number }>

export type PortName = keyof typeof listeners
export type PortMap = Record<PortName, number>

/**
 * The ports of an installation: what the settings say, else what `file` remembers from the start before, else the usual one or,
 * where that is taken, any free one. They are written to `file`. Throws an Error naming every port of the first two kinds that
 * is taken, with the variable to change.
 */
export async function choosePorts(file: string, settings: Partial<DevSettings>): Promise<PortMap> {
  const before = remembered(file)
  const ports: Partial<PortMap> = {}
  const faults: string[] = []
  for (const [name, { what, variable, usual }] of Object.entries(listeners) as [
    PortName,
    (typeof listeners)[PortName],
  ][]) {
    const fixed = settings[variable] ?? before[name]
    if (fixed === undefined) {
      ports[name] = (await isPortFree(usual)) ? usual : await freePort()
    } else {
      ports[name] = fixed
      if (!(await isPortFree(fixed)))
        faults.push(`Port ${fixed}, for ${what}, is taken: set ${variable} to another one.`)
    }
  }
  if (faults.length > 0)
    throw new Error(`${faults.join('\n')}\nOr stop what listens there; it may be a Samfony still running.`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(ports, null, 2)}\n`)
  return ports as PortMap
}

function remembered(file: string): Partial<PortMap> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<PortMap>
  } catch {
    return {} // the first start
  }
}
