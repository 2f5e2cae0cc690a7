import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { totpCodeAt } from '../../src/services/access/totp.ts'
import type { NewLink, TotpSetup } from '../../src/wire/access.ts'
import type { Me } from '../../src/wire/agents.ts'
import { type Answer, type Api, type Client, clientOf, emailOf, passwordOf, problemIn, startApi } from './harness.ts'

let api: Api
let admin: Client
beforeAll(async () => {
  api = await startApi({ ROLE: 'web' })
  admin = await api.person('Ada', { roleId: 'admin', withPassword: true })
})
afterAll(() => api.stop())

const logIn = (name: string, more: object = {}): Promise<Answer<Me>> =>
  api.stranger.post<Me>('/api/v1/session', { email: emailOf(name), password: passwordOf(name), ...more })

/** The person as the browser goes on after a log-in. */
function afterLogIn(answer: Answer<Me>): Client {
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return clientOf(api.hub, { agentId: answer.json.agent.id, cookie, csrfToken: answer.json.csrfToken })
}

const statusesOf = (answers: readonly Answer[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b)

/** Lets the window of the limit per address pass; everybody here comes from one. */
const waitOut = () => api.clock.advance(300_000)

describe('logging in', () => {
  it('answers with who one is, a guarded cookie and the token for writes', async () => {
    await api.person('Bea', { withPassword: true })
    const answer = await api.stranger.post<Me>('/api/v1/session', { email: ' BEA@Desk.Test ', password: passwordOf('Bea') })
    expect(answer.status).toBe(200)
    expect(answer.json.agent.name).toBe('Bea')
    const [cookie] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^onequeue_session=oqs_[\w-]{43};/)
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).not.toMatch(/Secure/)
    expect((await afterLogIn(answer).get<Me>('/api/v1/session')).json.agent.name).toBe('Bea')
  })

  it('keeps only a hash of the cookie and of the password', async () => {
    await api.person('Cai', { withPassword: true })
    const answer = await logIn('Cai')
    const { sessions, agents } = api.hub.ctx.store.t
    const token = answer.headers.getSetCookie()[0]?.match(/=([^;]+)/)?.[1] ?? 'none'
    const rows = JSON.stringify([await api.hub.ctx.store.db.select().from(sessions), await api.hub.ctx.store.db.select().from(agents)])
    expect(rows).not.toContain(token)
    expect(rows).not.toContain(passwordOf('Cai'))
    expect(rows).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(api.logged.join('\n')).not.toContain(token)
  })

  it('gives one answer for an unknown address, a wrong password, no password and a disabled account', async () => {
    const gone = await api.person('Dee', { withPassword: true })
    await api.person('Eli')
    expect((await admin.post(`/api/v1/agents/${gone.agentId}/disable`)).status).toBe(200)
    const wrong = await Promise.all([
      api.stranger.post('/api/v1/session', { email: 'nobody@desk.test', password: 'whatever it is' }),
      api.stranger.post('/api/v1/session', { email: emailOf('Ada'), password: 'not the phrase' }),
      api.stranger.post('/api/v1/session', { email: emailOf('Eli'), password: 'not the phrase' }),
      logIn('Dee'),
    ])
    const told = wrong.map((answer) => ({ ...problemIn(answer), requestId: '' }))
    for (const problem of told) expect(problem).toEqual({ ...told[0], status: 401, code: 'wrong_credentials' })
    expect(wrong.every((answer) => answer.headers.getSetCookie().length === 0)).toBe(true)
  })

  it('ends the former session of the browser', async () => {
    await api.person('Fay', { withPassword: true })
    const first = afterLogIn(await logIn('Fay'))
    const second = await first.post<Me>('/api/v1/session', { email: emailOf('Fay'), password: passwordOf('Fay') })
    expect(second.status).toBe(200)
    expect(second.json.csrfToken).not.toBe(first.csrfToken)
    expect((await first.get('/api/v1/session')).status).toBe(401)
    expect((await afterLogIn(second).get('/api/v1/session')).status).toBe(200)
  })

  it('ends with log-out', async () => {
    await api.person('Gus', { withPassword: true })
    const gus = afterLogIn(await logIn('Gus'))
    const out = await gus.ask('DELETE', '/api/v1/session')
    expect(out.status).toBe(204)
    expect(out.headers.getSetCookie()[0]).toMatch(/onequeue_session=;.*Max-Age=0/)
    expect((await gus.get('/api/v1/session')).status).toBe(401)
  })

  it('ends after 12 hours without use and after 14 days in any case', async () => {
    const idle = await api.person('Hal')
    api.clock.jump(12 * 3_600_000 - 1)
    expect((await idle.get('/api/v1/session')).status).toBe(200)
    api.clock.jump(12 * 3_600_000)
    expect((await idle.get('/api/v1/session')).status).toBe(401)
    const busy = await api.person('Ida')
    let days = 0
    while ((await busy.get('/api/v1/session')).status === 200) {
      api.clock.jump(6 * 3_600_000)
      days += 0.25
    }
    expect(days).toBe(14)
    admin = await api.person('Ada Two', { roleId: 'admin' })
  })
})

describe('guessing', () => {
  it('is held back per account, says for how long, and longer each time', async () => {
    await waitOut()
    await api.person('Kim', { withPassword: true })
    const guess = () => api.stranger.post('/api/v1/session', { email: emailOf('Kim'), password: 'a guess at it' })
    const waits: number[] = []
    let tries = 0
    for (let round = 0; round < 4; round++) {
      let answer = await guess()
      for (tries += 1; answer.status === 401; tries += 1) answer = await guess()
      expect(answer.status).toBe(429)
      const wait = Number(answer.headers.get('retry-after'))
      expect(problemIn(answer)).toMatchObject({ code: 'too_many_tries', details: { retryAfterMs: expect.any(Number) } })
      expect((await logIn('Kim')).status).toBe(429)
      waits.push(wait)
      await api.clock.advance(wait * 1_000)
    }
    expect(waits[0]).toBeLessThanOrEqual(60)
    expect(Math.max(...waits)).toBeGreaterThan(600)
    expect(tries).toBeLessThan(30)
    // Another account is not touched by it.
    await api.person('Lou', { withPassword: true })
    expect((await logIn('Lou')).status).toBe(200)
  })

  it('counts parallel tries before any password is looked at', async () => {
    await waitOut()
    await api.person('Moe', { withPassword: true })
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => api.stranger.post('/api/v1/session', { email: emailOf('Moe'), password: 'a guess at it' })),
    )
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(35)
  })

  it('forgets tries after a success', async () => {
    await waitOut()
    await api.person('Ned', { withPassword: true })
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 4; i++)
        expect((await api.stranger.post('/api/v1/session', { email: emailOf('Ned'), password: 'a guess at it' })).status).toBe(401)
      expect((await logIn('Ned')).status).toBe(200)
    }
  })
})

describe('two-step log-in', () => {
  it('asks for a code once it is confirmed, and takes each code once', async () => {
    await waitOut()
    const olga = await api.person('Olga', { withPassword: true })
    const { json: setup } = await olga.post<TotpSetup>('/api/v1/me/totp')
    expect(setup.uri).toMatch(/^otpauth:\/\/totp\/Onequeue:olga/)
    const code = () => totpCodeAt(setup.secret, api.clock.now())
    expect((await logIn('Olga')).status).toBe(200)
    expect(problemIn(await olga.post('/api/v1/me/totp/confirm', { code: '000000' })).fields).toEqual([
      expect.objectContaining({ path: 'code' }),
    ])
    const confirmCode = code()
    expect((await olga.post('/api/v1/me/totp/confirm', { code: confirmCode })).status).toBe(204)
    expect(problemIn(await logIn('Olga')).code).toBe('totp_required')
    expect(problemIn(await logIn('Olga', { totp: confirmCode })).code).toBe('wrong_code')
    await api.clock.advance(60_000)
    const good = code()
    const racing = await Promise.all([logIn('Olga', { totp: good }), logIn('Olga', { totp: good })])
    expect(statusesOf(racing)).toEqual([200, 401])
    expect(problemIn(await logIn('Olga', { totp: good })).code).toBe('wrong_code')
    await api.clock.advance(30_000)
    expect((await logIn('Olga', { totp: code() })).json.totpEnabled).toBe(true)
  })

  it('keeps the secret sealed, is turned off with the password, or by an administrator', async () => {
    await waitOut()
    admin = await api.person('Pat Admin', { roleId: 'admin' })
    const pia = await api.person('Pia', { withPassword: true })
    const turnOn = async () => {
      const { json: setup } = await pia.post<TotpSetup>('/api/v1/me/totp')
      expect((await pia.post('/api/v1/me/totp/confirm', { code: totpCodeAt(setup.secret, api.clock.now()) })).status).toBe(204)
      return setup
    }
    const setup = await turnOn()
    expect(JSON.stringify(await api.hub.ctx.store.db.select().from(api.hub.ctx.store.t.agents))).not.toContain(setup.secret)
    expect(problemIn(await pia.post('/api/v1/me/totp')).code).toBe('totp_on')
    expect(problemIn(await pia.ask('DELETE', '/api/v1/me/totp', { body: { password: 'not the phrase' } })).code).toBe('wrong_password')
    expect((await pia.ask('DELETE', '/api/v1/me/totp', { body: { password: passwordOf('Pia') } })).status).toBe(204)
    expect((await logIn('Pia')).status).toBe(200)
    await turnOn()
    expect((await admin.ask('DELETE', `/api/v1/agents/${pia.agentId}/totp`)).status).toBe(204)
    expect((await logIn('Pia')).status).toBe(200)
  })
})

describe('a password', () => {
  it('is changed by who knows it, and ends the other log-ins', async () => {
    await waitOut()
    const quin = await api.person('Quin', { withPassword: true })
    const other = afterLogIn(await logIn('Quin'))
    const change = (current: string, next: string) => quin.ask('PUT', '/api/v1/me/password', { body: { current, next } })
    expect(problemIn(await change('not the phrase', 'a brand new phrase')).fields?.[0]?.path).toBe('current')
    expect(problemIn(await change(passwordOf('Quin'), 'short')).fields?.[0]?.path).toBe('next')
    expect((await change(passwordOf('Quin'), 'a brand new phrase')).status).toBe(204)
    expect((await quin.get('/api/v1/session')).status).toBe(200)
    expect((await other.get('/api/v1/session')).status).toBe(401)
    expect((await logIn('Quin')).status).toBe(401)
    expect((await logIn('Quin', { password: 'a brand new phrase' })).status).toBe(200)
  })

  it('is chosen with a link that works once, and not for long', async () => {
    await waitOut()
    admin = await api.person('Rex Admin', { roleId: 'admin' })
    const made = await admin.post<{ agent: { id: string }; invite: NewLink }>('/api/v1/agents', {
      email: 'Sue@Desk.test',
      name: 'Sue',
      roleId: 'agent',
    })
    expect(made.status).toBe(201)
    expect(made.json.invite.url).toMatch(/^http:\/\/desk\.test\/welcome#oql_[\w-]{43}$/)
    const token = made.json.invite.url.split('#')[1]
    expect((await api.stranger.post('/api/v1/links/inspect', { token })).json).toMatchObject({ purpose: 'invite', email: 'sue@desk.test' })
    const use = (password: string) => api.stranger.post('/api/v1/links/use', { token, password })
    expect(problemIn(await use('short')).fields?.[0]?.path).toBe('password')
    const racing = await Promise.all([use('first of the two'), use('second of the two')])
    expect(statusesOf(racing)).toEqual([200, 404])
    const won = racing[0]?.status === 200 ? 'first of the two' : 'second of the two'
    expect((await api.stranger.post('/api/v1/session', { email: 'sue@desk.test', password: won })).status).toBe(200)
    const reset = await admin.post<NewLink>(`/api/v1/agents/${made.json.agent.id}/link`)
    expect(reset.json.purpose).toBe('reset')
    api.clock.jump(86_400_000)
    expect(
      problemIn(await api.stranger.post('/api/v1/links/use', { token: reset.json.url.split('#')[1], password: 'much too late now' })).code,
    ).toBe('dead_link')
    expect(JSON.stringify(await api.hub.ctx.store.db.select().from(api.hub.ctx.store.t.oneTimeLinks))).not.toContain(token)
  })
})
