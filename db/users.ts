import { and, asc, eq, gt, ilike, or, sql } from 'drizzle-orm'
import type { Queryable, Tx } from './client.ts'
import { type Reach, roleAssignments, users } from './schema/users.ts'
import type { ActorScope } from './scope.ts'

/** A user without his password. */
export type User = Omit<typeof users.$inferSelect, 'passwordHash'>

/** A person who signed in, with all that decides about what he may see and do. */
export interface Person extends ActorScope {
  id: string
  username: string
  name: string
  locale: 'fa' | 'en'
  partnerId: string | null
}

const shown = {
  id: users.id,
  username: users.username,
  name: users.name,
  locale: users.locale,
  partnerId: users.partnerId,
  customerId: users.customerId,
  mobile: users.mobile,
  active: users.active,
  createdAt: users.createdAt,
}

/** What a log-in is checked against; null for an unknown name. Needs the owner's right: no role of the API reads passwords. */
export async function credentialsOf(
  db: Queryable,
  username: string,
): Promise<{ id: string; passwordHash: string; active: boolean } | null> {
  const [row] = await db
    .select({ id: users.id, passwordHash: users.passwordHash, active: users.active })
    .from(users)
    .where(eq(users.username, username))
  return row ?? null
}

/** One user; null when there is none, or none in reach. */
export async function userById(db: Queryable, id: string): Promise<User | null> {
  const [row] = await db.select(shown).from(users).where(eq(users.id, id))
  return row ?? null
}

/** Users in reach by name, at most `limit`; `after` is the username that the page before ended with. */
export async function listUsers(
  db: Queryable,
  query: { search?: string | undefined; after?: string | undefined; limit: number },
): Promise<User[]> {
  const like = query.search === undefined ? undefined : `%${query.search.replace(/[\\%_]/g, '\\$&')}%`
  return db
    .select(shown)
    .from(users)
    .where(
      and(
        like === undefined ? undefined : or(ilike(users.username, like), ilike(users.name, like)),
        query.after === undefined ? undefined : gt(users.username, query.after),
      ),
    )
    .orderBy(asc(users.username))
    .limit(query.limit)
}

/** Adds a user. The same id again changes nothing and answers false, so a repeated request is harmless. */
export async function createUser(tx: Tx, user: typeof users.$inferInsert): Promise<boolean> {
  const added = await tx
    .insert(users)
    .values(user)
    .onConflictDoNothing({ target: users.id })
    .returning({ id: users.id })
  return added.length > 0
}

/** Changes what is given of a user; false when there is none. */
export async function changeUser(
  tx: Tx,
  id: string,
  change: { name?: string; locale?: 'fa' | 'en'; active?: boolean; passwordHash?: string; mobile?: string | null },
): Promise<boolean> {
  const changed = await tx.update(users).set(change).where(eq(users.id, id)).returning({ id: users.id })
  return changed.length > 0
}

/** An assignment as an administrator sees it. */
export interface AssignmentRow {
  id: number
  role: string
  reach: Reach
  partnerId: string | null
  centreId: string | null
  cityId: string | null
}

/** The roles of a user, oldest first. */
export async function assignmentRows(db: Queryable, userId: string): Promise<AssignmentRow[]> {
  return db
    .select({
      id: roleAssignments.id,
      role: roleAssignments.role,
      reach: roleAssignments.reach,
      partnerId: roleAssignments.partnerId,
      centreId: roleAssignments.centreId,
      cityId: roleAssignments.cityId,
    })
    .from(roleAssignments)
    .where(eq(roleAssignments.userId, userId))
    .orderBy(asc(roleAssignments.id))
    .limit(200)
}

/** Gives a role; the same again changes nothing and answers false. */
export async function assignRole(tx: Tx, assignment: Omit<AssignmentRow, 'id'> & { userId: string }): Promise<boolean> {
  const added = await tx
    .insert(roleAssignments)
    .values(assignment)
    .onConflictDoNothing()
    .returning({ id: roleAssignments.id })
  return added.length > 0
}

/** Takes a role away; null when the user has no such assignment. */
export async function withdrawRole(tx: Tx, userId: string, id: number): Promise<AssignmentRow | null> {
  const [gone] = await tx
    .delete(roleAssignments)
    .where(and(eq(roleAssignments.userId, userId), eq(roleAssignments.id, id)))
    .returning()
  return gone ?? null
}

/** How many active users hold a role everywhere: the last administrator must not be lost. */
export async function holdersOf(tx: Tx, role: string): Promise<number> {
  const [row] = await tx
    .select({ n: sql<number>`count(distinct ${users.id})::int` })
    .from(roleAssignments)
    .innerJoin(users, eq(users.id, roleAssignments.userId))
    .where(and(eq(roleAssignments.role, role), eq(roleAssignments.reach, 'all'), eq(users.active, true)))
  return row?.n ?? 0
}
