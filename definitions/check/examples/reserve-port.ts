/** The call by which examples of rules reserve a port; each rule adds the answer that it is about. */
export const reservePort = {
  id: 'reservePort',
  activity: 'oss.reservePort',
  input: { centreId: { $ctx: '$.centreId' }, phone: { $ctx: '$.phone' }, technology: null },
}

/** A port is reserved, and five days later the order is given up by these actions: was the port given back, and once? */
export const reserveThenGiveUp = (actions: object[]) => ({
  states: {
    reserving: {
      invoke: [
        {
          ...reservePort,
          compensate: { activity: 'oss.releasePort', input: { portId: { $output: '$.portId' } } },
          onDone: [{ target: '#ranging', actions: [{ type: 'assign', set: { portId: { $output: '$.portId' } } }] }],
          onError: [{ target: '#held' }],
        },
      ],
    },
    ranging: {
      label: { fa: 'رانژه', en: 'Ranging' },
      after: [
        { id: 'giveUp', delay: 'P5D', then: [{ target: '#noPort', actions: JSON.parse(JSON.stringify(actions)) }] },
      ],
      on: { PAY: [{ target: '#done' }] },
    },
  },
})
