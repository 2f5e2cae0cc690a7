import fc from 'fast-check'
import iconv from 'iconv-lite'
import PostalMime from 'postal-mime'
import { afterAll, describe, expect, it } from 'vitest'
import type { MailDocument } from '../../../channels/email/mail-document.ts'
import { createMailReader } from '../../../channels/email/parse-thread.ts'
import { readMail } from '../../../channels/email/read-mail.ts'

async function* bytesOf(mime: string | Buffer): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.isBuffer(mime) ? mime : Buffer.from(mime, 'utf8')
  for (let at = 0; at < bytes.length; at += 16_384) yield bytes.subarray(at, at + 16_384)
}
const read = (mime: string | Buffer): Promise<MailDocument> => readMail(bytesOf(mime))

/** A mail of one text part in a charset, with its name, another's, or none. */
function mailIn(charset: string, text: string, label: string | null): Buffer {
  const type = label === null ? 'text/plain' : `text/plain; charset=${label}`
  const encoded = charset === 'iso-2022-jp' ? Buffer.from('GyRCJCpMZCQkOWckbyQ7GyhC', 'base64') : iconv.encode(text, charset)
  return Buffer.concat([Buffer.from(`From: a@shop.example\r\nSubject: x\r\nContent-Type: ${type}\r\n\r\n`), encoded, Buffer.from('\r\n')])
}

describe('charsets', () => {
  const words: readonly (readonly [charset: string, label: string, text: string])[] = [
    ['big5', 'big5', '您好，我想查詢訂單的出貨進度，謝謝您的協助。'],
    ['gb18030', 'gb18030', '您好，我想查询订单的发货进度，谢谢您的帮助。'],
    ['gb18030', 'gb2312', '𠮷野家的订单在哪里？'],
    ['gbk', 'gbk', '請問訂單何時發貨？'],
    ['shift_jis', 'Shift_JIS', 'お問い合わせの件について、ご確認をお願いいたします。'],
    ['euc-jp', 'EUC-JP', 'お問い合わせの件について、ご確認をお願いいたします。'],
    ['euc-kr', 'euc-kr', '안녕하세요, 주문에 대해 문의드립니다.'],
    ['euc-kr', 'ks_c_5601-1987', '안녕하세요'],
    ['iso-2022-jp', 'ISO-2022-JP', 'お問い合わせ'],
    ['utf-8', 'utf-8', 'Grüße 漢字 👩‍👩‍👧'],
    ['windows-1252', 'windows-1252', 'Grüße aus Köln – “ja”'],
  ]

  it.each(words)('reads %s labelled %s', async (charset, label, text) => {
    const document = await read(mailIn(charset, text, label))
    expect(document.text.trim()).toBe(text)
    expect(document.notices).toEqual([])
  })

  it.each(
    words
      .filter(([charset]) => ['big5', 'gb18030', 'shift_jis', 'euc-jp', 'euc-kr'].includes(charset))
      .filter(([, , text]) => text.length > 15),
  )('recognises %s without a label or with a wrong one', async (charset, _label, text) => {
    for (const label of [null, 'us-ascii', 'utf-8', 'no-such-charset']) {
      const document = await read(mailIn(charset, text, label))
      expect(document.text.trim()).toBe(text)
      expect(document.notices).toContain('charset_guessed')
    }
  })

  it('takes UTF-8 without a label for what it is, and escaped Japanese', async () => {
    expect(await read(mailIn('utf-8', '漢字', null))).toMatchObject({ notices: [] })
    expect((await read(mailIn('iso-2022-jp', '', null))).text.trim()).toBe('お問い合わせ')
  })

  it('reads bare bytes of a head by the charset of its text', async () => {
    const text = iconv.encode('您好，我想查詢訂單的出貨進度，謝謝您的協助。', 'big5')
    const head = [
      Buffer.from('From: '),
      iconv.encode('陳小明', 'big5'),
      Buffer.from(' <c@shop.example>\r\nSubject: '),
      iconv.encode('訂單', 'big5'),
    ]
    const document = await read(Buffer.concat([...head, Buffer.from('\r\nContent-Type: text/plain; charset=big5\r\n\r\n'), text]))
    expect([document.headers.subject, document.headers.from[0]?.name]).toEqual(['訂單', '陳小明'])
  })
})

describe('names of files', () => {
  const encoded = (charset: string, text: string) => `=?${charset}?B?${iconv.encode(text, charset).toString('base64')}?=`
  it.each([
    ['RFC 2231', "filename*=UTF-8''%E5%A0%B1%E5%83%B9%E5%96%AE.pdf", '報價單.pdf'],
    ['RFC 2231 in pieces', "filename*0*=UTF-8''%E5%A0%B1%E5%83; filename*1*=%B9%E5%96%AE; filename*2=.pdf", '報價單.pdf'],
    ['RFC 2047 in quotes, as Outlook writes it', `filename="${encoded('big5', '報價單.pdf')}"`, '報價單.pdf'],
    [
      'RFC 2047 cut in two',
      `filename="=?utf-8?B?${Buffer.from('報價').toString('base64')}?= =?utf-8?B?${Buffer.from('單.pdf').toString('base64')}?="`,
      '報價單.pdf',
    ],
    ['bare UTF-8', 'filename="報價單.pdf"', '報價單.pdf'],
    ['a path', 'filename="../../etc/passwd"', 'passwd'],
    ['a Windows path', 'filename="C:\\\\Users\\\\x\\\\a.exe"', 'a.exe'],
    ['a turned reading direction', 'filename="photo\u202egpj.exe"', 'photo gpj.exe'],
    ['nothing but dots', 'filename="...."', 'file'],
    ['none at all', 'x=y', 'file'],
  ])('are clean and readable: %s', async (_name, disposition, expected) => {
    const mime = `From: a@shop.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; ${disposition}\r\n\r\nx\r\n--b--\r\n`
    expect((await read(mime)).attachments.map(({ name }) => name)).toEqual([expected])
  })
})

describe('what mail carries', () => {
  const multipart = (type: string, ...parts: readonly string[]) =>
    `From: a@shop.example\r\nSubject: s\r\nContent-Type: ${type}; boundary=b\r\n\r\n${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`

  it('keeps forwarded mail as a file named by its subject, and its words out of ours', async () => {
    const document = await read(
      multipart(
        'multipart/mixed',
        'Content-Type: text/plain\r\n\r\nsee below',
        'Content-Type: message/rfc822\r\n\r\nSubject: =?utf-8?B?6KiC5Zau?=\r\n\r\ninner',
      ),
    )
    expect(document.text.trim()).toBe('see below')
    expect(document.attachments).toMatchObject([{ name: '訂單.eml', mime: 'message/rfc822' }])
  })

  it('reads an invitation', async () => {
    const ics =
      'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260105T020000Z\r\nDTEND:20260105T030000Z\r\nSUMMARY:Review\r\nLOCATION:Room 5\r\nORGANIZER:mailto:boss@shop.example\r\nEND:VEVENT\r\nEND:VCALENDAR'
    const document = await read(
      multipart(
        'multipart/alternative',
        'Content-Type: text/plain\r\n\r\nplease come',
        `Content-Type: text/calendar; method=REQUEST\r\n\r\n${ics}`,
      ),
    )
    expect(document.calendars).toEqual([
      {
        type: 'calendar',
        method: 'request',
        summary: 'Review',
        startsAt: Date.UTC(2026, 0, 5, 2),
        endsAt: Date.UTC(2026, 0, 5, 3),
        allDay: false,
        location: 'Room 5',
        organizer: 'boss@shop.example',
        answer: null,
      },
    ])
    expect(document.attachments.map(({ name }) => name)).toEqual(['invitation.ics'])
  })

  it('knows signed and encrypted mail, and Outlook’s containers', async () => {
    const signed = multipart(
      'multipart/signed; protocol="application/pkcs7-signature"',
      'Content-Type: text/plain\r\n\r\nhello',
      'Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nxx',
    )
    expect(await read(signed)).toMatchObject({ text: expect.stringContaining('hello'), notices: ['signed'] })
    expect(
      (await read('From: a@shop.example\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nxx')).notices,
    ).toEqual(['encrypted'])
    const tnef = multipart(
      'multipart/mixed',
      'Content-Type: text/plain\r\n\r\nhello',
      'Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nxx',
    )
    expect(await read(tnef)).toMatchObject({ notices: ['tnef_kept'], attachments: [{ name: 'winmail.dat' }] })
  })

  it('tells pictures of the HTML from attachments', async () => {
    const document = await read(
      multipart(
        'multipart/related',
        'Content-Type: text/html\r\n\r\n<p>Hello <b>you</b> <img src="cid:logo@x"></p>',
        'Content-Type: image/png; name=logo.png\r\nContent-ID: <logo@x>\r\nContent-Disposition: inline\r\n\r\nxx',
      ),
    )
    expect(document.html).toContain('cid:logo@x')
    expect(document.text.trim()).toBe('Hello you')
    expect(document.attachments).toMatchObject([{ contentId: 'logo@x', inline: true }])
  })
})

describe('the reading thread', () => {
  const reader = createMailReader()
  afterAll(() => reader.close())

  it.each([
    [
      'a hundred thousand parts',
      `From: a@shop.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}--b--`,
    ],
    [
      'three thousand levels',
      `From: a@shop.example\r\n${Array.from({ length: 3_000 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join('')}`,
    ],
    ['a head of ten megabytes', `From: a@shop.example\r\n${`X-A: ${'y'.repeat(900)}\r\n`.repeat(11_000)}\r\nx`],
    ['no mail', 'nothing of the kind'],
    ['nothing', ''],
  ])('refuses %s and goes on', async (_name, mime) => {
    await expect(reader.read(bytesOf(mime))).rejects.toMatchObject({ kind: expect.stringMatching(/too_large|invalid_input/) })
    expect((await reader.read(bytesOf('From: a@shop.example\r\nSubject: after\r\n\r\nx'))).headers.subject).toBe('after')
  })

  it('gives a file out byte for byte', async () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 256))
    const mime = `From: a@shop.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a\r\n\r\n${content.toString('base64').replace(/(.{76})/g, '$1\r\n')}\r\n--b--\r\n`
    const chunks: Uint8Array[] = []
    for await (const chunk of reader.extract(bytesOf(mime), 0)) chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(content)).toBe(true)
    await expect(reader.extract(bytesOf(mime), 1)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: 'not_found' })
  })
})

describe('against another parser', () => {
  const token = fc.stringMatching(/^[A-Za-z0-9 漢字かな.,!?äöü-]{1,40}$/).filter((text) => text.trim() !== '')
  const body = fc.record({ text: token, encoding: fc.constantFrom('base64', 'quoted-printable', '8bit') })

  it('finds the same subject, people, text and files', async () => {
    await fc.assert(
      fc.asyncProperty(
        token,
        token,
        body,
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 3 }),
        async (subject, name, { text, encoding }, files) => {
          const word = (value: string) => `=?utf-8?B?${Buffer.from(value).toString('base64')}?=`
          const mime = [
            `From: ${word(name)} <a@shop.example>`,
            `Subject: ${word(subject)}`,
            'Content-Type: multipart/mixed; boundary=edge',
            '',
            '--edge',
            'Content-Type: text/plain; charset=utf-8',
            `Content-Transfer-Encoding: ${encoding}`,
            '',
            encodedAs(text, encoding),
            ...files.flatMap((file, at) => [
              '--edge',
              'Content-Type: application/octet-stream',
              'Content-Transfer-Encoding: base64',
              `Content-Disposition: attachment; filename=file${at}.bin`,
              '',
              Buffer.from(file).toString('base64'),
            ]),
            '--edge--',
            '',
          ].join('\r\n')
          const [ours, theirs] = [await read(mime), await PostalMime.parse(mime)]
          const flat = (value: string | undefined) => (value ?? '').replaceAll(/\s+/g, ' ').trim()
          expect(flat(ours.headers.subject)).toBe(flat(theirs.subject))
          expect(flat(ours.headers.from[0]?.name ?? '')).toBe(flat(theirs.from?.name))
          expect(flat(ours.text)).toBe(flat(theirs.text))
          const sizeOf = (content: unknown) => (content instanceof ArrayBuffer ? content.byteLength : 0)
          expect(ours.attachments.map(({ name: file, bytes }) => [file, bytes])).toEqual(
            theirs.attachments.map(({ filename, content }) => [filename, sizeOf(content)]),
          )
        },
      ),
      { numRuns: 150 },
    )
  })

  it('takes any bytes without falling over', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (noise) => {
        const mime = Buffer.concat([
          Buffer.from('From: a@shop.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'),
          Buffer.from(noise),
        ])
        const document = await read(mime)
        expect(document.headers.from[0]?.address).toBe('a@shop.example')
      }),
      { numRuns: 200 },
    )
  })
})

function encodedAs(text: string, encoding: string): string {
  const bytes = Buffer.from(text, 'utf8')
  if (encoding === 'base64') return bytes.toString('base64')
  if (encoding === '8bit') return text
  return [...bytes]
    .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
    .replace(/(.{72})/g, '$1=\r\n')
}
