import type { RefusalCode } from '../errors.ts'
import type { FeasibilityReason, InstallState, PortState } from './port.ts'

/** What one vendor's error number means to us: as a refusal, and as the answer to "is it feasible?". */
export interface ErrorMeaning {
  refusal: RefusalCode
  feasibility?: FeasibilityReason
}

/**
 * No table of error numbers is public (contract oss.md 2). These are the numbers of our simulator; a customer's own
 * table replaces them in the settings. A number that is not listed is OTHER.
 */
export const defaultErrors: Record<string, ErrorMeaning> = {
  '101': { refusal: 'NO_FREE_PORT', feasibility: 'no-free-port' },
  '102': { refusal: 'CENTRE_NOT_COVERED', feasibility: 'centre-not-covered' },
  '103': { refusal: 'OTHER_PROVIDER', feasibility: 'line-has-other-provider' },
  '104': { refusal: 'LINE_NOT_SUITABLE', feasibility: 'pcm-or-fibre-line' },
  '105': { refusal: 'LINE_NOT_SUITABLE', feasibility: 'distance' },
  '106': { refusal: 'OTHER', feasibility: 'debt' },
  '107': { refusal: 'UNKNOWN_PHONE', feasibility: 'unknown-phone' },
  '108': { refusal: 'OWNER_MISMATCH', feasibility: 'line-owner-mismatch' },
  '201': { refusal: 'DUPLICATE' },
  '202': { refusal: 'NOT_FOUND' },
  '203': { refusal: 'WRONG_STATE' },
  '401': { refusal: 'AUTH' },
  '422': { refusal: 'VALIDATION' },
}

/** The dialect tells a state only as a phrase; the phrases are settings too, these are the simulator's. */
export const defaultStates: Record<string, PortState> = {
  'رزرو شده': 'reserved',
  'در انتظار رانژه': 'awaiting-ranging',
  'رانژه شده': 'ranged',
  'برگشت از مخابرات': 'returned',
  فعال: 'active',
  خراب: 'faulty',
  'در انتظار جمع‌آوری': 'awaiting-collection',
  'جمع‌آوری شده': 'collected',
  'لغو شده': 'cancelled',
  'منقضی شده': 'expired',
}

/** How far an installation or a collection is, from the state of its port. */
export const installStateOf: Record<PortState, InstallState> = {
  free: 'evacuated',
  reserved: 'requested',
  'awaiting-ranging': 'awaiting-ranging',
  ranged: 'ranged',
  returned: 'returned',
  active: 'active',
  faulty: 'active',
  'awaiting-collection': 'awaiting-collection',
  collected: 'evacuated',
  cancelled: 'cancelled',
  expired: 'cancelled',
}

/** The vendor's location ids and the codes of our own centres; the simulator's, to be replaced by the customer's. */
export const defaultCentres: Record<string, string> = {
  '1': 'tehran-vanak',
  '2': 'tehran-resalat',
  '3': 'esfahan-markazi',
  '4': 'shiraz-zand',
}
