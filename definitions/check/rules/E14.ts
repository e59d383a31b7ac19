import { permissionFindings } from '../permissions.ts'
import type { Rule } from '../rule.ts'

const cancel = (more: object) => ({ CANCEL: [{ target: '#cancelled', ...more }] })

export const E14: Rule = {
  id: 'E14',
  title: { fa: 'مجوز گذار', en: 'permission of a transition' },
  about: {
    en: 'Every candidate of a user event says who may do it (`allow`), with roles of the catalogue; a candidate of an external or internal event asks nobody.',
    fa: 'هر نامزد رویداد کاربر باید بگوید چه کسی مجاز است (allow) و نقش‌ها در فهرست باشند؛ رویداد بیرونی و درونی از کسی اجازه نمی‌خواهد.',
  },
  fails: { change: { states: { waiting: { on: cancel({}) } } } },
  passes: { change: { states: { waiting: { on: cancel({ allow: [{ role: 'sales-lead', scope: 'any' }] }) } } } },
  document: permissionFindings,
}
