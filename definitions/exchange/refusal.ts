import { DomainError, type Text } from '../../domain/errors.ts'

/** A foreign document that says more than this format can take over: code `NotImportable`, with the place and the reason. */
export const notImportable = (place: string, text: Text) => new DomainError('NotImportable', text, place)

/** Something of another format that has no counterpart here. */
export const noCounterpart = (place: string, what: string) =>
  notImportable(place, {
    en: `${what} has no counterpart in samfony.process/1`,
    fa: `${what} در samfony.process/1 همتایی ندارد`,
  })
