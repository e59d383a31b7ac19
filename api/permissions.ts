import { roles } from '../definitions/catalogue/roles.ts'

const everybody = Object.keys(roles)
const partners = everybody.filter((role) => role !== 'customer')
const staff = partners.filter((role) => role !== 'reseller')

const leads = ['admin', 'manager', 'noc-lead', 'sales-lead', 'support-lead', 'field-lead', 'accountant-lead']
const desk = ['admin', 'manager', 'operator', 'sales', 'sales-lead', 'support', 'support-lead']
const money = [...desk, 'accountant', 'accountant-lead', 'auditor', 'reseller', 'customer']
const repairers = ['admin', 'manager', 'operator', 'noc', 'noc-lead', 'support', 'support-lead', 'accountant-lead']

/**
 * Which roles may call a route at all; row-level security then decides about each row, and the definition about each
 * transition. `self` is open to whoever signed in, even without a role.
 */
export const permissions = {
  self: everybody,
  'audit.read': ['admin', 'auditor'],
  'catalogue.read': everybody,
  'catalogue.write': ['admin'],
  'customers.read': everybody,
  'customers.write': [...desk, 'reseller'],
  'definitions.migrate': ['admin', 'designer'],
  'definitions.pin': ['admin', 'designer'],
  'definitions.publish': ['admin', 'designer'],
  'definitions.read': everybody,
  'definitions.review': ['admin', 'designer', 'manager'],
  'definitions.rollout': ['admin', 'designer'],
  'definitions.write': ['admin', 'designer'],
  'documents.read': everybody,
  'documents.write': everybody,
  'exports.read': [...money, 'noc-lead', 'field-lead'].filter((role) => role !== 'customer'),
  'filters.write': partners,
  'incidents.approve': leads,
  'incidents.propose': repairers,
  'incidents.read': staff,
  'incidents.repair': repairers,
  'invoices.read': money,
  'ledger.chart': ['admin', 'accountant-lead'],
  'ledger.post': ['accountant-lead'],
  'ledger.prove': ['admin', 'accountant-lead', 'auditor'],
  'ledger.rates': ['admin', 'accountant', 'accountant-lead'],
  'ledger.read': ['admin', 'manager', 'accountant', 'accountant-lead', 'auditor'],
  'map.read': everybody,
  'messages.read': partners,
  'metrics.read': ['admin'],
  'notes.write': staff,
  'orders.act': everybody,
  'orders.create': [...desk, 'employee', 'reseller', 'customer'],
  'orders.read': everybody,
  'partners.read': partners,
  'partners.write': ['admin'],
  'payments.create': [...desk, 'accountant', 'accountant-lead', 'reseller', 'customer'],
  'payments.read': money,
  'statistics.read': partners,
  'quotes.make': [...desk, 'accountant', 'accountant-lead', 'reseller', 'customer'],
  'rules.dimensions': ['admin', 'designer'],
  'rules.explain': [...desk, 'accountant', 'accountant-lead', 'auditor', 'reseller'],
  'rules.limits': ['admin', 'sales-lead'],
  'rules.read': partners,
  'rules.whatIf': ['admin', 'manager', 'sales-lead', 'accountant-lead'],
  'rules.write': ['admin', 'sales-lead', 'reseller'],
  'subscriptions.read': [...money, 'noc', 'noc-lead', 'technician', 'field-lead'],
  'templates.read': staff,
  'templates.write': ['admin', 'designer'],
  'work.read': partners,
  'users.read': ['admin', 'manager', 'hr'],
  'users.write': ['admin'],
  'wallets.hold': ['admin', 'accountant', 'accountant-lead'],
  'wallets.limit': ['admin', 'accountant-lead'],
  'wallets.read': money,
} satisfies Record<string, readonly string[]>

export type Permission = keyof typeof permissions

/** Whether one of the roles held opens a route. Roles that only definitions know open `self` and nothing else. */
export function mayCall(permission: Permission, held: readonly string[]): boolean {
  return permission === 'self' || permissions[permission].some((role) => held.includes(role))
}
