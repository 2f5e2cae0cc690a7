import { describe, expect, test } from 'vitest'
import { maxHtmlChars, type PictureSource, sanitizeMail } from '../../../src/services/mail/sanitize-mail.ts'

const blocked: PictureSource = { inline: (cid) => (cid === 'logo@shop' ? '/api/v1/files/1/content' : null), remote: () => null }
const clean = (html: string, pictures = blocked) => {
  const safe = sanitizeMail(html, pictures, 'Earlier')
  if (safe === null) throw new Error('too large')
  return safe
}

/** Pieces in the manner of the known collections: what ran, loaded or broke out of some mail client. */
const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg onload=alert(1)>',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<style>@import url(https://evil.test/x.css)</style>',
  '<style><img src="</style><img src=x onerror=alert(1)//">',
  '<div style="background:url(https://evil.test/a.png)">x</div>',
  '<div style="background-image:\\75rl(https://evil.test/a.png)">x</div>',
  '<div style="position:fixed;top:0;left:0;width:100%">x</div>',
  '<div style="margin-top:-500px">x</div>',
  '<div style="width:expression(alert(1))">x</div>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="jav&#x09;ascript:alert(1)">x</a>',
  '<a href=" &#14; javascript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<iframe src="https://evil.test"></iframe>',
  '<object data="https://evil.test"></object><embed src="https://evil.test">',
  '<form action="https://evil.test"><input name=password><button formaction="javascript:alert(1)">x</button></form>',
  '<meta http-equiv=refresh content="0;url=https://evil.test">',
  '<base href="https://evil.test/">',
  '<link rel=stylesheet href="https://evil.test/x.css">',
  '<img src="https://evil.test/a.png" srcset="https://evil.test/b.png 2x">',
  '<img src="//evil.test/a.png">',
  '<img src="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=">',
  '<table background="https://evil.test/a.png"><tr><td>x</td></tr></table>',
  '<video poster="https://evil.test/a.png" src="https://evil.test/v"></video><audio src="https://evil.test/a">',
  '<input type=image src="https://evil.test/a.png">',
  '<textarea><script>alert(1)</script></textarea><xmp><img src=x onerror=alert(1)></xmp>',
  '<template><img src=x onerror=alert(1)></template>',
  '<a id=location name=location href=https://a.test>x</a>',
  '<details open ontoggle=alert(1)><summary>x</summary></details>',
  '<oq-mark><img src=x onerror=alert(1)></oq-mark>',
  '<img alt="`><script>alert(1)</script>" src="cid:logo@shop">',
  "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
  '<isindex action=javascript:alert(1)><frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<div style="color:red;background:#fff url(https://evil.test/x)">x</div>',
]

describe('nothing runs and nothing loads', () => {
  test.each(hostile)('%s', (html) => {
    const out = clean(html).html
    expect(out).not.toMatch(/<(script|svg|math|style|iframe|object|embed|form|input|button|meta|base|link|video|audio|template|frame)/i)
    // Inside of tags only: text may say anything.
    const tags = out.match(/<[a-z][^>]*>/gi) ?? []
    for (const tag of tags) {
      const bare = tag.replaceAll(/"[^"]*"/g, (value) => (/^"(javascript|data:text|vbscript)/i.test(value) ? value : '""'))
      expect(bare).not.toMatch(/\son\w+=|javascript:|vbscript:|data:text|srcset|background=|\sid=|\sname=|formaction/i)
      expect(tag).not.toMatch(/url\(|expression\(|position\s*:|margin-top:-|evil\.test\/(a|b|x)\b/i)
    }
  })

  test('sanitising what was sanitised changes nothing', () => {
    for (const html of hostile) {
      const once = clean(html).html
      const twice = clean(once.replaceAll(/ data-blocked=""/g, '')).html
      expect(twice.includes('<script')).toBe(false)
    }
  })
})

test('text keeps its shape, colours and tables', () => {
  const html = '<p style="color:#336699;font-weight:bold">訂單 <b>1024</b></p><table border="1"><tr><td bgcolor="#eee">a</td></tr></table>'
  const { html: out, coloured } = clean(html)
  expect(out).toBe(html)
  expect(coloured).toBe(true)
  expect(clean('<p>plain <i>words</i></p>').coloured).toBe(false)
})

test('inline pictures are ours, remote ones wait until asked, and trackers are never loaded', () => {
  const html =
    '<img src="cid:logo@shop" width="90"><img src="https://cdn.test/a.png" alt="A"><img src="https://t.test/p.gif" width="1" height="1">'
  const waiting = clean(html)
  expect(waiting.html).toBe('<img alt="" width="90" src="/api/v1/files/1/content" /><img alt="A" data-blocked />')
  expect(waiting).toMatchObject({ blockedImages: 1, trackers: 1 })
  const shown = clean(html, { ...blocked, remote: (url) => `/proxy?url=${encodeURIComponent(url)}` })
  expect(shown.html).toContain('src="/proxy?url=https%3A%2F%2Fcdn.test%2Fa.png"')
  expect(shown).toMatchObject({ blockedImages: 0, trackers: 1 })
})

test('a cid that the mail does not hold shows nothing', () => {
  expect(clean('<p>a<img src="cid:other"></p>').html).toBe('<p>a</p>')
})

test('links open a page of their own, tell nobody where they were, and show their host', () => {
  expect(clean('<a href="https://bank.example.evil.test/login">bank.example</a>').html).toBe(
    '<a href="https://bank.example.evil.test/login" target="_blank" rel="noopener noreferrer nofollow" title="bank.example.evil.test">bank.example</a>',
  )
})

test('earlier mail is folded under a label', () => {
  const gmail = clean('<div>New</div><div class="gmail_quote">On Monday<blockquote>Old</blockquote></div>')
  expect(gmail.html).toBe('<div>New</div><details><summary>Earlier</summary>On Monday<blockquote>Old</blockquote></details>')
  expect(gmail.folded).toBe(true)
  const outlook = clean('<div><p>New</p><hr><div id="divRplyFwdMsg">From: Shop</div><div>Old</div></div>')
  expect(outlook.html).toBe('<div><p>New</p><hr /><details><summary>Earlier</summary><div>From: Shop</div><div>Old</div></div>')
  expect(clean('<blockquote type="cite">Old</blockquote>', blocked).html).toContain('<details><summary>Earlier</summary>')
})

test('a label cannot carry tags, and a mail cannot bring folds of its own', () => {
  expect(sanitizeMail('<blockquote type="cite">x</blockquote>', blocked, '<b>')?.html).toContain('<summary>&lt;b&gt;</summary>')
  expect(clean('<details><summary>Click me</summary>x</details>').html).not.toContain('<details>')
})

test('what is too large or too tangled is not shown', () => {
  expect(sanitizeMail('x'.repeat(maxHtmlChars + 1), blocked, '')).toBeNull()
  expect(sanitizeMail('<b>'.repeat(60_000), blocked, '')).toBeNull()
  const started = performance.now()
  clean('<div>'.repeat(30_000))
  expect(performance.now() - started).toBeLessThan(5_000)
})
