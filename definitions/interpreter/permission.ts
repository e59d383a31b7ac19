import type { Actor } from '../../domain/transition.ts'
import type { GraphTransition } from '../graph.ts'
import type { Instance } from './instance.ts'

/**
 * The role by which an actor may take a transition; undefined when none does. An entry holds if the actor has its role
 * with a scope that covers this order, and did not do the event that `notActorOf` names (four eyes).
 */
export function roleFor(instance: Instance, transition: GraphTransition, actor: Actor): string | undefined {
  return transition.allow?.find(({ role, scope = 'subtree', notActorOf }) => {
    if (!actor.roles.some((held) => held.role === role && (scope === 'any' || held.scopes.includes(scope))))
      return false
    return notActorOf === undefined || instance.actors[notActorOf] !== actor.id
  })?.role
}

/** What would have to hold for an actor to be allowed, in the order of the definition. */
export function allowTexts(transition: GraphTransition): string[] {
  return (transition.allow ?? []).map(({ role, scope = 'subtree', notActorOf }) =>
    notActorOf === undefined ? `${role}@${scope}` : `${role}@${scope}, not the actor of ${notActorOf}`,
  )
}
