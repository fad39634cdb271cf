import { expect, test } from "vitest";
import { urlProblemSoFar } from "./endpoint-url.ts";

test("what may still become a URL is no mistake while it is written", () => {
  for (const text of ["", "h", "http", "https", "https:/", "HTTP://"])
    expect(urlProblemSoFar(text)).toBeNull();
  for (const text of ["e", "httpx", "www.", "ftp://"])
    expect(urlProblemSoFar(text)).toBe("URL must start with http:// or https://");
});
