import { createTransport } from 'nodemailer'

/** Hands a mail to an SMTP listener on this machine as another server would. @throws with `responseCode` when it is refused. */
export async function sendSmtp(
  port: number,
  envelope: { readonly from: string; readonly to: readonly string[] },
  raw: string | Buffer,
): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true, connectionTimeout: 10_000 })
  try {
    const { response } = await transport.sendMail({ envelope: { from: envelope.from, to: [...envelope.to] }, raw })
    return response
  } finally {
    transport.close()
  }
}
