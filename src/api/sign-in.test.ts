import type { FastifyInstance, InjectOptions } from "fastify";
import { beforeAll, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import { sql } from "../db/db.ts";

let api: TestApi;
let app: FastifyInstance;
beforeAll(async () => {
  api = await createTestApi();
  app = api.app;
});

const password = "correct horse battery";
const origin = "http://wharf.test";
let address = 0;

/** As a browser at another address would: tries are counted by address. */
function browser() {
  const remoteAddress = `10.0.0.${++address}`;
  const jar = new Map<string, string>();
  const cookies = () => [...jar].map((pair) => pair.join("=")).join("; ");
  return {
    cookie: cookies,
    async ask(options: InjectOptions) {
      const cookie = cookies();
      const answer = await app.inject({
        ...options,
        remoteAddress,
        headers: { host: "wharf.test", ...(cookie ? { cookie } : {}), ...options.headers },
      });
      for (const { name, value } of answer.cookies)
        if (value) jar.set(name, value);
        else jar.delete(name);
      return answer;
    },
    post(url: string, body: object, headers: Record<string, string> = { origin }) {
      return this.ask({ method: "POST", url, headers, payload: body });
    },
  };
}

async function enterByLink() {
  const link = new URL((await api.people.signInLink("owner@wharf.local", origin))!);
  const owner = browser();
  return { owner, link, answer: await owner.ask({ method: "POST", url: link.pathname }) };
}

/** The owner's, by way of a link: whatever it was before. */
async function havePassword(word: string) {
  const { owner, answer } = await enterByLink();
  expect(answer.headers.location).toBe("/");
  expect((await owner.post("/api/auth/set-password", { password: word })).statusCode).toBe(204);
}

test("the one-time link lets its bearer in once; used again or made up, it leads to the sign-in page", async () => {
  const { owner, link, answer } = await enterByLink();
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/"]);
  expect(answer.cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  const me = await owner.ask({ url: "/api/v1/me" });
  expect(me.json()).toMatchObject({
    user: { email: "owner@wharf.local" },
    role: "owner",
    needs_password: true,
  });

  for (const path of [link.pathname, "/sign-in/link/nonsense"]) {
    const again = browser();
    const refused = await again.ask({ method: "POST", url: path });
    expect([refused.statusCode, refused.headers.location]).toEqual([303, "/sign-in?error=link"]);
    expect(again.cookie()).toBe("");
  }
});

test("what only looks at the one-time link uses nothing up (L1)", async () => {
  const link = new URL((await api.people.signInLink("owner@wharf.local", origin))!);
  // Scanners, previews, and browsers that fetch or draw a page before anyone asked for it.
  for (const method of ["HEAD", "GET", "OPTIONS"] as const) {
    for (const headers of [{}, { "sec-purpose": "prefetch" }, { "sec-purpose": "prefetch;prerender" }]) {
      const answer = await browser().ask({ method, url: link.pathname, headers });
      expect([answer.headers.location, answer.cookies]).toEqual([undefined, []]);
    }
  }
  const owner = browser();
  // As a browser sends a form without fields.
  const answer = await owner.ask({
    method: "POST",
    url: link.pathname,
    headers: { origin, "content-type": "application/x-www-form-urlencoded", "content-length": "0" },
  });
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/"]);
  expect((await owner.ask({ url: "/api/v1/me" })).statusCode).toBe(200);
});

test("who clicks twice on the link's button is inside after both", async () => {
  const { owner, link } = await enterByLink();
  const again = await owner.ask({ method: "POST", url: link.pathname });
  expect([again.statusCode, again.headers.location]).toEqual([303, "/"]);
  const stranger = await browser().ask({ method: "POST", url: link.pathname });
  expect(stranger.headers.location).toBe("/sign-in?error=link");
});

test("of two who open a link at the same time, one gets in", async () => {
  const link = new URL((await api.people.signInLink("owner@wharf.local", origin))!);
  const answers = await Promise.all(
    [1, 2, 3].map(() => browser().ask({ method: "POST", url: link.pathname })),
  );
  expect(
    answers.map((answer) => answer.headers.location).toSorted((a, b) => String(a).localeCompare(String(b))),
  ).toEqual(["/", "/sign-in?error=link", "/sign-in?error=link"]);
});

test("a link that is older than an hour no longer works", async () => {
  const link = new URL((await api.people.signInLink("owner@wharf.local", origin))!);
  await db_expire();
  expect((await browser().ask({ method: "POST", url: link.pathname })).headers.location).toBe(
    "/sign-in?error=link",
  );
});
const db_expire = () => api.db.run(sql`update verifications set expires_at = now() - interval '1 second'`);

test("after the first password the start gives no link, and email and password let in", async () => {
  const { owner } = await enterByLink();
  const short = await owner.post("/api/auth/set-password", { password: "short" });
  expect([short.statusCode, short.json().code]).toEqual([422, "PASSWORD_WEAK"]);
  expect(short.json().detail).toContain("12 characters");
  expect((await browser().post("/api/auth/set-password", { password })).json().code).toBe("UNAUTHENTICATED");

  expect((await owner.post("/api/auth/set-password", { password })).statusCode).toBe(204);
  expect((await owner.ask({ url: "/api/v1/me" })).json().needs_password).toBe(false);
  expect((await owner.post("/api/auth/set-password", { password: "another long one" })).json().code).toBe(
    "PASSWORD_SET",
  );
  expect((await api.people.ensureOwner({ url: origin })).link).toBeNull();

  const agent = browser();
  const wrong = await agent.post("/api/auth/sign-in/email", {
    email: "owner@wharf.local",
    password: "wrong",
  });
  expect([wrong.statusCode, wrong.json().code]).toEqual([401, "SIGN_IN_FAILED"]);
  const signedIn = await agent.post("/api/auth/sign-in/email", { email: "owner@wharf.local", password });
  expect(signedIn.statusCode).toBe(200);
  expect(Object.keys(signedIn.json())).toEqual(["user"]);
  expect((await agent.ask({ url: "/api/v1/me" })).statusCode).toBe(200);

  const cookie = agent.cookie();
  expect((await agent.post("/api/auth/sign-out", {})).statusCode).toBe(204);
  const gone = await app.inject({ url: "/api/v1/me", headers: { cookie } });
  expect([gone.statusCode, gone.json().code]).toEqual([401, "UNAUTHENTICATED"]);
});

test("a forgotten password is replaced by way of a one-time link, and every other session ends (L16)", async () => {
  const signIn = (word: string) => {
    const one = browser();
    return one
      .post("/api/auth/sign-in/email", { email: "owner@wharf.local", password: word })
      .then((answer) => ({
        one,
        status: answer.statusCode,
      }));
  };
  await havePassword(password);
  const { one: elsewhere } = await signIn(password);
  const { owner } = await enterByLink();
  expect((await owner.ask({ url: "/api/v1/me" })).json().needs_password).toBe(true);
  // Until another is chosen, the old one holds.
  expect((await signIn(password)).status).toBe(200);
  const again = { password: "another five words" };
  expect((await owner.post("/api/auth/set-password", again)).statusCode).toBe(204);
  expect((await owner.ask({ url: "/api/v1/me" })).json().needs_password).toBe(false);
  expect((await elsewhere.ask({ url: "/api/v1/me" })).statusCode).toBe(401);
  expect((await signIn(password)).status).toBe(401);
  expect((await signIn(again.password)).status).toBe(200);
  expect((await owner.post("/api/auth/set-password", { password })).json().code).toBe("PASSWORD_SET");
  // Who came in by the password may not.
  const { one } = await signIn(again.password);
  expect((await one.post("/api/auth/set-password", { password })).json().code).toBe("PASSWORD_SET");
  const { owner: back } = await enterByLink();
  expect((await back.post("/api/auth/set-password", { password })).statusCode).toBe(204);
});

test("changing the password asks for the current one and ends the other sessions", async () => {
  const signIn = async () => {
    const one = browser();
    await one.post("/api/auth/sign-in/email", { email: "owner@wharf.local", password });
    return one;
  };
  const [here, elsewhere] = [await signIn(), await signIn()];
  const change = (current_password: string) =>
    here.post("/api/auth/change-password", { current_password, new_password: `${password}!` });
  expect((await change("not it at all")).json().code).toBe("SIGN_IN_FAILED");
  expect((await change(password)).statusCode).toBe(204);
  expect((await here.ask({ url: "/api/v1/me" })).statusCode).toBe(200);
  expect((await elsewhere.ask({ url: "/api/v1/me" })).statusCode).toBe(401);
});

test("a write with a session must come from our own pages; one with a key need not", async () => {
  const { owner } = await enterByLink();
  const url = "/api/v1/journal/019a0000-0000-7000-8000-000000000000/retry";
  for (const headers of [{}, { origin: "https://evil.example" }, { origin: "null" }]) {
    const refused = await owner.ask({ method: "POST", url, headers });
    expect([refused.statusCode, refused.json().code]).toEqual([403, "FORBIDDEN"]);
  }
  expect((await owner.ask({ method: "POST", url, headers: { origin } })).json().code).toBe("NOT_FOUND");
  const byKey = await app.inject({ method: "POST", url, headers: { authorization: `Bearer ${api.key}` } });
  expect(byKey.json().code).toBe("NOT_FOUND");
  const foreign = await browser().post(
    "/api/auth/sign-in/email",
    { email: "owner@wharf.local", password },
    { origin: "https://evil.example" },
  );
  expect(foreign.json().code).toBe("FORBIDDEN");
});

test("over https the cookie is Secure, also behind a proxy", async () => {
  const link = new URL((await api.people.signInLink("owner@wharf.local", origin))!);
  // `inject` comes from 127.0.0.1, where a proxy on this machine would.
  const headers = { host: "wharf.test", "x-forwarded-proto": "https" };
  const answer = await app.inject({ method: "POST", url: link.pathname, headers });
  expect(answer.cookies[0]).toMatchObject({ secure: true, httpOnly: true });
  expect(answer.headers["strict-transport-security"]).toBeDefined();
});

test("guessing passwords is slowed down by address, whatever the client says its address is", async () => {
  const guesser = browser();
  const codes = [];
  const waits = [];
  for (let i = 0; i < 5; i++) {
    const answer = await guesser.post(
      "/api/auth/sign-in/email",
      { email: "owner@wharf.local", password: `guess ${i}` },
      {
        origin,
        "x-wharf-client": `10.9.9.${i}`,
      },
    );
    codes.push(answer.json().code);
    waits.push(Number(answer.headers["retry-after"] ?? 0) > 0);
  }
  expect(codes).toEqual([
    "SIGN_IN_FAILED",
    "SIGN_IN_FAILED",
    "SIGN_IN_FAILED",
    "TOO_MANY_REQUESTS",
    "TOO_MANY_REQUESTS",
  ]);
  expect(waits).toEqual([false, false, false, true, true]);
});

test("better-auth's other routes are not reachable", async () => {
  for (const [method, url] of [
    ["POST", "/api/auth/sign-up/email"],
    ["POST", "/api/auth/sign-in/magic-link"],
    ["POST", "/api/auth/api-key/create"],
    ["POST", "/api/auth/organization/create"],
    ["GET", "/api/auth/magic-link/verify"],
  ] as const) {
    expect((await app.inject({ method, url })).statusCode).toBe(404);
  }
});

test("a one-time link is tried by address a few times, whatever origin the client says it has (M3)", async () => {
  const guesser = browser();
  const url = "/sign-in/link/abc";
  for (const origin of ["null", "::", "java script:x"]) {
    expect((await guesser.ask({ url, headers: { origin } })).statusCode).toBeLessThan(500);
    expect((await guesser.ask({ method: "POST", url, headers: { origin } })).statusCode).toBe(403);
  }
  for (const headers of [{ "x-forwarded-host": "a b" }, { "x-forwarded-proto": "java script" }, {}, {}, {}]) {
    const answer = await guesser.ask({ method: "POST", url, headers });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, "/sign-in?error=link"]);
  }
  expect((await guesser.ask({ method: "POST", url })).statusCode).toBe(429);
});

test("who is no trusted proxy can't say which address, host or scheme a request came by (L4)", async () => {
  const guesser = browser();
  const codes: string[] = [];
  for (let i = 0; i < 4; i++) {
    const headers = { origin, "x-forwarded-for": `203.0.113.${i}` };
    const answer = await guesser.post("/api/auth/sign-in/email", { email: "a@b.c", password: "x" }, headers);
    codes.push(answer.json().code);
  }
  expect(codes.at(-1)).toBe("TOO_MANY_REQUESTS");
  const answer = await browser().ask({ url: "/healthz", headers: { "x-forwarded-proto": "https" } });
  expect(answer.headers["strict-transport-security"]).toBeUndefined();
  const forged = await browser().post("/api/auth/sign-out", {}, { origin, "x-forwarded-host": "other.test" });
  expect(forged.statusCode).toBe(204);
});

test("an address with a port counts as the address, and junk as the proxy that passed it on (L4)", async () => {
  const tried = async (forwarded: string) => {
    const answer = await app.inject({
      method: "POST",
      url: "/api/auth/sign-in/email",
      headers: { host: "wharf.test", origin, "x-forwarded-for": forwarded },
      payload: { email: "port@b.c", password: "x" },
    });
    return answer.json<{ code: string }>().code;
  };
  const lastOf = async (forwarded: (i: number) => string) => {
    for (let i = 0; i < 3; i++) await tried(forwarded(i));
    return tried(forwarded(3));
  };
  // Each that is refused at last leaves the others their own tries: they are no one bucket.
  expect(await lastOf((i) => `198.51.100.7:${5_000 + i}`)).toBe("TOO_MANY_REQUESTS");
  expect(await tried("198.51.100.8:5000")).toBe("SIGN_IN_FAILED");
  expect(await lastOf((i) => `[2001:db8::${i}]:443`)).toBe("TOO_MANY_REQUESTS");
  expect(await tried("[2001:db8:1::1]:443")).toBe("SIGN_IN_FAILED");
  expect(await lastOf((i) => `junk${i}`)).toBe("TOO_MANY_REQUESTS");
  expect(await tried("198.51.100.9")).toBe("SIGN_IN_FAILED");
});

/** As many tries at once, each from an address of its own, told by a proxy on this machine. */
const guessAt = (email: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, i) =>
      app.inject({
        method: "POST",
        url: "/api/auth/sign-in/email",
        headers: { host: "wharf.test", origin, "x-forwarded-for": `203.0.113.${i}` },
        payload: { email: i % 2 ? email : ` ${email.toUpperCase()}`, password: `guess ${i}` },
      }),
    ),
  );

test("an account's password can be guessed at 20 times, from however many addresses, whether it exists or not (L4)", async () => {
  for (const email of ["stranger@wharf.local", "owner@wharf.local"]) {
    await api.db.run(sql`delete from rate_limits`);
    const refused = (await guessAt(email, 24)).filter((answer) => answer.statusCode === 429);
    expect(refused).toHaveLength(4);
    expect(Number(refused[0]!.headers["retry-after"])).toBeGreaterThan(200);
  }
  // A link lets in meanwhile; once the window has passed so does the password, and ends the counting.
  await havePassword(`${password}!`);
  await api.db.run(sql`update rate_limits set last_request = last_request - 301000`);
  const entered = await browser().post("/api/auth/sign-in/email", {
    email: "owner@wharf.local",
    password: `${password}!`,
  });
  expect(entered.statusCode).toBe(200);
  const counted = await api.db.rows(sql`select key from rate_limits where key like 'account:%'`);
  expect(counted).toEqual([]);
});

test("strangers who guess keep no one out who signed in before in this browser, and guess no more by it", async () => {
  const sign = async (from: ReturnType<typeof browser>, word: string, cookie: string) =>
    from.post("/api/auth/sign-in/email", { email: "owner@wharf.local", password: word }, { origin, cookie });
  await api.db.run(sql`delete from rate_limits`);
  const first = await sign(browser(), `${password}!`, "");
  const known = first.cookies.find(({ name }) => name.startsWith("wharf.known."))!;
  expect(known).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/api/auth" });
  const cookie = `${known.name}=${known.value}`;

  for (let i = 0; i < 20; i++) await api.people.signInLimit.begin("owner@wharf.local");
  expect((await sign(browser(), `${password}!`, "")).statusCode).toBe(429);
  expect((await sign(browser(), `${password}!`, cookie)).statusCode).toBe(200);
  // It opens nothing by itself, is of this account, and can't be made up.
  expect((await sign(browser(), "wrong", cookie)).statusCode).toBe(401);
  for (const forged of [
    `${known.name}=${"a".repeat(22)}.${known.value.split(".").slice(1).join(".")}`,
    `${known.name}=x`,
  ])
    expect((await sign(browser(), `${password}!`, forged)).statusCode).toBe(429);
  // Its own tries are counted as well.
  for (let i = 0; i < 20; i++)
    await api.people.signInLimit.begin("owner@wharf.local", known.value.split(".")[0]).catch(() => {});
  expect((await sign(browser(), `${password}!`, cookie)).statusCode).toBe(429);
});

test("a session serves only the user that the page names", async () => {
  const { owner } = await enterByLink();
  const { user } = (await owner.ask({ url: "/api/v1/me" })).json();
  const as = async (id: string) =>
    (await owner.ask({ url: "/api/v1/conversations", headers: { "x-wharf-user": id } })).json().code;
  expect(await as(user.id)).toBeUndefined();
  expect(await as("01a22c52-5994-7126-9cde-70fd776c7f38")).toBe("SIGNED_IN_AS_ANOTHER");
});
