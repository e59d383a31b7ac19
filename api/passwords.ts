import { hash, verify } from '@node-rs/argon2'
import { DomainError } from '../domain/errors.ts'

/** Argon2id of a password (19 MiB, 2 passes: OWASP's minimum). Ends in DomainError `WeakPassword`. */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < 8 || new Set(password).size < 4)
    throw new DomainError(
      'WeakPassword',
      {
        fa: 'گذرواژه باید دست‌کم ۸ نویسه داشته باشد و تکراری نباشد',
        en: 'a password has at least 8 characters, not all alike',
      },
      '$.body.password',
    )
  return hash(password, cost)
}

/** Whether the password is right. An unknown user costs the same time as a known one. */
export async function checkPassword(stored: string | undefined, password: string): Promise<boolean> {
  const right = await verify(stored ?? (await dummyHash), password).catch(() => false)
  return stored !== undefined && right
}

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Of a password that nobody has. */
const dummyHash = hash('nobody has this password', cost)
