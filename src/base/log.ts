import { pino, type Logger } from "pino";

export type { Logger };

/**
 * One logger a subsystem: `log.child({ part: "journal" })`. The paths below are never printed, wherever they
 * appear; no caller passes phone numbers or message text.
 */
export function createLog(options: { level: string; pretty: boolean }): Logger {
  return pino({
    level: options.level,
    base: null,
    redact: {
      paths: [
        "authorization",
        "cookie",
        "secret",
        "app_secret",
        "access_token",
        "verify_token",
        "key",
        "*.authorization",
        "*.cookie",
        "*.secret",
        "*.app_secret",
        "*.access_token",
        "*.verify_token",
      ],
      censor: "[kept secret]",
    },
    ...(options.pretty
      ? {
          transport: {
            target: "pino-pretty",
            options: {
              translateTime: "HH:MM:ss",
              ignore: "part",
              messageFormat: "{part} {msg}",
              singleLine: true,
            },
          },
        }
      : {}),
  });
}

export const silentLog: Logger = pino({ level: "silent" });
