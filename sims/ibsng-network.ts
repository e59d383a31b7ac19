import type { SimClock } from './clock.ts'
import { endSession, epochMs, type IbsngState } from './ibsng-state.ts'

/**
 * What subscribers do, for scripts and tests: `online {username, ip?, mac?, nas?}` logs in (refused like RADIUS would),
 * `usage {username, bytesIn, bytesOut}` moves traffic and takes it from the grants by priority, `offline {username}`
 * ends the session.
 */
export function ibsngCommands(
  state: IbsngState,
  clock: SimClock,
): Record<string, (body: Record<string, unknown>) => unknown> {
  const named = (username: unknown) => {
    const user = Object.values(state.users).find((u) => u.attrs.normal_username === username)
    if (!user) throw new Error('WRONG_USERNAME')
    return user
  }
  const sessionOf = (userId: number) => state.sessions.find((s) => s.userId === userId)

  return {
    online({ username, ip = '10.0.0.10', mac = '00:11:22:33:44:55', nas = '10.255.0.1' }) {
      const user = named(username)
      const { lock, abs_exp_date: expires, exp_date_temp_extend: extended, multi_login: limit = '1' } = user.attrs
      if (lock !== undefined) throw new Error('USER_LOCKED')
      const until = Math.max(
        expires === undefined ? Number.POSITIVE_INFINITY : epochMs(expires),
        extended === undefined ? 0 : epochMs(extended),
      )
      if (until <= clock.nowMs()) throw new Error('ABS_EXP_DATE_REACHED')
      const open = state.sessions.filter((s) => s.userId === user.id).length
      if (open >= Number(limit)) throw new Error('MAX_CONCURRENT')
      const key = `port-${state.nextId++}`
      state.sessions.push({
        userId: user.id,
        nas: String(nas),
        key,
        ip: String(ip),
        mac: String(mac),
        startedMs: clock.nowMs(),
        in: 0,
        out: 0,
      })
      return { sessionId: key }
    },

    usage({ username, bytesIn = 0, bytesOut = 0 }) {
      const user = named(username)
      const session = sessionOf(user.id)
      if (!session) throw new Error('NOT_ONLINE')
      session.in += Number(bytesIn)
      session.out += Number(bytesOut)
      let left = Number(bytesIn) + Number(bytesOut)
      for (const grant of state.balances.filter((b) => b.userId === user.id).sort((a, b) => a.priority - b.priority)) {
        const taken = Math.min(grant.value, left)
        grant.value -= taken
        left -= taken
      }
      return { beyondQuota: left }
    },

    offline({ username }) {
      const user = named(username)
      const session = sessionOf(user.id)
      if (!session) throw new Error('NOT_ONLINE')
      state.sessions.splice(state.sessions.indexOf(session), 1)
      endSession(state, session, clock.nowMs(), 'User Request')
    },
  }
}
