import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Response } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { projectDir } from "../../src/base/base.ts";
import { NUMBERS } from "../../src/simulator/simulator.ts";
import { signIn } from "./support/chromium.ts";
import { startSuite } from "./support/suite.ts";

/** What of the browser's elements is asked here; the tests are compiled without its types. */
interface Heard {
  currentTime: number;
  duration: number;
  paused: boolean;
  seekable: { end(at: number): number };
  addEventListener(name: string, listener: () => void): void;
}
type Pictured = { naturalWidth: number };

const folder = mkdtempSync(join(tmpdir(), "wharf-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { product, browser } = await startSuite();
const page = await browser.context.newPage();
const phone = page.getByRole("log", { name: "The customer's phone" });
const who = { from: "12025550147", phone_number_id: NUMBERS[0]!.phone_number_id };
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

const share = async (tile: string) => {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("dialog", { name: "Share" }).getByRole("button", { name: tile, exact: true }).click();
};
const bubble = (has: { hasText?: string; has?: Locator }): Locator =>
  page
    .getByRole("log", { name: /^Messages with/ })
    .locator('[id^="m-"]')
    .filter(has);
const openInbox = async () => {
  await page.goto("/inbox");
  await page
    .getByRole("region", { name: "Conversations" })
    .getByRole("link", { name: "Sheena Nelson" })
    .click();
};
const width = (image: Locator) => image.evaluate((element) => (element as unknown as Pictured).naturalWidth);
const at = (media: Locator) => media.evaluate((element) => (element as unknown as Heard).currentTime);

/** The sample video with its index behind 14 MB of nothing: to play it, a browser has to leap there. */
function videoWithLateIndex(): Buffer {
  const video = readFileSync(join(projectDir, "src/simulator/scenario/samples/video.mp4"));
  const filler = Buffer.alloc(14 * 1024 * 1024);
  filler.writeUInt32BE(filler.length);
  filler.write("free", 4);
  // Where its pictures and tones are is told from the beginning of the file.
  for (let found = video.indexOf("stco"); found > 0; found = video.indexOf("stco", found + 4)) {
    const count = video.readUInt32BE(found + 8);
    for (let entry = 0; entry < count; entry++) {
      const place = found + 12 + entry * 4;
      video.writeUInt32BE(video.readUInt32BE(place) + filler.length, place);
    }
  }
  const first = video.readUInt32BE(0);
  return Buffer.concat([video.subarray(0, first), filler, video.subarray(first)]);
}

it("a photo, a voice note and a video of the phone's are shown and stored in the Inbox", async () => {
  await signIn(product, browser.context);
  await page.goto("/sandbox");
  await page.getByRole("textbox", { name: "Message" }).fill("The harbour this morning");
  await share("Photo");
  await phone.getByText("The harbour this morning").waitFor();
  await page.getByRole("button", { name: "Send a voice note" }).click();
  await share("Video");
  await expect.poll(() => phone.getByText(/^200 · \d+ ms$/).count()).toBe(3);
  await openInbox();
  const image = bubble({ hasText: "The harbour" }).getByRole("img", { name: "The harbour this morning" });
  await image.waitFor();
  await expect.poll(() => width(image)).toBe(1280);
  await bubble({ has: page.getByRole("group", { name: "Voice message" }) }).waitFor();
  await bubble({ has: page.locator("video") }).waitFor();
});

it("a photo opens large, with its caption; by the keyboard one goes through them and back to where one was", async () => {
  const link = bubble({ hasText: "The harbour" }).getByRole("link", { name: /^Open the photo/ });
  await product.api("POST", "/api/v1/sandbox/messages", {
    ...who,
    image: { sample: true, caption: "Another" },
  });
  await bubble({ hasText: "Another" }).getByRole("img", { name: "Another" }).waitFor();
  await link.focus();
  await page.keyboard.press("Enter");
  const large = page.getByRole("dialog", { name: "Photo 1 of 2" });
  await large.getByRole("img", { name: "The harbour this morning" }).waitFor();
  await large.getByText("The harbour this morning").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("dialog", { name: "Photo 2 of 2" }).getByRole("img", { name: "Another" }).waitFor();
  // The Inbox's own keys are not heard meanwhile.
  await page.keyboard.press("e");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await link.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  const { body } = await product.api("GET", "/api/v1/conversations");
  expect(body["data"]).toMatchObject([{ status: "OPEN" }]);
});

it("the voice note plays from where one puts it to its end", async () => {
  const player = page.getByRole("group", { name: "Voice message" });
  const audio = player.locator("audio");
  await player.getByRole("button", { name: "Play" }).click();
  await player.getByRole("button", { name: "Pause" }).waitFor();
  await expect.poll(() => at(audio)).toBeGreaterThan(0.2);
  const position = player.getByRole("slider", { name: "Position" });
  await position.fill("9");
  expect(await at(audio)).toBeGreaterThanOrEqual(9);
  await player.getByRole("button", { name: "Play" }).waitFor();
  expect(await audio.evaluate((element) => (element as unknown as Heard).paused)).toBe(true);
  expect(await position.getAttribute("aria-valuetext")).toBe("0:00 of 0:10");
});

it("a video of one's own, with its index at the end, is played by range requests", async () => {
  await page.goto("/sandbox");
  const path = join(folder, "harbour.mp4");
  writeFileSync(path, videoWithLateIndex());
  await page.getByTestId("phone-file").setInputFiles(path);
  await page.getByText("ready to send").waitFor();
  await page.getByRole("textbox", { name: "Message" }).fill("Look at the waves");
  await page.keyboard.press("Enter");
  await phone.getByText(/^200 · \d+ ms$/).waitFor();
  const responses: Response[] = [];
  page.on("response", (response) => responses.push(response));
  await openInbox();
  const own = bubble({ hasText: "Look at the waves" });
  const video = own.locator("video");
  await video.waitFor();
  const url = await video.getAttribute("src");
  const played = await video.evaluate(async (element) => {
    const media = element as unknown as Heard & { play(): Promise<void> };
    const heard = (name: string) => new Promise<void>((resolve) => media.addEventListener(name, resolve));
    await media.play();
    const ended = heard("ended");
    while (media.currentTime < 0.3) await heard("timeupdate");
    const seeked = heard("seeked");
    media.currentTime = media.duration - 0.5;
    await seeked;
    const { duration, currentTime } = media;
    const seekable = media.seekable.end(0);
    await ended;
    return { duration, currentTime, seekable };
  });
  expect(played.duration).toBeCloseTo(5, 0);
  expect(played.seekable).toBe(played.duration);
  expect(played.currentTime).toBeGreaterThanOrEqual(played.duration - 0.5);
  const ranges = responses
    .filter((response) => response.url().endsWith(url ?? "?") && response.status() === 206)
    .map((response) => Number(/^bytes (\d+)-/.exec(response.headers()["content-range"] ?? "")?.[1]));
  expect(Math.max(...ranges)).toBeGreaterThan(10 * 1024 * 1024);
});

it("a document of 90 MB arrives whole, and is downloaded as it was", async () => {
  const bytes = randomBytes(90 * 1024 * 1024);
  const upload = await fetch(`${product.url}/api/v1/sandbox/media`, {
    method: "POST",
    headers: { authorization: `Bearer ${product.api_key}`, "content-type": "application/pdf" },
    body: bytes,
  });
  const { id, ...known } = (await upload.json()) as { id: string };
  expect(known).toEqual({ sha256: sha256(bytes), mime_type: "application/pdf", size_bytes: bytes.length });
  const document = { id, filename: "catalogue.pdf", caption: "Our whole catalogue" };
  const { status } = await product.api("POST", "/api/v1/sandbox/messages", { ...who, document });
  expect(status).toBe(201);
  const card = bubble({ hasText: "Our whole catalogue" });
  await card.getByText("catalogue.pdf").waitFor();
  await card.getByText("PDF · 94.4 MB").waitFor({ timeout: 30_000 });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    card.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("catalogue.pdf");
  expect(sha256(readFileSync(await download.path()))).toBe(sha256(bytes));
}, 90_000);

it("while Meta's host of files is away a file is not here yet, and says why; it comes once the host is back", async () => {
  const outage = (for_s: number) =>
    product.api("POST", "/api/v1/sandbox/simulator/steps", { outage: for_s, of: "media" });
  expect((await outage(3_600)).status).toBe(202);
  const image = (caption: string) =>
    product.api("POST", "/api/v1/sandbox/messages", { ...who, image: { sample: true, caption } });
  await image("By the button");
  await image("By the API");
  for (const caption of ["By the button", "By the API"]) {
    await bubble({ hasText: caption }).getByText("Not here yet").waitFor();
    await bubble({ hasText: caption }).getByText(/503/).waitFor();
  }
  expect((await outage(0)).status).toBe(202);
  await bubble({ hasText: "By the button" }).getByRole("button", { name: "Try now" }).click();
  const first = bubble({ hasText: "By the button" }).getByRole("img", { name: "By the button" });
  await expect.poll(() => width(first)).toBe(1280);

  const { body } = await product.api("GET", "/api/v1/conversations");
  const [{ id }] = body["data"] as [{ id: string }];
  const thread = await product.api("GET", `/api/v1/conversations/${id}/messages`);
  const other = (thread.body["data"] as { text: string; media: { id: string; state: string } }[]).find(
    ({ text }) => text === "By the API",
  )!;
  if (other.media.state !== "stored") await product.api("POST", `/api/v1/media/${other.media.id}/retry`);
  const second = bubble({ hasText: "By the API" }).getByRole("img", { name: "By the API" });
  await second.scrollIntoViewIfNeeded();
  await expect.poll(() => width(second)).toBe(1280);
  expect(browser.complaints()).toEqual([]);
});
