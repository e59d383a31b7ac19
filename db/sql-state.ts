/** The SQLSTATE of a failed query, from the driver's error or the one that wraps it; undefined for any other error. */
export function sqlStateOf(fault: unknown): string | undefined {
  for (let error = fault; error instanceof Error; error = error.cause) {
    const { code } = error as { code?: unknown }
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code
  }
  return undefined
}

/** The name of the constraint that a failed query broke; undefined for any other error. */
export function constraintOf(fault: unknown): string | undefined {
  for (let error = fault; error instanceof Error; error = error.cause) {
    const { constraint_name: name } = error as { constraint_name?: unknown }
    if (typeof name === 'string') return name
  }
  return undefined
}
