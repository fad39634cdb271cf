import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, readConfig, roles, withMasterKeys } from "./config.ts";

const key = Buffer.alloc(32, 1).toString("base64");
const otherKey = Buffer.alloc(32, 2).toString("base64");

describe("the configuration", () => {
  test("needs nothing: sandbox mode, on loopback, with Wharf's own PostgreSQL", () => {
    expect(readConfig({ PORT: "" })).toMatchObject({
      mode: "sandbox",
      host: "127.0.0.1",
      port: 3_000,
      database_url: null,
      allowed_targets: [],
      roles,
      log_level: "info",
      meta: { app_secret: null, graph_url: "https://graph.facebook.com" },
    });
  });

  test("reads lists, and keeps the order of the master keys", () => {
    const config = readConfig({
      WHARF_MASTER_KEY: `${key}, ${otherKey}`,
      WHARF_ALLOWED_TARGETS: "10.0.0.0/8,127.0.0.1,::1",
      WHARF_ROLES: "api,intake",
      META_APP_SECRET: "s",
      META_GRAPH_URL: "http://127.0.0.1:9/",
    });
    expect(config.mode).toBe("live");
    expect(config.master_keys.map((buffer) => buffer[0])).toEqual([1, 2]);
    expect(config.allowed_targets).toEqual(["10.0.0.0/8", "127.0.0.1/32", "::1/128"]);
    expect(config.roles).toEqual(["intake", "api"]);
    expect(config.meta.graph_url).toBe("http://127.0.0.1:9");
  });

  test("reads secrets from files, and says which file is missing, empty or one too many", async () => {
    const dir = await mkdtemp(join(tmpdir(), "wharf-config-test-"));
    try {
      const file = async (name: string, text: string) => {
        await writeFile(join(dir, name), text);
        return join(dir, name);
      };
      const config = readConfig({
        META_APP_SECRET_FILE: await file("app-secret", "from a file\n"),
        META_ACCESS_TOKEN_FILE: await file("token", "EAA\r\n"),
        DATABASE_URL_FILE: await file("url", "postgres://u:p@db:5432/w\n"),
        WHARF_MASTER_KEY_FILE: await file("key", `${key}\n`),
        WHARF_BACKUP_PASSPHRASE_FILE: await file("passphrase", "four words in a row\n"),
      });
      expect(config).toMatchObject({
        mode: "live",
        database_url: "postgres://u:p@db:5432/w",
        meta: { app_secret: "from a file", access_token: "EAA" },
        backup: { passphrase: "four words in a row" },
      });
      expect(config.master_keys).toEqual([Buffer.alloc(32, 1)]);
      // Never shown, though they did not come from the environment.
      expect(JSON.stringify(config.settings)).not.toMatch(/from a file|EAA|u:p@/);
      const problems = problemsOf({
        META_APP_SECRET_FILE: join(dir, "nothing"),
        META_VERIFY_TOKEN_FILE: await file("empty", " \n"),
        WHARF_API_KEY_FILE: await file("api-key", "a key with enough characters"),
        WHARF_API_KEY: "another key with enough characters",
      });
      expect(problems).toEqual([
        "WHARF_API_KEY_FILE: is set beside WHARF_API_KEY; set one of the two.",
        expect.stringMatching(/^META_APP_SECRET_FILE: .*nothing can't be read \(ENOENT\)/),
        expect.stringMatching(/^META_VERIFY_TOKEN_FILE: .*empty is empty/),
      ]);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  test("reports every problem at once, each with what to do", () => {
    const problems = problemsOf({
      PORT: "http",
      DATABASE_URL: "mysql://x",
      WHARF_MASTER_KEY: "short",
      WHARF_ALLOWED_TARGETS: "everything",
      WHARF_ROLES: "captain",
      LOG_LEVEL: "loud",
      META_ACCESS_TOKEN: "t",
      WHARF_API_KEY: "short",
      WHARF_PROCESSES: "0",
    });
    expect(new Set(problems.map((problem) => problem.split(":")[0]))).toEqual(
      new Set([
        "DATABASE_URL",
        "LOG_LEVEL",
        "META_APP_SECRET",
        "PORT",
        "WHARF_ALLOWED_TARGETS",
        "WHARF_API_KEY",
        "WHARF_MASTER_KEY",
        "WHARF_PROCESSES",
        "WHARF_ROLES",
      ]),
    );
    expect(problems.join("\n")).toContain("openssl rand -base64 32");
  });

  test("takes no API key that is short enough to be guessed: it is owner of everything", () => {
    const of = (length: number) => problemsOf({ WHARF_API_KEY: "k".repeat(length) });
    expect(of(15)).toEqual([expect.stringContaining("use at least 16 characters")]);
    expect(of(16)).toEqual([]);
  });

  test("reads a bucket for files: path style with another maker's endpoint, no key but what the SDK finds", () => {
    expect(readConfig({}).media_bucket).toBeNull();
    expect(readConfig({ WHARF_MEDIA_BUCKET: "files" }).media_bucket).toEqual({
      bucket: "files",
      endpoint: null,
      region: "us-east-1",
      prefix: "",
      path_style: false,
      access_key: null,
    });
    expect(
      readConfig({
        WHARF_MEDIA_BUCKET: "files",
        WHARF_MEDIA_ENDPOINT: "https://s3.example.com/",
        WHARF_MEDIA_REGION: "eu-1",
        WHARF_MEDIA_PREFIX: "/a/b/",
        WHARF_MEDIA_ACCESS_KEY_ID: "k",
        WHARF_MEDIA_SECRET_ACCESS_KEY: "s",
      }).media_bucket,
    ).toEqual({
      bucket: "files",
      endpoint: "https://s3.example.com",
      region: "eu-1",
      prefix: "a/b/",
      path_style: true,
      access_key: { id: "k", secret: "s" },
    });
    expect(
      readConfig({
        WHARF_MEDIA_BUCKET: "files",
        WHARF_MEDIA_ENDPOINT: "https://s3.example.com",
        WHARF_MEDIA_PATH_STYLE: "no",
        WHARF_MEDIA_PREFIX: "/",
      }).media_bucket,
    ).toMatchObject({ path_style: false, prefix: "" });
  });

  test("says what is wrong with a bucket's settings, and what has no effect without one", () => {
    const names = (env: Record<string, string>) =>
      new Set(problemsOf(env).map((problem) => problem.split(":")[0]));
    expect(
      names({
        WHARF_MEDIA_BUCKET: "s3://files/a",
        WHARF_MEDIA_ENDPOINT: "https://key:secret@s3.example.com",
        WHARF_MEDIA_REGION: "eu 1",
        WHARF_MEDIA_PREFIX: "a/../b",
        WHARF_MEDIA_PATH_STYLE: "true",
        WHARF_MEDIA_ACCESS_KEY_ID: "k",
      }),
    ).toEqual(
      new Set([
        "WHARF_MEDIA_BUCKET",
        "WHARF_MEDIA_ENDPOINT",
        "WHARF_MEDIA_PATH_STYLE",
        "WHARF_MEDIA_PREFIX",
        "WHARF_MEDIA_REGION",
        "WHARF_MEDIA_SECRET_ACCESS_KEY",
      ]),
    );
    expect(problemsOf({ WHARF_MEDIA_REGION: "eu-1" })).toEqual([
      "WHARF_MEDIA_REGION: has no effect without WHARF_MEDIA_BUCKET; name the bucket, or unset it.",
    ]);
  });

  test("asks for a master key when the database is elsewhere", () => {
    expect(problemsOf({ DATABASE_URL: "postgres://db/wharf" })).toEqual([
      expect.stringContaining("WHARF_MASTER_KEY: is required with DATABASE_URL"),
    ]);
  });

  test("makes the master key once, for its user only, and never anew for a database that exists", async () => {
    const data_dir = await mkdtemp(join(tmpdir(), "wharf-test-"));
    try {
      const config = readConfig({ WHARF_DATA_DIR: data_dir });
      const first = withMasterKeys(config);
      expect(withMasterKeys(config).master_keys).toEqual(first.master_keys);
      expect((await stat(join(data_dir, "master.key"))).mode & 0o777).toBe(0o600);
      await rm(join(data_dir, "master.key"));
      await mkdir(join(data_dir, "postgres"));
      expect(() => withMasterKeys(config)).toThrow("put it back from your backup");
    } finally {
      await rm(data_dir, { recursive: true });
    }
  });
});

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test("which proxies are believed is said by addresses and networks, and is this machine unless said otherwise (L4)", () => {
  const proxies = (value?: string) => readConfig({ WHARF_TRUSTED_PROXIES: value }).trusted_proxies;
  expect(proxies()).toEqual(["loopback"]);
  expect(proxies("none")).toEqual([]);
  expect(proxies("10.0.0.5, 172.16.0.0/12,::1,loopback")).toEqual([
    "10.0.0.5/32",
    "172.16.0.0/12",
    "::1/128",
    "loopback",
  ]);
  expect(() => proxies("true")).toThrow(/WHARF_TRUSTED_PROXIES/);
});
