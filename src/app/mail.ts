import type { MailSettings } from "../config.ts";
import type { SendMail } from "../notices/notices.ts";

const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;

/** Null: no mail server is configured. The client is loaded when the first email leaves. */
export function openMail(settings: MailSettings | null): { send: SendMail; stop(): void } | null {
  if (settings === null) return null;
  const { host, port, tls, user, password, from } = settings;
  const open = () =>
    import("nodemailer").then(({ createTransport }) =>
      createTransport({
        host,
        port,
        secure: tls === "tls",
        requireTLS: tls === "starttls",
        ignoreTLS: tls === "none",
        ...(user === null ? {} : { auth: { user, pass: password ?? "" } }),
        connectionTimeout: CONNECT_MS,
        greetingTimeout: CONNECT_MS,
        socketTimeout: ANSWER_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      }),
    );
  let opened: ReturnType<typeof open> | null = null;
  return {
    async send({ to, subject, text }) {
      // No one answers to it, and no other machine shall.
      const headers = { "Auto-Submitted": "auto-generated" };
      await (await (opened ??= open())).sendMail({ from, to, subject, text, headers });
    },
    stop: () => void opened?.then((transport) => transport.close()),
  };
}
