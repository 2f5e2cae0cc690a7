import { z } from 'zod'
import { openFile } from '../../services/files/open-file.ts'
import { fileSchema } from '../../wire/files.ts'
import { idParam } from '../../wire/http.ts'
import { receiveFile, storedFile } from '../receive-file.ts'
import { type Route, route } from '../route.ts'
import { sendFile } from '../send-file.ts'

/** Files that are attached to messages. */
export const fileRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/v1/files',
    permission: 'conversation.reply',
    tags: ['Files'],
    summary: 'Upload a file to attach to a message',
    raw: {
      receive: receiveFile,
      consumes: { mime: 'multipart/form-data', schema: z.object({ file: z.string().meta({ format: 'binary' }) }) },
    },
    errors: ['invalid_input', 'too_large'],
    output: fileSchema,
    status: 201,
    handler: async ({ req }) => storedFile(req),
  }),
  route({
    method: 'get',
    path: '/api/v1/files/:id/content',
    permission: 'conversation.read',
    tags: ['Files'],
    summary: 'The bytes of a file; byte ranges are answered',
    raw: { produces: 'application/octet-stream' },
    errors: ['conflict'],
    params: idParam,
    output: null,
    handler: async ({ ctx, viewer, params, req, res }) =>
      sendFile(req, res, await openFile(ctx, viewer, params.id), 'private, max-age=3600'),
  }),
]
