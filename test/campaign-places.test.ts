import { join } from "node:path";
import { expect, it } from "vitest";
import { projectDir } from "../src/base/base.ts";
import { placesOf as filledPlaces, unsupportedIn } from "../src/campaigns/definition/template-places.ts";

// The pages are compiled for browsers, and the tests are not.
const { isSendable, placesOf } = (await import(
  join(projectDir, "web/src/conversation/filling/places.ts")
)) as {
  isSendable: (components: object[]) => boolean;
  placesOf: (components: object[]) => { key: string; takes: string }[];
};

/** The page asks for exactly what the engine needs: else a campaign could not be launched, or would skip everyone. */

const HEADERS = [
  [],
  [{ type: "HEADER", format: "TEXT", text: "Sale" }],
  [{ type: "HEADER", format: "TEXT", text: "Order {{1}}", example: { header_text: ["4821"] } }],
  ...["IMAGE", "VIDEO", "DOCUMENT", "LOCATION"].map((format) => [{ type: "HEADER", format }]),
];
const BODIES = [
  "Hello",
  "Hello {{1}}, your order {{2}} is here.",
  "Hello {{first_name}}, see you on {{day}}.",
  "{{2}} before {{1}}, and {{1}} again.",
].map((text) => [{ type: "BODY", text }]);
const CODE = "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}";
const BUTTONS = [
  [],
  [{ type: "QUICK_REPLY", text: "Yes" }],
  [{ type: "URL", text: "Shop", url: "https://example.com/shop" }],
  [
    { type: "PHONE_NUMBER", text: "Call", phone_number: "+15550100100" },
    { type: "URL", text: "Track it", url: "https://example.com/{{1}}", example: ["https://example.com/1"] },
  ],
  [{ type: "COPY_CODE", example: "SPRING" }],
  [{ type: "URL", text: "Copy code", url: CODE }],
];
const templates = HEADERS.flatMap((header) =>
  BODIES.flatMap((body) =>
    BUTTONS.map((buttons) => [
      ...header,
      ...body,
      ...(buttons.length === 0 ? [] : [{ type: "BUTTONS", buttons }]),
    ]),
  ),
);

it("the wizard asks for each place that the engine fills, and for no other", () => {
  expect(templates.length).toBe(7 * 4 * 6);
  for (const components of templates) {
    const filled = filledPlaces({ components }).filter(({ required }) => required);
    expect(
      placesOf(components)
        .map(({ key, takes }) => `${key} ${takes}`)
        .toSorted(),
    ).toEqual(filled.map(({ place, kind }) => `${place} ${kind}`).toSorted());
  }
});

it("what the engine can't send is not offered", () => {
  for (const type of ["CAROUSEL", "LIMITED_TIME_OFFER"]) {
    const components = [{ type: "BODY", text: "Hello" }, { type }];
    expect([isSendable(components), unsupportedIn({ components }) === null]).toEqual([false, false]);
  }
  for (const type of ["MPM", "SPM", "CATALOG", "FLOW", "URL"]) {
    const components = [
      { type: "BODY", text: "Hello" },
      { type: "BUTTONS", buttons: [{ type, text: "Go" }] },
    ];
    expect([type, isSendable(components)]).toEqual([type, unsupportedIn({ components }) === null]);
  }
});
