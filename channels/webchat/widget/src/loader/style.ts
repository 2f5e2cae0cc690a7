/** The look of button and panel; it lives in a shadow root, so neither side's styles reach the other. */
export const style = `
:host { all: initial; }
*, *::before, *::after { box-sizing: border-box; }
.button, .panel { position: fixed; z-index: 2147483000; }
.button {
  --size: 56px;
  bottom: max(20px, env(safe-area-inset-bottom)); width: var(--size); height: var(--size); padding: 0; border: 0; border-radius: 50%;
  display: grid; place-items: center; cursor: pointer; color: var(--ink); background: var(--accent);
  box-shadow: 0 1px 2px rgb(0 0 0 / 18%), 0 6px 20px rgb(0 0 0 / 20%);
  transition: transform .16s ease, box-shadow .16s ease; -webkit-tap-highlight-color: transparent;
}
.button:hover { transform: scale(1.05); box-shadow: 0 1px 2px rgb(0 0 0 / 18%), 0 8px 26px rgb(0 0 0 / 26%); }
.button:active { transform: scale(.97); }
.button:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.right { right: max(20px, env(safe-area-inset-right)); }
.left { left: max(20px, env(safe-area-inset-left)); }
.button svg { grid-area: 1 / 1; width: 26px; height: 26px; fill: none; stroke: currentcolor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; transition: opacity .16s ease, transform .2s ease; }
.button .shut { opacity: 0; transform: rotate(-60deg) scale(.6); }
.opened .chat { opacity: 0; transform: rotate(40deg) scale(.6); }
.opened .shut { opacity: 1; transform: none; }
.badge {
  position: absolute; top: -3px; right: -3px; min-width: 21px; height: 21px; padding: 0 6px; border-radius: 11px; display: grid; place-items: center;
  font: 600 12px/1 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; font-variant-numeric: tabular-nums; color: #fff; background: #c4261c; border: 2px solid #fff;
}
.badge[hidden] { display: none; }
.panel {
  bottom: calc(max(20px, env(safe-area-inset-bottom)) + 72px); width: 392px; max-width: calc(100vw - 40px); height: 660px; max-height: calc(100vh - 120px); max-height: calc(100dvh - 120px);
  border-radius: 16px; overflow: hidden; background: #fff; opacity: 0; visibility: hidden; transform: translateY(12px) scale(.98); transform-origin: bottom right;
  box-shadow: 0 0 0 1px rgb(0 0 0 / 6%), 0 12px 48px rgb(0 0 0 / 22%); transition: opacity .16s ease, transform .18s cubic-bezier(.2,.8,.3,1), visibility 0s .18s;
}
.panel.left { transform-origin: bottom left; }
.panel.opened { opacity: 1; visibility: visible; transform: none; transition-delay: 0s; }
.panel.dark { background: #18181a; box-shadow: 0 0 0 1px rgb(255 255 255 / 10%), 0 12px 48px rgb(0 0 0 / 60%); }
iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: auto; }
@media (max-width: 480px), (max-height: 460px) {
  .panel { inset: var(--top, 0px) 0 auto 0; width: 100%; max-width: none; height: var(--height, 100dvh); max-height: none; border-radius: 0; transform: translateY(24px); }
  .button.opened { display: none; }
}
@media (prefers-reduced-motion: reduce) { .button, .button svg, .panel { transition: none; } }
@media (forced-colors: active) { .button { border: 2px solid ButtonText; } }
@media print { .button, .panel { display: none; } }
`
