// Sets theme, density and language on <html> before anything is painted. Reads what the
// preferences store keeps; a browser that refuses storage gets the system's choice.
;(() => {
  let kept = {}
  try {
    kept = JSON.parse(localStorage.getItem('onequeue.preferences') || '{}').state || {}
  } catch {
    kept = {}
  }
  const root = document.documentElement
  const dark = kept.theme === 'dark' || (kept.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.mantineColorScheme = dark ? 'dark' : 'light'
  root.dataset.density = kept.density === 'cosy' ? 'cosy' : 'compact'
  if (typeof kept.locale === 'string') root.lang = kept.locale
})()
