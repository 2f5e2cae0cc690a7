import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MediaResult, Session } from '../../../channels/contract.ts'
import { patient, type StandIn, startStandIn } from './stand-in.ts'

let platform: StandIn
let mei: ReturnType<StandIn['account']['user']>
beforeEach(async () => {
  platform = await startStandIn()
  mei = platform.account.user({ displayName: '美美', language: 'zh-TW', pictureUrl: 'https://img.example.com/mei.png' })
})
afterEach(() => platform.close())

const bytes = new Uint8Array(200_000).fill(7)
const read = async (result: MediaResult): Promise<number> => {
  if (result.status !== 'ready') throw new Error(`The medium is ${result.status}.`)
  let total = 0
  for await (const chunk of result.body) total += chunk.byteLength
  return total
}

describe('media', () => {
  const fetchMedia = (source: Readonly<Record<string, unknown>>, session: Session = platform.open()) =>
    session.fetchMedia?.(source, patient) ?? Promise.reject(new Error('no fetchMedia'))

  it('is told to wait while it is prepared, and then has it whole', async () => {
    const { messageId } = await mei.sendImage({ bytes, mime: 'image/png', prepareMs: 3_000 })
    expect(await fetchMedia({ messageId })).toEqual({ status: 'preparing' })
    await platform.clock.advance(3_000)
    const result = await fetchMedia({ messageId })
    expect(result).toMatchObject({ status: 'ready', bytes: bytes.byteLength, mime: 'image/png' })
    expect(await read(result)).toBe(bytes.byteLength)
  })

  it('is gone after the customer has taken it back', async () => {
    const { messageId } = await mei.sendImage({ bytes, mime: 'image/png' })
    await mei.unsend(messageId)
    expect(await fetchMedia({ messageId })).toEqual({ status: 'gone' })
  })

  it('is gone when the platform does not know it', async () => {
    expect(await fetchMedia({ messageId: '1' })).toEqual({ status: 'gone' })
  })

  it('raises a readable error while it is read when the download breaks off', async () => {
    const { messageId } = await mei.sendImage({ bytes, mime: 'image/png' })
    platform.account.failNext({ kind: 'cut_content' })
    await expect(fetchMedia({ messageId }).then(read)).rejects.toMatchObject({ kind: 'provider_unavailable' })
  })

  it.each([
    [500, true],
    [429, true],
    [401, false],
  ])('fails with status %s; worth another try: %s', async (status, retryable) => {
    const { messageId } = await mei.sendImage({ bytes, mime: 'image/png' })
    platform.account.failNext({ kind: 'answer', status, body: {} })
    expect(await fetchMedia({ messageId })).toMatchObject({ status: 'failed', retryable })
  })

  it('is fetched from elsewhere without our token', async () => {
    const asked: Request[] = []
    const session = platform.open({}, async (input, init) => {
      asked.push(new Request(input, init))
      return new Response('picture', { headers: { 'content-type': 'image/jpeg' } })
    })
    const result = await fetchMedia({ url: 'https://img.example.com/original.jpg' }, session)
    expect(await read(result)).toBe('picture'.length)
    expect(asked.map((request) => [request.url, request.headers.get('authorization')])).toEqual([
      ['https://img.example.com/original.jpg', null],
    ])
  })

  it.each([[{}], [{ messageId: '../info' }], [{ messageId: 5 }]])('does not ask for %j', async (source) => {
    expect(await fetchMedia(source)).toMatchObject({ status: 'failed', retryable: false })
    expect(platform.account.calls()).toEqual([])
  })

  it('may be tried again when nobody answers', async () => {
    platform.account.failNext({ kind: 'lose_request' })
    const { messageId } = await mei.sendImage({ bytes, mime: 'image/png' })
    expect(await fetchMedia({ messageId })).toMatchObject({ status: 'failed', retryable: true })
  })
})

describe('profile', () => {
  const profile = (key: string) => platform.open().fetchProfile?.(key, patient)

  it('tells a friend’s name, picture and language', async () => {
    expect(await profile(mei.userId)).toEqual({
      displayName: '美美',
      avatarUrl: 'https://img.example.com/mei.png',
      locale: 'zh-TW',
    })
  })

  it('tells the name of a group and of its member', async () => {
    const { groupId, add } = platform.account.group('Family')
    await add([mei.userId])
    expect(await profile(groupId)).toEqual({ displayName: 'Family' })
    expect(await profile(`${groupId}/${mei.userId}`)).toMatchObject({ displayName: '美美' })
  })

  it('is null for who has blocked the account, for rooms, and for what is no id', async () => {
    await mei.unfollow()
    expect(await profile(mei.userId)).toBeNull()
    const before = platform.account.calls().length
    for (const key of ['R5e4d3c2b1a0f9e8d7c6b5a4f3e2d1c0b', '../info', 'U1/U2/U3', '']) expect(await profile(key)).toBeNull()
    expect(platform.account.calls()).toHaveLength(before)
  })

  it('is null when the platform fails', async () => {
    platform.account.failNext({ kind: 'lose_request' })
    expect(await profile(mei.userId)).toBeNull()
  })
})

describe('typing and reading', () => {
  it('shows the animation at most every 20 seconds, to persons only', async () => {
    const session = platform.open()
    const type = (key: string) => session.showTyping?.(key, patient)
    await type(mei.userId)
    await type(mei.userId)
    await type('C2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d')
    expect(platform.account.calls().map((call) => call.status)).toEqual([202])
    expect(platform.account.thread(mei.userId).loadingUntil).toBe(platform.clock.now() + 20_000)
    await platform.clock.advance(20_000)
    await type(mei.userId)
    expect(platform.account.calls()).toHaveLength(2)
  })

  it('never throws', async () => {
    platform.account.failNext({ kind: 'lose_request' })
    await expect(platform.open().showTyping?.(mei.userId, patient)).resolves.toBeUndefined()
  })

  it('marks what the customer wrote as read, up to the token', async () => {
    await mei.sendText('one')
    await mei.sendText('two')
    await mei.sendText('three')
    const { entries } = platform.account.thread(mei.userId)
    await platform.open().markRead?.([String(entries[1]?.message.markAsReadToken)], patient)
    expect(entries.map((entry) => entry.readAt !== null)).toEqual([true, true, false])
  })
})
