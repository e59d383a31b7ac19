import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ConfigError, devEnvironment, loadConfig, loadDevSettings, serverEnvironment } from './config.ts'

const sound = {
  DATABASE_URL: 'postgres://samfony:secret@db:5432/samfony',
  TEMPORAL_ADDRESS: 'temporal:7233',
  PUBLIC_URL: 'https://bss.example.ir',
  SESSION_SECRET: 's'.repeat(32),
  AAA: JSON.stringify({ adapter: 'ibsng-jsonrpc', url: 'http://aaa:1237', admin: 'bss', password: 'x' }),
  OSS: JSON.stringify({ adapter: 'bitstream-jsonrpc', url: 'https://oss', auth: 'x', vspId: 7 }),
  PAYMENTS: JSON.stringify([{ gateway: 'zarinpal', merchantId: 'm'.repeat(36) }]),
  SMS: JSON.stringify({ adapter: 'sms-kavenegar', apiKey: 'x' }),
  EMAIL: JSON.stringify({ adapter: 'email-smtp', host: 'mail', port: 25, from: { address: 'a@example.ir' } }),
}

function faultsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(env)
  } catch (fault) {
    if (fault instanceof ConfigError) return fault.faults
    throw fault
  }
  return []
}

describe('the environment', () => {
  test('a sound one becomes typed settings that nobody can change', () => {
    const config = loadConfig({ ...sound, API_PORT: '9000' })

    expect(config.api).toEqual({ host: '127.0.0.1', port: 9000, publicUrl: 'https://bss.example.ir', proxies: 0 })
    expect(config.temporal.tls).toBeUndefined()
    expect(Object.isFrozen(config.payments[0])).toBe(true)
  })

  test('all faults of a wrong one are told at once, and no secret is among them', () => {
    const faults = faultsOf({
      ...sound,
      DATABASE_URL: undefined,
      API_PORT: '70000',
      SESSION_SECRET: 'tooshort',
      OSS: '{"adapter":',
      PAYMENTS: JSON.stringify([{ gateway: 'mellat', password: 'hush' }, { gateway: 'nobody' }]),
    })

    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'API_PORT:',
      'SESSION_SECRET:',
      'OSS:',
      'PAYMENTS.0.terminalId:',
      'PAYMENTS.0.userName:',
      'PAYMENTS.1.gateway:',
    ])
    expect(faults.join()).not.toMatch(/tooshort|hush/)
  })

  test('an SMS panel is not taken for a mail relay', () => {
    expect(faultsOf({ ...sound, EMAIL: sound.SMS })).toEqual(['EMAIL.adapter: must be one of email-smtp'])
  })

  test('a variable may come from a file, and a file that is not there is a fault of its own', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'secret')
    writeFileSync(file, `${'f'.repeat(40)}\n`)

    const env = { ...sound, SESSION_SECRET: undefined }
    expect(loadConfig({ ...env, SESSION_SECRET_FILE: file }).sessionSecret).toBe('f'.repeat(40))
    const faults = faultsOf({ ...env, SESSION_SECRET_FILE: `${file}.gone` })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(/^SESSION_SECRET_FILE cannot be read/)
  })

  test('every variable says what it is for', () => {
    const fields = Object.entries({ ...serverEnvironment.shape, ...devEnvironment.shape })
    expect(fields.filter(([, field]) => !field.description).map(([name]) => name)).toEqual([])
  })

  test('an empty development environment is enough', () => {
    expect(loadDevSettings({})).toMatchObject({ SAMFONY_HOME: '.samfony' })
  })
})
