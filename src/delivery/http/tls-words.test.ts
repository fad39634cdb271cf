import { readFileSync } from "node:fs";
import { createServer as createPlain, type AddressInfo, type Server } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pemPath, startAttempts } from "../../../test/support/process.ts";
import { createReceiver } from "../../../test/support/delivery.ts";
import { tlsWords } from "./tls-words.ts";

/** A server's fault is told with what to do about it, in a process that trusts the fixtures' root as any system trusts its own. */
describe("no secure connection, and why (F43)", () => {
  let sender: Awaited<ReturnType<typeof startAttempts>>;
  beforeAll(async () => {
    sender = await startAttempts({ NODE_EXTRA_CA_CERTS: pemPath("root.pem") });
  });

  const listening = async (server: Server): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    afterAll(() => server.close());
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  const serve = (options: TlsOptions) =>
    listening(
      createServer({ key: readFileSync(pemPath("key.pem")), ...options }, (socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
      }).on("tlsClientError", () => undefined),
    );
  const outcome = async (url: string) => {
    const { attempts } = await sender.ask({ url, tries: 1, at_once: 1 });
    return attempts[0]!;
  };

  const good = () => ({ cert: readFileSync(pemPath("good.pem")) });

  test.each([
    [
      "without-intermediate.pem",
      "tls_chain_incomplete",
      /intermediate certificate is missing.*whole chain.*fullchain\.pem/,
    ],
    ["unknown-authority.pem", "tls_authority_unknown", /authority that is not known.*public authority/],
    ["self-signed.pem", "tls_self_signed", /self-signed/],
    ["expired.pem", "tls_expired", /expired.*Renew/],
    ["early.pem", "tls_not_yet_valid", /not valid yet.*clocks/],
    [
      "other-host.pem",
      "tls_wrong_host",
      /not for this host name but for www\.shop\.example, shop\.example\. Install one that names it/,
    ],
  ])("%s", async (file, code, words) => {
    const { status, error_code, error } = await outcome(await serve({ cert: readFileSync(pemPath(file)) }));
    expect({ status, error_code }).toEqual({ status: null, error_code: code });
    expect(error).toMatch(words);
  });

  test("a whole chain to an authority that is trusted connects", async () => {
    const url = await serve(good());
    expect(await outcome(url)).toMatchObject({ status: 200, error_code: null, error: null });
  });

  test("no protocol or cipher in common", async () => {
    const old = await serve({
      ...good(),
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "ALL@SECLEVEL=0",
    });
    expect(await outcome(old)).toMatchObject({
      error_code: "tls_no_common_protocol",
      error: expect.stringMatching(/no protocol in common.*TLS 1\.2 or 1\.3/) as string,
    });
    const odd = await serve({ ...good(), maxVersion: "TLSv1.2", ciphers: "PSK-AES128-CBC-SHA" });
    expect(await outcome(odd)).toMatchObject({
      error_code: "tls_no_common_protocol",
      error: expect.stringMatching(/no protocol in common/) as string,
    });
  });

  test("what no server of Node's own does: a client certificate, an unknown name, a revoked or weak certificate", () => {
    const words = (code: string, message = code) =>
      tlsWords(Object.assign(new Error(message), { code }))?.error ?? null;
    for (const code of ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE"])
      expect(words(code)).toMatch(/client certificate/);
    expect(
      words("EPROTO", "write EPROTO 80:error:0A000410:SSL routines::sslv3 alert handshake failure"),
    ).toMatch(/no protocol in common/);
    expect(words("ERR_SSL_TLSV1_UNRECOGNIZED_NAME")).toMatch(/no certificate for this host name/);
    expect(words("CERT_REVOKED")).toMatch(/revoked/);
    for (const code of ["EE_KEY_TOO_SMALL", "CA_MD_TOO_WEAK"]) expect(words(code)).toMatch(/too weak/);
    for (const code of ["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"])
      expect(words(code)).toMatch(/chain is missing/);
    for (const code of ["ECONNRESET", "ENOTFOUND", "ERR_SSL_SOMETHING_NEW"]) expect(words(code)).toBeNull();
  });

  test("HTTP at a port that the URL takes for HTTPS, and a server that hangs up", async () => {
    const plain = await createReceiver();
    expect(await outcome(plain.url.replace("http:", "https:"))).toMatchObject({
      error_code: "tls_not_spoken",
      error: expect.stringMatching(/does not speak TLS.*http:\/\//) as string,
    });
    const silent = await listening(
      createPlain((socket) => void socket.on("error", () => undefined).destroy()),
    );
    expect(await outcome(silent)).toMatchObject({
      error_code: "tls_closed_early",
      error: expect.stringMatching(/closed the connection before it was secure/) as string,
    });
  });
});
