import type { z } from 'zod'
import type { Http } from '../http.ts'
import { createIbsng, ibsngConfig } from './ibsng-jsonrpc.ts'
import { createNetbill, netbillConfig } from './netbill.ts'
import type { AaaGateway } from './port.ts'

/** Every AAA we can speak to: the schema of its settings and its factory. */
export const aaaAdapters = {
  'ibsng-jsonrpc': { config: ibsngConfig, create: createIbsng },
  netbill: { config: netbillConfig, create: createNetbill },
}

export type AaaAdapterName = keyof typeof aaaAdapters
/** Settings of any one adapter, told apart by `adapter`. */
export type AaaConfig = { [N in AaaAdapterName]: z.input<(typeof aaaAdapters)[N]['config']> }[AaaAdapterName]

/** The gateway that `config.adapter` names. Throws ZodError when its settings are wrong. */
export function createAaa(config: AaaConfig, deps: { http?: Http; now?: () => number } = {}): AaaGateway {
  const adapter = aaaAdapters[config.adapter]
  // The schema found by the name parses exactly the settings of that name's factory; the compiler can't pair them.
  return (adapter.create as (config: unknown, deps: object) => AaaGateway)(adapter.config.parse(config), deps)
}
