import type { z } from 'zod'
import type { Http } from '../http.ts'
import { aroushaConfig, createArousha } from './arousha.ts'
import { bitstreamConfig, createBitstream } from './bitstream-jsonrpc.ts'
import type { OssGateway } from './port.ts'

/** Every OSS we can speak to: the schema of its settings and its factory. */
export const ossAdapters = {
  arousha: { config: aroushaConfig, create: createArousha },
  'bitstream-jsonrpc': { config: bitstreamConfig, create: createBitstream },
}

export type OssAdapterName = keyof typeof ossAdapters
/** Settings of any one adapter, told apart by `adapter`. */
export type OssConfig = { [N in OssAdapterName]: z.input<(typeof ossAdapters)[N]['config']> }[OssAdapterName]

/** The gateway that `config.adapter` names. Throws ZodError when its settings are wrong. */
export function createOss(config: OssConfig, deps: { http?: Http } = {}): OssGateway {
  const adapter = ossAdapters[config.adapter]
  // The schema found by the name parses exactly the settings of that name's factory; the compiler can't pair them.
  return (adapter.create as (config: unknown, deps: object) => OssGateway)(adapter.config.parse(config), deps)
}
