import { expect, it } from "vitest";
import { PASSWORD } from "./support/chromium.ts";
import { startSuite } from "./support/suite.ts";

// That nobody is signed in is told by a 401, which the browser writes into its console.
const { product, browser } = await startSuite([/status of 401/]);

it("who is not signed in is led to the sign-in page, and from there back to where they wanted to go", async () => {
  const page = await browser.open("/journal?state=dead");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(new URL(page.url()).searchParams.get("next")).toBe("/journal?state=dead");
  await page.close();
});

it("the one-time link signs in once and leads to setting a password, with which one then signs in", async () => {
  const link = product.sign_in_url!;
  const page = await browser.open(link);
  await page.getByRole("heading", { name: "Welcome aboard" }).waitFor();
  const email = await page.getByLabel("You sign in as").inputValue();
  const save = page.getByRole("button", { name: "Save and go on" });
  await page.getByLabel("New password", { exact: true }).fill("short");
  expect(await save.isDisabled()).toBe(true);
  await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await save.click();
  // A sandbox in which nothing has happened yet begins with the phone.
  await page.getByRole("heading", { name: "Sandbox" }).waitFor();

  await page.getByRole("button", { name: /theme and sign out/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();

  await page.goto(link);
  await page.getByText("This link was used or has expired").waitFor();
  expect(new URL(page.url()).pathname).toBe("/sign-in");

  await page.goto("/sign-in?next=%2Fjournal");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("don't belong together").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Journal" }).waitFor();
  expect(browser.complaints()).toEqual([]);
});
