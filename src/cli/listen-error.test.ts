import cluster from "node:cluster";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { OperatorError } from "../base/base.ts";
import { explainListening } from "./listen-error.ts";

const where = { host: "127.0.0.1", port: 3_000 };

test("a port that another program took meanwhile is told in a sentence, whichever process finds out", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const own = createServer().listen(port, "127.0.0.1");
  const [error] = await once(own, "error").catch((caught: unknown) => [caught]);
  // A process under the supervisor has it from the supervisor.
  const code = `require("node:net").createServer().on("error",
    ({ code, syscall }) => process.send({ code, syscall }, () => process.exit())).listen(${port}, "127.0.0.1")`;
  const exec = join(mkdtempSync(join(tmpdir(), "wharf-listen-")), "listen.cjs");
  writeFileSync(exec, code);
  cluster.setupPrimary({ exec, args: [], execArgv: [] });
  const worker = cluster.fork();
  const [told] = (await once(worker, "message")) as [NodeJS.ErrnoException];
  server.close();
  rmSync(dirname(exec), { recursive: true });
  expect(told).toEqual({ code: "EADDRINUSE", syscall: "bind" });
  for (const one of [error, told]) {
    const explained = explainListening(one, where) as OperatorError;
    expect(explained).toBeInstanceOf(OperatorError);
    expect(explained.message).toBe(
      "Port 3000 of 127.0.0.1 is in use by another program; stop that, or set PORT to a free one.",
    );
  }
});

test("what fails otherwise stays what it is", () => {
  for (const error of [
    new Error("x"),
    Object.assign(new Error("x"), { code: "EACCES", syscall: "open" }),
    null,
  ])
    expect(explainListening(error ?? "a text", where)).toBe(error ?? "a text");
});
