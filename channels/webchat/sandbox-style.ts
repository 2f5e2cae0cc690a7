/** The look of the demo shop; it knows nothing of the hub's own. */
export const shopStyle = `
:root { color-scheme: light dark; --paper: #faf7f0; --card: #fffdf8; --ink: #26291f; --soft: #5f6355; --line: #e4dfd1; --tea: #3f6b4f; --on-tea: #fff; --still: #eee8da; }
@media (prefers-color-scheme: dark) { :root { --paper: #191b17; --card: #22251f; --ink: #ecebe2; --soft: #a9ad9d; --line: #34382f; --tea: #9cc5a6; --on-tea: #10180f; --still: #24281f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif; }
:lang(zh-TW) { font-family: system-ui, 'PingFang TC', 'Microsoft JhengHei UI', 'Noto Sans TC', 'Noto Sans CJK TC', sans-serif; }
:lang(zh-CN) { font-family: system-ui, 'PingFang SC', 'Microsoft YaHei UI', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif; }
:lang(ja) { font-family: system-ui, 'Hiragino Sans', 'Yu Gothic UI', 'Noto Sans JP', 'Noto Sans CJK JP', sans-serif; word-break: auto-phrase; }
h1, h2, h3, p, ul { margin: 0; padding: 0; } ul { list-style: none; }
body { overflow-x: hidden; }
header, main, footer { width: min(1080px, 100% - 40px); margin-inline: auto; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 12px 24px; padding: 20px 0; border-bottom: 1px solid var(--line); }
.mark { display: flex; align-items: center; gap: 10px; }
.mark strong { display: block; font-size: 18px; letter-spacing: .01em; line-height: 1.2; } .mark small { color: var(--soft); font-size: 13px; }
.languages { display: flex; flex-wrap: wrap; gap: 4px; font-size: 14px; }
.languages a { padding: 4px 10px; border-radius: 14px; color: var(--soft); text-decoration: none; }
.languages a:hover { color: var(--ink); } .languages a[aria-current] { background: var(--still); color: var(--ink); }
.hero > * { min-width: 0; }
.hero { display: grid; grid-template-columns: 1.2fr 1fr; gap: 32px; align-items: center; padding: 56px 0 48px; }
h1 { font-size: clamp(30px, 5vw, 48px); line-height: 1.15; letter-spacing: -.01em; font-weight: 650; text-wrap: balance; }
.hero p { margin-top: 16px; max-width: 46ch; color: var(--soft); font-size: 17px; }
.hero .acts { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 24px; }
.acts > * { font: inherit; font-size: 16px; font-weight: 600; border-radius: 24px; padding: 11px 22px; cursor: pointer; }
.acts button { border: 1px solid var(--line); background: var(--card); color: var(--ink); }
.acts .main { border: 1px solid var(--tea); background: var(--tea); color: var(--on-tea); text-decoration: none; }
.still { min-width: 0; overflow: hidden; display: flex; justify-content: center; align-items: flex-end; gap: 14px; padding: 40px 24px 34px; border-radius: 20px; background: var(--still); }
h2 { font-size: 22px; font-weight: 650; margin: 24px 0 18px; }
.teas > * { min-width: 0; }
.teas { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 18px; }
.teas li { padding: 14px 14px 18px; border: 1px solid var(--line); border-radius: 16px; background: var(--card); }
.picture { display: grid; place-items: center; height: 150px; margin-bottom: 14px; border-radius: 10px; background: var(--still); }
h3 { font-size: 17px; font-weight: 650; line-height: 1.35; } .teas p, .promises p { color: var(--soft); font-size: 15px; }
.teas .price { margin-top: 10px; } .price strong { color: var(--ink); font-variant-numeric: tabular-nums; }
.promises { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 24px; padding-bottom: 40px; }
footer { padding: 24px 0 110px; border-top: 1px solid var(--line); color: var(--soft); font-size: 14px; display: grid; gap: 4px; }
:focus-visible { outline: 2px solid var(--tea); outline-offset: 3px; }
@media (max-width: 720px) { .hero { grid-template-columns: 1fr; padding: 32px 0 24px; } .still { padding: 26px 20px; } .teas { grid-template-columns: 1fr 1fr; gap: 12px; } .picture { height: 124px; } }
@media (max-width: 380px) { .teas { grid-template-columns: 1fr; } }
`
