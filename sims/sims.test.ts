import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { simCredentials, startSims } from './index.ts'

const post = async (url: string, body: object): Promise<unknown> =>
  (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()
const ibsng = (url: string, method: string, params: object) =>
  post(url, {
    method,
    params: {
      auth_type: 'ADMIN',
      auth_name: simCredentials.aaa.admin,
      auth_pass: simCredentials.aaa.password,
      ...params,
    },
  })
const oss = (url: string, method: string, params: object) =>
  post(url, { method, params: [{ auth: simCredentials.oss.auth, vspid: 7, ...params }], id: 1 })

test('a second start goes on where the first stopped, its clock included', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sims-'))
  const stateFile = join(folder, 'sims.json')
  const first = await startSims({ stateFile, now: () => 1_800_000_000_000 })
  await ibsng(first.aaa.url, 'user.addNewUsers', { count: 1, isp_name: 'Main', group_name: 'g' })
  await oss(first.oss.url, 'createSubscriber', { subscriberid: '1-2', uid: '1', tel: '2' })
  await post(`${first.oss.url}/_sim/clock`, { advanceMs: 60_000 })
  await first.close()

  const second = await startSims({ stateFile, now: () => 1_800_000_000_000 })
  expect(Object.keys(second.aaa.state.users)).toEqual(['1001'])
  expect(second.oss.state.subscribers).toHaveProperty(['1-2'])
  expect(second.clock.nowMs()).toBe(1_800_000_060_000)
  await second.close()
  rmSync(folder, { recursive: true })
})

test('the same seed gives the same tokens, another seed others', async () => {
  const tokenOf = async (seed: number) => {
    const sims = await startSims({ seed })
    const wish = {
      merchant_id: simCredentials.zarinpal.merchantId,
      amount: 10_000,
      currency: 'IRR',
      callback_url: 'https://x.example',
      description: 'x',
    }
    const answer = await post(`${sims.ipg.url}/pg/v4/payment/request.json`, wish)
    await sims.close()
    return (answer as { data: { authority: string } }).data.authority
  }

  expect(await tokenOf(1)).toBe(await tokenOf(1))
  expect(await tokenOf(1)).not.toBe(await tokenOf(2))
})

test('faults are scripted over HTTP, for a method and a number of calls, and then used up', async () => {
  const sims = await startSims()
  await post(`${sims.aaa.url}/_sim/faults`, { kind: 'refuse', method: 'util.version', count: 2, code: 'ADMIN_LOCKED' })
  const refused = { result: null, error: 'ADMIN_LOCKED|by script', id: null }

  expect(await ibsng(sims.aaa.url, 'user.searchUser', { conds: {}, from: 0, to: 1 })).toMatchObject({ error: null })
  expect(await ibsng(sims.aaa.url, 'util.version', {})).toEqual(refused)
  expect(await ibsng(sims.aaa.url, 'util.version', {})).toEqual(refused)
  expect(await ibsng(sims.aaa.url, 'util.version', {})).toMatchObject({ error: null })
  expect(await post(`${sims.aaa.url}/_sim/faults`, { kind: 'nonsense' })).toMatchObject({
    error: expect.stringContaining('nonsense'),
  })
  await sims.close()
})

test('the OSS never gives one port to two lines, and tells a duplicate subscriber by an error', async () => {
  const sims = await startSims({ portsPerCentre: 2 })
  const reserve = async (phone: string) => {
    const { result } = (await oss(sims.oss.url, 'createSubscriber', {
      subscriberid: `1-${phone}`,
      uid: '1',
      tel: phone,
    })) as { result: { data: { subid: string } } }
    const wish = {
      vspid: 1,
      subid: result.data.subid,
      phone,
      loid: 1,
      ownertype: 1,
      owneruid: '1',
      restime: 48,
      interfacetype: 'adsl',
    }
    return (await oss(sims.oss.url, 'reserveResource', wish)) as {
      result: { errcode: number; data: { bukht: string } | null }
    }
  }

  const answers = [await reserve('02188000010'), await reserve('02188000011'), await reserve('02188000012')]

  expect(answers.map(({ result }) => result.errcode)).toEqual([0, 0, 101])
  expect(answers[0]?.result.data?.bukht).not.toBe(answers[1]?.result.data?.bukht)
  expect(sims.oss.ports('tehran-vanak')).toEqual({ reserved: 2 })
  expect(sims.oss.ports('shiraz-zand')).toEqual({ other: 2 })
  expect(await oss(sims.oss.url, 'createSubscriber', { subscriberid: '1-02188000010', uid: '1' })).toMatchObject({
    result: { errcode: 201 },
  })
  await sims.close()
})
