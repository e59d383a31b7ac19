import { knownCalls } from '../calls.ts'
import { error } from '../finding.ts'
import type { Rule } from '../rule.ts'

const pay = (more: object) => ({
  states: {
    held: {
      invoke: [
        {
          id: 'pay',
          activity: 'billing.refund',
          compensate: 'none',
          input: { customerId: { $ctx: '$.customerId' }, amountRial: 1, paymentRef: null },
          onDone: [{ target: '#noPort' }],
          onError: [{ target: '#noPort' }],
          ...more,
        },
      ],
    },
  },
})

export const E30: Rule = {
  id: 'E30',
  title: { fa: 'پول در جریان', en: 'money may be interrupted' },
  about: {
    en: 'While a call that moves money is under way its state must not be left: `onExit: "wait"` keeps people and timers waiting until the bank has answered.',
    fa: 'تا فراخوانی‌ای که پول جابه‌جا می‌کند در جریان است وضعیت آن نباید ترک شود: onExit: "wait" مردم و زمان‌سنج‌ها را تا پاسخ بانک منتظر نگه می‌دارد.',
  },
  fails: { change: pay({}) },
  passes: { change: pay({ onExit: 'wait' }) },
  document: (subject) =>
    knownCalls(subject)
      .filter(({ call, entry }) => entry.money === true && call.onExit !== 'wait')
      .map(({ path, call }) =>
        error('E30', path, {
          en: `${call.activity} moves money: onExit must be "wait"`,
          fa: `${call.activity} پول جابه‌جا می‌کند: onExit باید wait باشد`,
        }),
      ),
}
