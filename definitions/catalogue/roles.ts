import type { Text } from '../../domain/errors.ts'

/** The roles that a definition may name. A person holds a role within scopes (own, subtree, centre, city, any). */
export const roles: Record<string, Text> = {
  accountant: { fa: 'حسابدار', en: 'Accountant' },
  'accountant-lead': { fa: 'سرپرست مالی', en: 'Accounting lead' },
  admin: { fa: 'راهبر سامانه', en: 'Administrator' },
  auditor: { fa: 'حسابرس', en: 'Auditor' },
  customer: { fa: 'مشترک', en: 'Customer' },
  designer: { fa: 'طراح فرایند', en: 'Process designer' },
  employee: { fa: 'کارمند', en: 'Employee' },
  'field-lead': { fa: 'سرپرست نصب', en: 'Field lead' },
  hr: { fa: 'منابع انسانی', en: 'Human resources' },
  manager: { fa: 'مدیر', en: 'Manager' },
  noc: { fa: 'کارشناس شبکه', en: 'Network operations' },
  'noc-lead': { fa: 'سرپرست شبکه', en: 'Network lead' },
  operator: { fa: 'راهبر فرایند', en: 'Process operator' },
  reseller: { fa: 'نماینده', en: 'Reseller' },
  sales: { fa: 'فروش', en: 'Sales' },
  'sales-lead': { fa: 'سرپرست فروش', en: 'Sales lead' },
  support: { fa: 'پشتیبانی', en: 'Support' },
  'support-lead': { fa: 'سرپرست پشتیبانی', en: 'Support lead' },
  technician: { fa: 'تکنسین', en: 'Technician' },
}
