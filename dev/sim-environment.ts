import type { Config } from '../config.ts'
import { type Sims, simCredentials } from '../sims/index.ts'

/** The variables that point the gateways at these simulators. */
export function simEnvironment(sims: Sims): Record<string, string> {
  const bank = sims.ipg.url
  const gateways: Pick<Config, 'aaa' | 'oss' | 'payments' | 'sms' | 'email'> = {
    aaa: { adapter: 'ibsng-jsonrpc', url: sims.aaa.url, ...simCredentials.aaa, keyField: 'bss_key' },
    oss: { adapter: 'bitstream-jsonrpc', url: sims.oss.url, ...simCredentials.oss, extensions: true },
    payments: [
      { gateway: 'zarinpal', url: bank, ...simCredentials.zarinpal },
      {
        gateway: 'mellat',
        serviceUrl: `${bank}/pgwchannel/services/pgw`,
        payUrl: `${bank}/pgwchannel/startpay.mellat`,
        ...simCredentials.mellat,
      },
    ],
    sms: { adapter: 'sms-kavenegar', url: sims.sms.url, ...simCredentials.sms },
    email: {
      adapter: 'email-smtp',
      host: sims.smtp.host,
      port: sims.smtp.port,
      security: 'plain',
      from: { address: 'no-reply@samfony.example' },
    },
  }
  return Object.fromEntries(
    Object.entries(gateways).map(([name, value]) => [name.toUpperCase(), JSON.stringify(value)]),
  )
}
