import type { z } from 'zod'
import type { Http } from '../http.ts'
import { createMellat, mellatConfig } from './mellat.ts'
import type { PaymentGateway } from './port.ts'
import { createZarinpal, zarinpalConfig } from './zarinpal.ts'

/** Every payment gateway we can speak to: the schema of its settings and its factory. */
export const paymentGateways = {
  mellat: { config: mellatConfig, create: createMellat },
  zarinpal: { config: zarinpalConfig, create: createZarinpal },
}

export type PaymentGatewayName = keyof typeof paymentGateways
/** Settings of any one gateway, told apart by `gateway`. */
export type PaymentConfig = {
  [N in PaymentGatewayName]: z.input<(typeof paymentGateways)[N]['config']>
}[PaymentGatewayName]

/** The gateway that `config.gateway` names. Throws ZodError when its settings are wrong. */
export function createPaymentGateway(
  config: PaymentConfig,
  deps: { http?: Http; now?: () => number } = {},
): PaymentGateway {
  const gateway = paymentGateways[config.gateway]
  // The schema found by the name parses exactly the settings of that name's factory; the compiler can't pair them.
  return (gateway.create as (config: unknown, deps: object) => PaymentGateway)(gateway.config.parse(config), deps)
}
