import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Definition } from '../format.ts'
import schema from '../process-v1.schema.json' with { type: 'json' }

/**
 * Whether a document has the form of process-v1.schema.json; `validate.errors` tells what is wrong. Compiled when this file is
 * loaded. The browser allows no such thing: its build puts code in the place of this file that was made beforehand
 * (dev/precompiled-validator.ts).
 */
export const validate = new Ajv2020({ allErrors: true, strict: false }).compile<Definition>(schema)
