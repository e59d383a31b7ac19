import type { Json, JsonObject } from '../../domain/json.ts'

/** A document changed by a JSON Merge Patch (RFC 7386): objects are laid over each other, null takes a key away, the rest is replaced. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const base: JsonObject = target !== null && typeof target === 'object' && !Array.isArray(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete base[key]
    else base[key] = mergePatch(base[key], value)
  }
  return base
}
