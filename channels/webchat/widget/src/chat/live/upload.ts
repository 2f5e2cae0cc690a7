import type { Api, Upload } from './api.ts'

/** Uploads a file as soon as the token is known; it can be cancelled before that, too. */
export function uploadWith(api: Api, token: Promise<string>, file: File, onProgress: (share: number) => void): Upload {
  let upload: Upload | null = null
  let cancelled = false
  const done = token.then((known) => {
    if (cancelled) throw new DOMException('The upload was cancelled.', 'AbortError')
    upload = api.upload(known, file, onProgress)
    return upload.done
  })
  const cancel = () => {
    cancelled = true
    upload?.cancel()
  }
  return { done, cancel }
}
