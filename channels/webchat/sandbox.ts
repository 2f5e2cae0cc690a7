import { type Locale, localeSchema } from '../../src/wire/words.ts'
import { shopStyle } from './sandbox-style.ts'
import { type ShopTexts, shopTexts } from './sandbox-texts.ts'

/** What the demo shop is shown with. */
export interface ShopPage {
  /** The chat that stands in the corner; null when the demo has none. */
  readonly inboxId: string | null
  readonly locale: Locale
}

const names: Readonly<Record<Locale, string>> = { en: 'English', 'zh-TW': '繁體中文', 'zh-CN': '简体中文', ja: '日本語' }
const prices = [980, 1280, 680, 620] as const
const tins = [
  { body: '#49694f', label: '#f3ecdd', leaf: '#3f6b4f' },
  { body: '#a8623b', label: '#f7eadb', leaf: '#a8623b' },
  { body: '#7d2f35', label: '#f4e4df', leaf: '#7d2f35' },
  { body: '#8fa287', label: '#f6f4e8', leaf: '#5d7856' },
] as const

/** The customer's side of web chat in the demo: a small shop with the widget in its corner, as any site would embed it. */
export function shopPage({ inboxId, locale }: ShopPage): string {
  const text = shopTexts[locale]
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="robots" content="noindex">
<title>${escapeHtml(text.shop)}</title>
<link rel="icon" href="data:,">
<style>${shopStyle}</style>
${inboxId === null ? '' : `<script async src="/widget.js" data-inbox="${escapeHtml(inboxId)}" data-locale="${locale}" data-color="#3f6b4f" data-scheme="auto"></script>`}
</head>
<body>
${head(text, locale)}
<main>
${hero(text)}
${products(text, locale)}
${promises(text)}
</main>
<footer><p>${escapeHtml(text.hours)}</p><p>${escapeHtml(text.demo)}</p></footer>
</body>
</html>
`
}

function head(text: ShopTexts, locale: Locale): string {
  const languages = localeSchema.options.map((option) => {
    const current = option === locale ? ' aria-current="true"' : ''
    return `<a href="?lang=${option}" lang="${option}" hreflang="${option}"${current}>${names[option]}</a>`
  })
  return `<header>
<p class="mark">${leaf('#3f6b4f', 26)}<span><strong>${escapeHtml(text.shop)}</strong><small>${escapeHtml(text.tagline)}</small></span></p>
<nav class="languages" aria-label="${escapeHtml(text.language)}">${languages.join('')}</nav>
</header>`
}

function hero(text: ShopTexts): string {
  return `<section class="hero">
<div><h1>${escapeHtml(text.heading)}</h1><p>${escapeHtml(text.lead)}</p><p class="acts"><a class="main" href="#teas">${escapeHtml(text.browse)}</a><button type="button" data-onequeue-open>${escapeHtml(text.ask)}</button></p></div>
<div class="still" aria-hidden="true">${tin(tins[0], 168)}${tin(tins[1], 132)}${cup()}</div>
</section>`
}

function products(text: ShopTexts, locale: Locale): string {
  const price = new Intl.NumberFormat(locale, { style: 'currency', currency: 'TWD', maximumFractionDigits: 0 })
  const cards = text.products.map((product, index) => {
    const look = tins[index % tins.length] ?? tins[0]
    return `<li><div class="picture" aria-hidden="true">${tin(look, 104)}</div><h3>${escapeHtml(product.name)}</h3><p>${escapeHtml(product.note)}</p>
<p class="price"><strong>${price.format(prices[index] ?? 0)}</strong> <span>${escapeHtml(text.perTin)}</span></p></li>`
  })
  return `<section id="teas"><h2>${escapeHtml(text.season)}</h2><ul class="teas">${cards.join('')}</ul></section>`
}

function promises(text: ShopTexts): string {
  const items = text.promises.map(({ title, text: line }) => `<li><h3>${escapeHtml(title)}</h3><p>${escapeHtml(line)}</p></li>`)
  return `<section><h2>${escapeHtml(text.promiseHeading)}</h2><ul class="promises">${items.join('')}</ul></section>`
}

function tin(look: (typeof tins)[number], height: number): string {
  return `<svg viewBox="0 0 100 140" height="${height}"><rect x="16" y="26" width="68" height="106" rx="7" fill="${look.body}"/><rect x="13" y="10" width="74" height="22" rx="6" fill="${look.body}"/><rect x="13" y="27" width="74" height="5" fill="#000" opacity=".16"/><rect x="22" y="54" width="56" height="54" rx="3" fill="${look.label}"/><path d="M50 96c-14-4-15-20 0-30 15 10 14 26 0 30zm0-26v30" fill="none" stroke="${look.leaf}" stroke-width="2.4" stroke-linecap="round"/><rect x="70" y="34" width="9" height="96" fill="#fff" opacity=".1"/></svg>`
}

function cup(): string {
  return `<svg viewBox="0 0 120 90" height="74"><path d="M14 34h78v10c0 24-16 38-39 38S14 68 14 44z" fill="#f4efe4" stroke="#d8cfbd" stroke-width="2"/><ellipse cx="53" cy="34" rx="39" ry="9" fill="#e9e1cf"/><ellipse cx="53" cy="35" rx="33" ry="6.5" fill="#c98b3d"/><path d="M92 42c14-3 18 14 0 19" fill="none" stroke="#d8cfbd" stroke-width="5"/><path d="M42 20c-5-6 5-8 0-15M60 20c-5-6 5-8 0-15" fill="none" stroke="#cfc7b6" stroke-width="3" stroke-linecap="round"/></svg>`
}

function leaf(color: string, size: number): string {
  return `<svg viewBox="0 0 24 24" width="${size}" height="${size}" aria-hidden="true"><path d="M4 20C4 9 10 4 21 3c-1 11-6 17-15 15" fill="${color}"/><path d="M4 21C7 15 11 11 16 8" fill="none" stroke="#fff" stroke-width="1.5" stroke-linecap="round"/></svg>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}
