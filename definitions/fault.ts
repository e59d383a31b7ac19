/** A macrostep that cannot be finished: it is rolled back whole and becomes an incident (or, for a person's event, a refusal). */
export class EngineFault extends Error {
  override readonly name = 'EngineFault'
  readonly type: 'BadExpression' | 'GuardError' | 'Loop' | 'TooLarge' | 'BadContext' | 'BadTimer'

  constructor(type: EngineFault['type'], message: string) {
    super(message)
    this.type = type
  }
}
