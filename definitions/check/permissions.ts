import { error, type Finding, type Subject } from './finding.ts'
import { at } from './place.ts'
import { transitionsOf } from './walk.ts'

/** E14: whoever may do a user event is said at every candidate, with roles that exist; nobody is asked for an external one. E15: no self-approval. */
export function permissionFindings({ definition, catalogues }: Subject): Finding[] {
  return transitionsOf(definition).flatMap(({ path, trigger, transition: { allow, tags } }) => {
    const event = trigger.startsWith('on:') ? definition.events[trigger.slice(3)] : undefined
    if (event?.kind !== 'user')
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
    const findings = allow.flatMap(({ role }, i) =>
      Object.hasOwn(catalogues.roles, role)
        ? []
        : [
            error('E14', at(path, 'allow', i, 'role'), {
              en: `there is no role "${role}"`,
              fa: `نقش «${role}» وجود ندارد`,
            }),
          ],
    )
    const delicate = event.sensitive === true || (tags ?? []).some((tag) => tag.startsWith('money-'))
    if (delicate && allow.some(({ notActorOf }) => notActorOf === undefined))
      findings.push(
        error('E15', at(path, 'allow'), {
          en: 'what moves money or is sensitive needs notActorOf: nobody approves his own doing',
          fa: 'گذار مالی یا حساس باید notActorOf داشته باشد تا کسی کار خود را تایید نکند',
        }),
      )
    return findings
  })
}
