/**
 * What the business asks of an internet payment gateway (contract payments-ir.md 0). Every amount is integer Rial.
 * A callback is carried by the payer's browser: it is a hint, and only `verify` (then `settle`, where `caps.settle`)
 * says that money came. Nothing here throws for a lost answer in verify, settle, reverse or refund: that outcome is
 * `unknown` and is asked again. `request` ends in Refused or Unavailable; a token that was never used costs nothing.
 */
export interface PaymentGateway {
  readonly caps: PaymentCaps
  request(input: PaymentRequest): Promise<{ token: string; redirect: Redirect }>
  /** Reads the fields of a callback and believes none; malformed ones come out as `ok: false`. */
  parseCallback(method: 'GET' | 'POST', fields: Record<string, string>): ParsedCallback
  /** Compares the callback with our own attempt, then asks the bank with our own amount. */
  verify(attempt: StoredAttempt, callback?: ParsedCallback): Promise<VerifyResult>
  /** Where the bank wants it, money returns to the payer without this step. */
  settle?(attempt: StoredAttempt): Promise<VerifyResult>
  reverse?(attempt: StoredAttempt): Promise<ReverseResult>
  /** `refundOrderId` is ours and new for each refund: the same number again is the same refund. */
  refund?(attempt: StoredAttempt, input: { amountRial: bigint; refundOrderId: bigint }): Promise<RefundResult>
  /** A look without effect; never a substitute for verify. */
  inquire?(attempt: StoredAttempt): Promise<InquiryState>
  listUnverified?(): Promise<{ token: string; amountRial: bigint }[]>
}

export interface PaymentCaps {
  settle: boolean
  reverse: boolean
  refund: 'none' | 'full' | 'partial'
  inquiry: boolean
  listUnverified: boolean
  callbackMethod: 'GET' | 'POST'
}

export interface PaymentRequest {
  /** From a database sequence: numeric, and used once at a terminal. */
  attemptId: bigint
  amountRial: bigint
  callbackUrl: string
  description: string
  /** +98… */
  mobile?: string
}

export interface Redirect {
  method: 'GET' | 'POST'
  url: string
  fields: Record<string, string>
}

/** What we stored of an attempt; `bankRef` once a callback or a verify has told it. */
export interface StoredAttempt {
  attemptId: bigint
  token: string
  amountRial: bigint
  bankRef?: string | undefined
}

export interface ParsedCallback {
  ok: boolean
  /** The bank's own word: OK, NOK, 0, 17, or why we could not read it. */
  code: string
  token?: string | undefined
  orderRef?: string | undefined
  bankRef?: string | undefined
}

/**
 * `paid`: now. `already`: verified before, which is success for this same attempt and must not be counted twice.
 * `mismatch`: the receipt belongs to something else, or to another amount. `unknown`: ask again.
 */
export type VerifyResult =
  | { outcome: 'paid' | 'already'; bankRef: string; amountRial: bigint; card?: string | undefined }
  | { outcome: 'not-paid' | 'mismatch' | 'unknown'; code: string; detail: string }

export type ReverseResult = { outcome: 'reversed' | 'already' } | { outcome: 'refused' | 'unknown'; code: string }
export type RefundResult =
  | { outcome: 'refunded' | 'already'; refundRef: string }
  | { outcome: 'refused' | 'unknown'; code: string }
export type InquiryState = 'paid' | 'verified' | 'pending' | 'failed' | 'reversed' | 'unknown'
