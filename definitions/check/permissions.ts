import type { Definition, EventDeclaration } from '../format.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { at } from './place.ts'
import { type PlacedTransition, transitionsOf } from './walk.ts'

/** Whoever may do a user event is said at every candidate, with roles that exist; nobody is asked for another one. */
export function permissionFindings({ definition, catalogues }: Subject): Finding[] {
  return transitionsOf(definition).flatMap((placed) => {
    const { path, trigger, transition } = placed
    const { allow } = transition
    if (userEventOf(definition, placed) === undefined)
      return allow === undefined
        ? []
        : [
            error('E14', at(path, 'allow'), {
              en: 'only a user event asks for permission',
              fa: 'مجوز تنها برای رویداد کاربر معنا دارد',
            }),
          ]
    if (allow === undefined)
      return [
        error('E14', path, {
          en: `nobody is allowed ${trigger.slice(3)} here`,
          fa: `برای ${trigger.slice(3)} مجوزی داده نشده است`,
        }),
      ]
    return allow.flatMap(({ role }, i) =>
      Object.hasOwn(catalogues.roles, role)
        ? []
        : [
            error('E14', at(path, 'allow', i, 'role'), {
              en: `there is no role "${role}"`,
              fa: `نقش «${role}» وجود ندارد`,
            }),
          ],
    )
  })
}

/** Nobody approves his own doing where money moves or an event is sensitive. */
export function selfApprovalFindings({ definition }: Subject): Finding[] {
  return transitionsOf(definition).flatMap((placed) => {
    const { path, transition } = placed
    const event = userEventOf(definition, placed)
    const delicate = event?.sensitive === true || (transition.tags ?? []).some((tag) => tag.startsWith('money-'))
    if (
      event === undefined ||
      !delicate ||
      transition.allow?.every(({ notActorOf }) => notActorOf !== undefined) !== false
    )
      return []
    return [
      error('E15', at(path, 'allow'), {
        en: 'what moves money or is sensitive needs notActorOf: nobody approves his own doing',
        fa: 'گذار مالی یا حساس باید notActorOf داشته باشد تا کسی کار خود را تایید نکند',
      }),
    ]
  })
}

/** The event of a transition that a person causes; undefined of any other. */
export function userEventOf(definition: Definition, { trigger }: PlacedTransition): EventDeclaration | undefined {
  const event = trigger.startsWith('on:') ? definition.events[trigger.slice(3)] : undefined
  return event?.kind === 'user' ? event : undefined
}
