import { describe, expect, test } from "vitest";
import { questionOf, templateOffers } from "./offers.ts";

const offers = (content: Record<string, unknown>) => questionOf({ type: "interactive", content }).offers;
const cta = (url: string) =>
  offers({ type: "cta_url", action: { name: "cta_url", parameters: { display_text: "See", url } } });

describe("what an interactive message offers", () => {
  test("reply buttons with their ids", () => {
    const buttons = [
      { type: "reply", reply: { id: "y", title: "Yes" } },
      { type: "reply", reply: {} },
    ];
    expect(offers({ type: "button", action: { buttons } })).toEqual([
      { kind: "button_reply", title: "Yes", id: "y" },
    ]);
  });
  test("a list opens its rows by sections; one without rows offers nothing", () => {
    const rows = [{ id: "m", title: "Medium", description: "38-40" }, { title: "Large" }];
    const sections = [{ title: "Women", rows }];
    expect(offers({ type: "list", action: { button: "See sizes", sections } })).toEqual([
      {
        kind: "list",
        title: "See sizes",
        sections: [
          {
            title: "Women",
            rows: [
              { id: "m", title: "Medium", description: "38-40" },
              { id: "Large", title: "Large", description: null },
            ],
          },
        ],
      },
    ]);
    expect(offers({ type: "list", action: { button: "See", sections: [{ rows: [] }] } })).toEqual([]);
  });
  test("a link is one only if it leads to the web", () => {
    expect(cta("https://example.com")).toEqual([{ kind: "url", title: "See", url: "https://example.com" }]);
    for (const url of ["javascript:alert(1)", "data:text/html,x", " https://example.com"])
      expect(cta(url)).toEqual([{ kind: "other", title: "See" }]);
  });
  test("header, body and footer are said around it, a file's with its id", () => {
    const said = { body: { text: "Which?" }, footer: { text: "Until Sunday" } };
    const header = { type: "image", image: { id: "17" } };
    expect(questionOf({ type: "interactive", content: { ...said, header } })).toEqual({
      header: { type: "image", id: "17", filename: null },
      body: "Which?",
      footer: "Until Sunday",
      offers: [],
    });
    const words = { ...said, header: { type: "text", text: "Jackets" } };
    expect(questionOf({ type: "interactive", content: words }).header).toEqual({ text: "Jackets" });
  });
});

test("a template's buttons, in the form of the Graph API, with what was filled in when it was sent", () => {
  const BUTTONS = [
    { type: "QUICK_REPLY", text: "Yes" },
    { type: "QUICK_REPLY", text: "No" },
    { type: "URL", text: "Track", url: "https://track.example/{{1}}" },
    { type: "PHONE_NUMBER", text: "Call", phone_number: "+12025550190" },
    { type: "FLOW", text: "Book" },
  ];
  const parameters = (index: string, parameter: object) => ({
    type: "button",
    index,
    parameters: [parameter],
  });
  const components = [
    { type: "body", parameters: [] },
    parameters("0", { type: "payload", payload: "YES_1" }),
    parameters("2", { type: "text", text: "4821" }),
    parameters("4", { type: "action", action: { flow_token: "t" } }),
  ];
  expect(templateOffers({ components: [{ type: "BUTTONS", buttons: BUTTONS }] }, { components })).toEqual([
    { kind: "button", title: "Yes", payload: "YES_1" },
    { kind: "button", title: "No", payload: "No" },
    { kind: "url", title: "Track", url: "https://track.example/4821" },
    { kind: "phone", title: "Call", phone: "+12025550190" },
    { kind: "flow", title: "Book", flow_token: "t" },
  ]);
});
