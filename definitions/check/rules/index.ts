import type { Rule } from '../rule.ts'
import { E00 } from './E00.ts'
import { E01 } from './E01.ts'
import { E02 } from './E02.ts'
import { E03 } from './E03.ts'
import { E04 } from './E04.ts'
import { E05 } from './E05.ts'
import { E06 } from './E06.ts'
import { E07 } from './E07.ts'
import { E08 } from './E08.ts'
import { E09 } from './E09.ts'
import { E10 } from './E10.ts'
import { E11 } from './E11.ts'
import { E12 } from './E12.ts'
import { E13 } from './E13.ts'
import { E14 } from './E14.ts'
import { E15 } from './E15.ts'
import { E16 } from './E16.ts'
import { E17 } from './E17.ts'
import { E18 } from './E18.ts'
import { E19 } from './E19.ts'
import { E20 } from './E20.ts'
import { E21 } from './E21.ts'
import { E22 } from './E22.ts'
import { E23 } from './E23.ts'
import { E24 } from './E24.ts'
import { E25 } from './E25.ts'
import { E26 } from './E26.ts'
import { E27 } from './E27.ts'
import { E28 } from './E28.ts'
import { E29 } from './E29.ts'
import { E30 } from './E30.ts'
import { E31 } from './E31.ts'
import { E32 } from './E32.ts'
import { E33 } from './E33.ts'
import { E34 } from './E34.ts'
import { E35 } from './E35.ts'
import { E36 } from './E36.ts'
import { I01 } from './I01.ts'
import { I02 } from './I02.ts'
import { I03 } from './I03.ts'
import { W01 } from './W01.ts'
import { W02 } from './W02.ts'
import { W03 } from './W03.ts'
import { W04 } from './W04.ts'
import { W05 } from './W05.ts'
import { W06 } from './W06.ts'
import { W07 } from './W07.ts'
import { W08 } from './W08.ts'
import { W09 } from './W09.ts'
import { W10 } from './W10.ts'
import { W11 } from './W11.ts'
import { W12 } from './W12.ts'
import { W13 } from './W13.ts'
import { W14 } from './W14.ts'
import { W15 } from './W15.ts'

/** Every rule, in the order in which findings are told. A new rule is a file beside this one and a line here. */
export const rules: readonly Rule[] = [
  E00,
  E01,
  E02,
  E03,
  E04,
  E05,
  E06,
  E07,
  E08,
  E09,
  E10,
  E11,
  E12,
  E13,
  E14,
  E15,
  E16,
  E17,
  E18,
  E19,
  E20,
  E21,
  E22,
  E23,
  E24,
  E25,
  E26,
  E27,
  E28,
  E29,
  E30,
  E31,
  E32,
  E33,
  E34,
  E35,
  E36,
  W01,
  W02,
  W03,
  W04,
  W05,
  W06,
  W07,
  W08,
  W09,
  W10,
  W11,
  W12,
  W13,
  W14,
  W15,
  I01,
  I02,
  I03,
]
