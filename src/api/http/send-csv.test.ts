import Fastify from "fastify";
import { expect, test } from "vitest";
import { sendCsv } from "./send-csv.ts";

const answered = async (lines: () => AsyncGenerator<string>) => {
  const app = Fastify();
  app.get("/", (_, reply) => sendCsv(reply, "people.csv", lines()));
  const answer = await app.inject("/");
  await app.close();
  return answer;
};

test("what goes wrong before the first rows are read is an error, and no file that breaks off", async () => {
  const answer = await answered(async function* () {
    yield "Name\r\n";
    await Promise.reject(new Error("the database is away"));
  });
  expect(answer.statusCode).toBe(500);
  expect(answer.headers["content-type"]).toContain("application/json");
  expect(answer.headers["content-disposition"]).toBeUndefined();
});

test("a file has all its lines in their order, also where it has heads alone", async () => {
  const whole = await answered(async function* () {
    yield "Name\r\n";
    for (const name of ["Ann", "Bob", "Cem"]) yield `${name}\r\n`;
  });
  expect([whole.statusCode, whole.body]).toEqual([200, "Name\r\nAnn\r\nBob\r\nCem\r\n"]);
  expect(whole.headers["content-type"]).toBe("text/csv; charset=utf-8");
  const heads = await answered(async function* () {
    yield "Name\r\n";
  });
  expect([heads.statusCode, heads.body]).toEqual([200, "Name\r\n"]);
});
