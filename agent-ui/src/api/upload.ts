import type { Problem } from '../../../src/wire/errors.ts'
import { ApiError } from './api-error.ts'
import { apiUrl, writeHeaders } from './http.ts'

/** A file the hub has taken. */
export interface UploadedFile {
  readonly id: string
  readonly name: string
  readonly mime: string
  readonly bytes: number
}

function readAnswer(request: XMLHttpRequest): unknown {
  try {
    return JSON.parse(request.responseText) as unknown
  } catch {
    return {}
  }
}

/**
 * Sends a file's bytes to the hub. `fetch` tells no progress of what is sent, so this is an XMLHttpRequest.
 * @param onProgress share sent, 0–1
 * @throws ApiError when the hub refuses it or does not answer; DOMException 'AbortError' after `signal`
 */
export function upload(file: Blob, name: string, onProgress: (share: number) => void, signal: AbortSignal): Promise<UploadedFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const body = new FormData()
    body.append('file', file, name)
    request.open('POST', apiUrl('/files'))
    for (const [header, value] of Object.entries(writeHeaders())) request.setRequestHeader(header, value)
    request.upload.onprogress = (e) => onProgress(e.lengthComputable ? e.loaded / e.total : 0)
    request.onload = () => {
      if (request.status < 300) resolve(readAnswer(request) as UploadedFile)
      else reject(ApiError.fromProblem(readAnswer(request) as Partial<Problem>, request.status))
    }
    request.onerror = () => reject(ApiError.offline())
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(body)
  })
}
