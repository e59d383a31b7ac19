import { selfApprovalFindings } from '../permissions.ts'
import type { Rule } from '../rule.ts'

const allowed = (allow: object) => ({
  events: { CANCEL: { sensitive: true } },
  states: { waiting: { on: { CANCEL: [{ target: '#cancelled', allow: [allow as Record<string, string>] }] } } },
})

export const E15: Rule = {
  id: 'E15',
  title: { fa: 'تایید کار خود', en: 'self-approval' },
  about: {
    en: 'A transition tagged `money-…`, or of a `sensitive` event, must name the event whose doer may not do this one (`notActorOf`): four eyes.',
    fa: 'گذاری با نشان money-… یا رویداد sensitive باید بگوید انجام‌دهنده کدام رویداد نمی‌تواند این را انجام دهد (notActorOf): اصل چهار چشم.',
  },
  fails: { change: allowed({ role: 'sales' }) },
  passes: { change: allowed({ role: 'sales', notActorOf: 'CANCEL' }) },
  document: selfApprovalFindings,
}
