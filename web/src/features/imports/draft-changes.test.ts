import { expect, test } from "vitest";
import { changed, changeOf } from "./draft-changes.ts";
import type { Change, Import } from "./queries.ts";

const consent = { state: "SUBSCRIBED", date: null, source: null, agreed: false };
const kept = {
  kind: "contacts",
  settings: { consent, tag_ids: [], mapping: [{ to: "phone" }, { to: "ignore" }, { to: "ignore" }] },
} as unknown as Import;

const agree = ({ settings }: Import): Change => ({ consent: { ...settings.consent, agreed: true } });
const name = ({ settings }: Import): Change => ({ consent: { ...settings.consent, source: "Our shop" } });

test("two changes of one moment are both kept, in whatever order they are saved", () => {
  for (const [one, other] of [
    [agree, name],
    [name, agree],
  ] as const) {
    const first = changeOf(kept, [], one);
    const second = changeOf(kept, [first], other);
    expect(second.consent).toEqual({ ...consent, agreed: true, source: "Our shop" });
    // Also when the server has been asked meanwhile and answered what was before both.
    expect([first, second].reduce(changed, kept).settings.consent).toEqual(second.consent);
  }
});

test("columns and tags that are chosen in one moment are all kept", () => {
  const column =
    (at: number) =>
    ({ settings }: Import): Change => ({
      mapping: settings.mapping.map((each, i) => (i === at ? { to: "value" } : each)),
    });
  const tag =
    (id: string) =>
    ({ settings }: Import): Change => ({ tag_ids: [...settings.tag_ids, id] });
  const sent: Change[] = [];
  for (const wanted of [column(1), tag("vip"), column(2), tag("fair")])
    sent.push(changeOf(kept, sent, wanted));
  expect(sent.reduce(changed, kept).settings).toMatchObject({
    mapping: [{ to: "phone" }, { to: "value" }, { to: "value" }],
    tag_ids: ["vip", "fair"],
  });
});
