import type { IpgState, Payments, SimPayment } from './ipg-state.ts'
import type { SimAnswer, SimCall, SimRequest } from './serve.ts'

export interface MellatTerminal {
  terminalId: string
  userName: string
  password: string
}

const namespace = 'http://interfaces.core.sw.bps.com/'

type Args = Record<string, string>

/**
 * The SOAP calls of Behpardakht (contract payments-ir.md 3). Read and written by hand, not by a SOAP library, so that
 * what really goes over the wire is checked: qualified operation, unqualified arguments.
 */
export function mellatCall(
  request: SimRequest,
  payments: Payments,
  state: IpgState,
  terminal: MellatTerminal,
): SimCall | undefined {
  if (request.path !== '/pgwchannel/services/pgw' || request.method !== 'POST') return undefined
  const [, prefix = '', name = ''] = /<(?:(\w+):)?(bp\w+)[\s>]/.exec(request.body) ?? []
  const run = methods[name]
  const qualified = request.body.includes(`xmlns${prefix === '' ? '' : `:${prefix}`}="${namespace}"`)
  if (!run || !qualified) return { method: name, refuse: () => fault(), perform: () => fault() }
  return {
    method: name,
    refuse: (code) => envelope(name, code ?? '34'),
    perform() {
      const args = Object.fromEntries(
        Array.from(request.body.matchAll(/<(\w+)>([^<]*)<\/\1>/g), ([, key, value]) => [key, unescape(value ?? '')]),
      ) as Args
      if (args.terminalId !== terminal.terminalId) return envelope(name, '21')
      if (args.userName !== terminal.userName || args.userPassword !== terminal.password) return envelope(name, '24')
      return envelope(name, run(args, payments, state))
    },
  }
}

const methods: Record<string, (args: Args, payments: Payments, state: IpgState) => string> = {
  bpPayRequest(
    {
      terminalId = '',
      orderId = '',
      amount = '',
      localDate = '',
      localTime = '',
      callBackUrl = '',
      additionalData = '',
    },
    payments,
  ) {
    if (!/^\d{1,18}$/.test(orderId)) return '32'
    if (!/^[1-9]\d{0,14}$/.test(amount)) return '25'
    if (!/^\d{8}$/.test(localDate) || !/^([01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(localTime)) return '35'
    if (!/^https?:\/\//.test(callBackUrl)) return '62'
    if (payments.byOrder('mellat', orderId)) return '41'
    const payment = payments.open({
      gateway: 'mellat',
      merchant: terminalId,
      orderId,
      amountRial: Number(amount),
      callbackUrl: callBackUrl,
      description: additionalData,
    })
    return `0,${payment.token}`
  },

  bpVerifyRequest: (args, payments) =>
    onSale(args, payments, (sale) => {
      if (sale.state === 'verified' || sale.state === 'settled') return '43'
      sale.state = 'verified'
      return '0'
    }),

  bpInquiryRequest: (args, payments) => onSale(args, payments, () => '0'),

  bpSettleRequest: (args, payments) =>
    onSale(args, payments, (sale) => {
      if (sale.state === 'settled') return '45'
      if (sale.state !== 'verified') return '44'
      sale.state = 'settled'
      return '0'
    }),

  bpReversalRequest: (args, payments) =>
    onSale(args, payments, (sale) => {
      if (sale.state === 'settled') return '45'
      sale.state = 'reversed'
      return '0'
    }),

  bpRefundRequest: (args, payments, state) =>
    onSale(args, payments, (sale) => {
      const amountRial = Number(args.refundAmount)
      const orderId = args.orderId ?? ''
      if (sale.state !== 'settled') return '46'
      if (payments.byOrder('mellat', orderId) || state.refunds.some((r) => r.orderId === orderId)) return '41'
      if (!(amountRial > 0) || sale.refundedRial + amountRial > sale.amountRial) return '25'
      sale.refundedRial += amountRial
      const reference = String(state.nextNumber++)
      state.refunds.push({ orderId, token: sale.token, amountRial, reference })
      return `0,${reference}`
    }),
}

/** The paid sale that order number and reference name together, or the bank's code for why there is none. */
function onSale(
  { saleOrderId = '', saleReferenceId = '' }: Args,
  payments: Payments,
  act: (sale: SimPayment) => string,
): string {
  const sale = payments.byOrder('mellat', saleOrderId)
  if (!sale || sale.reference !== saleReferenceId || sale.state === 'created') return '42'
  if (sale.state === 'reversed' || sale.state === 'returned') return '48'
  if (sale.state === 'cancelled') return '17'
  return sale.state === 'failed' ? '12' : act(sale)
}

function envelope(name: string, result: string): SimAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><ns2:${name}Response xmlns:ns2="${namespace}"><return>${result}</return></ns2:${name}Response></soap:Body></soap:Envelope>`
  return { status: 200, type: 'text/xml;charset=UTF-8', body }
}

function fault(): SimAnswer {
  const body =
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>Unmarshalling Error</faultstring></soap:Fault></soap:Body></soap:Envelope>'
  return { status: 500, type: 'text/xml;charset=UTF-8', body }
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}
