import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { freePort } from './free-port.ts'
import { choosePorts } from './ports.ts'

const aFile = () => join(mkdtempSync(join(tmpdir(), 'ports-')), 'ports.json')

async function listening(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  return server
}

describe('ports', () => {
  test('a second start has the ports of the first', async () => {
    const file = aFile()
    const first = await choosePorts(file, {})

    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(first)
    expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length)
    expect(await choosePorts(file, {})).toEqual(first)
  })

  test('a port that was moved by its variable stays moved', async () => {
    const file = aFile()
    const moved = await freePort()
    await choosePorts(file, { API_PORT: moved })

    expect((await choosePorts(file, {})).api).toBe(moved)
  })

  test('a taken port is named together with the variable to change', async () => {
    const taken = await freePort()
    const server = await listening(taken)

    await expect(choosePorts(aFile(), { API_PORT: taken })).rejects.toThrow(
      `Port ${taken}, for the API, is taken: set API_PORT to another one.`,
    )
    server.close()
  })
})
