import { demoPassword } from '../../dev/seed/company.ts'
import { type People, signInAll, tellAdslStory } from '../../dev/story.ts'
import { faultsOf, outcomeOf, type Told } from './audit.ts'
import type { FaultWorld } from './fault-world.ts'
import { patientClient } from './people.ts'

const patienceMs = 240_000

/** Tells ADSL stories in a world where things die, each on a line of its own, and looks at what became of them. */
export async function createTelling(world: FaultWorld) {
  const { ask, acknowledged } = patientClient(patienceMs)
  const people: People = await signInAll(world.address, ask)
  let lines = 0

  const freshLine = () => {
    lines += 1
    return `0218801${String(lines).padStart(3, '0')}0`
  }

  async function tell(): Promise<Told> {
    const phone = freshLine()
    const ids = await tellAdslStory(world.address, () => undefined, { ask, phone, people, patienceMs })
    return { ...ids, phone, acknowledged: acknowledged.filter(({ orderId }) => Object.values(ids).includes(orderId)) }
  }

  await tell() // the customer's documents are on file from now on
  const undisturbed = await outcomeOf(world, await tell())

  return {
    people,
    freshLine,
    /** For what is asked once, and told as it is answered. */
    async tokenOf(username: string): Promise<string> {
      const body = { username, password: demoPassword }
      return (await ask<{ token: string }>(world.address, 'POST', '/v1/session', body)).token
    },
    tell,
    /** What is wrong with a story: nothing, when it ended as an undisturbed one does. */
    async faultsOf(told: Told): Promise<string[]> {
      const outcome = await outcomeOf(world, told)
      const differs = Object.entries(undisturbed).flatMap(([name, expected]) => {
        const found = outcome[name as keyof typeof outcome]
        return JSON.stringify(found) === JSON.stringify(expected)
          ? []
          : [`${name} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`]
      })
      return [...differs, ...(await faultsOf(world, told))]
    },
  }
}
