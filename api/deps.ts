import type { Client } from '@temporalio/client'
import type { Logger } from 'pino'
import type { Db } from '../db/client.ts'
import type { FactRequest, FactSnapshots } from '../definitions/interpreter/instance.ts'
import type { PaymentGateway } from '../gateways/payment/port.ts'
import type { Pricing } from '../rules/pricing.ts'
import type { TemplateFiles } from '../templates/files.ts'
import type { InvoicePrinter } from '../templates/invoice-pdf.ts'
import type { Renderer } from '../templates/renderer.ts'

/** What the API is given by wiring.ts. It reaches banks and other systems through these objects only. */
export interface Deps {
  db: Db
  temporal: Client
  queuePrefix: string
  facts: FactLoader
  /** In the order in which they are offered. */
  payments: Readonly<Record<string, PaymentGateway>>
  /** Prices by catalogue and rules. */
  pricing: Pricing
  /** Documents of account as PDF. */
  printer: InvoicePrinter
  /** The shipped texts of messages. */
  files: TemplateFiles
  /** Folder of the built web application; null: the API alone. */
  panel: string | null
  renderer: Renderer
  clock: () => Date
  logger: Logger
  config: ApiConfig
}

/** Reads declared facts of a definition, for the buttons that an order offers. */
export interface FactLoader {
  load(requests: FactRequest[]): Promise<FactSnapshots>
}

export interface ApiConfig {
  /** Address as customers and banks see it; callbacks and cookies follow from it. */
  publicUrl: string
  /** Changing it ends all sessions. */
  sessionSecret: string
  /** Reverse proxies in front of us whose X-Forwarded-For is believed. */
  proxies: number
  limits?: Partial<Limits>
}

export interface Limits {
  perUserPerMinute: number
  perAddressPerMinute: number
}

/** Enough for a person with a busy panel, and far below what would slow others. */
export const defaultLimits: Limits = { perUserPerMinute: 1_200, perAddressPerMinute: 3_000 }
