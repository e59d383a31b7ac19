/** What may cross a Temporal, HTTP or jsonb boundary: nothing else survives serialisation unchanged. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }
