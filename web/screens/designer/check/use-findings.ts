import { useEffect, useState } from 'react'
import type { CheckCatalogues, Finding } from '../../../../definitions/check/finding.ts'
import type { Definition } from '../../../../definitions/format.ts'
import type { Checker } from './checker.ts'

const restMs = 200

/** What is wrong with a definition, a moment after each change. `checked` is the definition that the findings are about. */
export function useFindings(checker: Checker | null, definition: Definition, catalogues: CheckCatalogues) {
  const [told, setTold] = useState<{ findings: Finding[]; checked: Definition | null; broken: boolean }>({
    findings: [],
    checked: null,
    broken: false,
  })
  useEffect(() => {
    if (checker === null) return undefined
    let isLate = false
    const timer = setTimeout(() => {
      checker.check(JSON.stringify(definition), catalogues).then(
        (findings) => {
          if (!isLate) setTold({ findings, checked: definition, broken: false })
        },
        () => {
          if (!isLate) setTold({ findings: [], checked: definition, broken: true })
        },
      )
    }, restMs)
    return () => {
      isLate = true
      clearTimeout(timer)
    }
  }, [checker, definition, catalogues])
  return { ...told, checking: told.checked !== definition }
}
