import type { Request, RequestHandler } from 'express'
import multer, { type StorageEngine } from 'multer'
import { AppError } from '../lib/errors.ts'
import type { Auth } from '../services/access/authenticate.ts'
import type { ServiceContext } from '../services/context.ts'
import { maxUploadBytes, storeFile } from '../services/files/store-file.ts'
import type { FileInfo } from '../wire/files.ts'

/** What a form may add to its file, bytes. */
const formBytes = 64 * 1_024

/** Uploads are stored while they arrive; nothing of them is kept in memory or on a path of their naming. */
function storageOf(ctx: ServiceContext): StorageEngine {
  return {
    _handleFile: (req, file, callback) => {
      const auth = req.res?.locals['auth'] as Auth | null | undefined
      if (auth === null || auth === undefined) return callback(new AppError('unauthenticated', 'Log in first.'))
      storeFile(ctx, auth.viewer, file.originalname, file.stream).then(
        (stored) => {
          if (req.res !== undefined) req.res.locals['stored'] = stored
          callback(null, { size: stored.bytes })
        },
        (error: unknown) => callback(error),
      )
    },
    // An upload that breaks off never became a file; one that is complete stays, unattached, for its uploader.
    _removeFile: (_req, _file, callback) => callback(null),
  }
}

/** Reads one file from the multipart field `file`. */
export function receiveFile(ctx: ServiceContext): RequestHandler {
  const upload = multer({
    storage: storageOf(ctx),
    defParamCharset: 'utf8',
    limits: {
      files: 1,
      fields: 5,
      parts: 6,
      fieldSize: 1_024,
      fieldNameSize: 100,
      headerPairs: 50,
      // One more than is kept, so that the store refuses a file that is too large before the reader cuts it.
      fileSize: maxUploadBytes + 1,
    },
  })
  const read = upload.single('file')
  return (req, res, next) => {
    const declared = Number(req.headers['content-length'] ?? 0)
    if (declared <= maxUploadBytes + formBytes) {
      read(req, res, next)
      return
    }
    // Not waiting for the rest; who is still sending sees the connection close.
    res.setHeader('Connection', 'close')
    next(new AppError('too_large', `The file is larger than ${maxUploadBytes} bytes.`, { maxBytes: maxUploadBytes }))
  }
}

/** What `receiveFile` stored. @throws AppError 'invalid_input' when the form held no file. */
export function storedFile(req: Request): FileInfo {
  const stored = req.res?.locals['stored'] as FileInfo | undefined
  if (stored !== undefined) return stored
  throw new AppError('invalid_input', 'Send one file as multipart/form-data in the field "file".', {
    fields: [{ path: 'file', message: 'is missing' }],
  })
}
