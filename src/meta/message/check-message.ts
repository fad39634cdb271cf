import { visible } from "../../base/base.ts";
import type {
  ContactCard,
  FlowContent,
  Header,
  MediaRef,
  Outgoing,
  OutgoingContent,
  TemplateContent,
  TemplateParameter,
} from "./outgoing.ts";

/**
 * Meta's limits, checked before a message leaves: its own answer would be a code and half a sentence. Lengths are of
 * UTF-16 units, as Meta counts them; each problem is a sentence that names the part.
 */
export function checkMessage(message: Outgoing): string[] {
  const { to, content, context_wamid, callback_data } = message;
  const problems = createProblems();
  if ("group_id" in to) {
    // It becomes a part of a URL when Meta is asked about the group.
    problems.unless(/^[\w.=+/-]{1,200}$/.test(to.group_id), "A group's id is of letters and digits.");
    problems.unless(
      IN_GROUPS.has(content.type),
      "WhatsApp takes texts, files and templates in groups, and nothing to tap on.",
    );
  } else if ("phone" in to) {
    const digits = to.phone.replace(/[\s()+.-]/g, "");
    problems.unless(
      /^[1-9]\d{6,14}$/.test(digits),
      "The number must have its country code and 7 to 15 digits.",
    );
  } else {
    problems.unless(
      /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z\d]{1,128}$/.test(to.user_id),
      "A user id looks like US.13491208655302741918.",
    );
  }
  if (context_wamid !== undefined)
    problems.unless(
      context_wamid.startsWith("wamid."),
      "The message that is answered is named by its wamid.",
    );
  problems.text("The callback data", callback_data, 512, { empty: true });
  checkContent(content, problems);
  return problems.list;
}

/** What Meta's Groups API takes. Reactions are not named there; it refuses what it does not know with 131051. */
const IN_GROUPS: ReadonlySet<OutgoingContent["type"]> = new Set([
  "text",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "template",
  "reaction",
]);

interface Problems {
  list: string[];
  unless(holds: boolean, problem: string): void;
  /** Undefined is always right: what must be there is a string by its type. */
  text(subject: string, text: string | undefined, limit: number, how?: { empty?: boolean }): void;
}

function createProblems(): Problems {
  const list: string[] = [];
  const unless = (holds: boolean, problem: string) => {
    if (!holds && !list.includes(problem)) list.push(problem);
  };
  return {
    list,
    unless,
    text(subject, text, limit, { empty = false } = {}) {
      if (text === undefined) return;
      unless(empty || visible(text) !== null, `${subject} is empty.`);
      unless(text.length <= limit, `${subject} has ${text.length} characters; Meta takes ${limit}.`);
    },
  };
}

function checkContent(content: OutgoingContent, problems: Problems): void {
  switch (content.type) {
    case "text":
      return problems.text("The text", content.body, 4_096);
    case "image":
    case "video":
      checkMedia(content.media, problems);
      return problems.text("The caption", content.caption, 1_024, { empty: true });
    case "document":
      checkMedia(content.media, problems);
      problems.text("The caption", content.caption, 1_024, { empty: true });
      return problems.text("The file name", content.filename, 240);
    case "audio":
    case "sticker":
      return checkMedia(content.media, problems);
    case "location":
      return checkPlace(content, problems);
    case "contacts":
      return checkContacts(content.contacts, problems);
    case "reaction":
      problems.unless(
        content.target_wamid.startsWith("wamid."),
        "The message that is reacted to is named by its wamid.",
      );
      return problems.unless(content.emoji === null || isEmoji(content.emoji), "A reaction is one emoji.");
    case "buttons":
      checkFrame(content, 1_024, problems);
      problems.unless(
        content.buttons.length >= 1 && content.buttons.length <= 3,
        `There are ${content.buttons.length} buttons; Meta takes 1 to 3.`,
      );
      for (const { id, title } of content.buttons) {
        problems.text("A button's id", id, 256);
        problems.text(`The button "${title}"`, title, 20);
      }
      problems.unless(isDistinct(content.buttons.map(({ id }) => id)), "Two buttons have the same id.");
      return problems.unless(
        isDistinct(content.buttons.map(({ title }) => title)),
        "Two buttons have the same title.",
      );
    case "list":
      return checkList(content, problems);
    case "cta_url":
      checkFrame(content, 1_024, problems);
      problems.text("The button", content.text, 20);
      return problems.unless(isUrl(content.url), "The button's URL must begin with http:// or https://.");
    case "location_request":
    case "contact_request":
      return problems.text("The text", content.body, 1_024);
    case "flow":
      return checkFlow(content, problems);
    case "catalog":
      checkFrame(content, 1_024, problems);
      return problems.text("The product of the picture", content.thumbnail_product_retailer_id, 256);
    case "product":
      checkFrame(content, 1_024, problems);
      problems.text("The catalog", content.catalog_id, 256);
      return problems.text("The product", content.product_retailer_id, 256);
    case "product_list":
      return checkProducts(content, problems);
    case "template":
      return checkTemplate(content, problems);
  }
}

function checkFrame(
  { header, body, footer }: { header?: Header; body?: string; footer?: string },
  body_limit: number,
  problems: Problems,
): void {
  problems.text("The text", body, body_limit);
  problems.text("The footer", footer, 60);
  if (header?.type === "text") problems.text("The header", header.text, 60);
  else if (header) checkMedia(header.media, problems);
}

function checkList(content: OutgoingContent & { type: "list" }, problems: Problems): void {
  checkFrame(content, 4_096, problems);
  problems.unless(content.header === undefined || content.header.type === "text", "A list's header is text.");
  problems.text("The list's button", content.button, 20);
  const { sections } = content;
  problems.unless(
    sections.length >= 1 && sections.length <= 10,
    `There are ${sections.length} sections; Meta takes 1 to 10.`,
  );
  const rows = sections.flatMap((section) => section.rows);
  problems.unless(rows.length <= 10, `There are ${rows.length} rows in all; Meta takes 10.`);
  for (const { title, rows } of sections) {
    problems.text("A section's title", title, 24);
    problems.unless(sections.length === 1 || !!title, "Each section needs a title when there are several.");
    problems.unless(rows.length > 0, "A section has no rows.");
  }
  for (const { id, title, description } of rows) {
    problems.text("A row's id", id, 200);
    problems.text(`The row "${title}"`, title, 24);
    problems.text(`The description of "${title}"`, description, 72, { empty: true });
  }
  problems.unless(isDistinct(rows.map(({ id }) => id)), "Two rows have the same id.");
}

/** Meta advises at most 30 characters for its button; its older pages said 20. Source: its pages of flow messages. */
function checkFlow(content: FlowContent, problems: Problems): void {
  checkFrame(content, 1_024, problems);
  const { header, flow, cta, token, action } = content;
  problems.unless(header === undefined || header.type === "text", "A flow's header is text.");
  if ("id" in flow)
    problems.unless(/^\d{1,32}$/.test(flow.id), "A flow's id is the number that Meta gave it.");
  else problems.text("The flow's name", flow.name, 200);
  problems.text("The button", cta, 30);
  problems.unless(!EMOJI.test(cta), "The button of a flow can't have an emoji.");
  problems.text("The flow's token", token, 200);
  if (action?.type !== "navigate") return;
  problems.text("The flow's screen", action.screen, 200);
  problems.unless(
    action.data === undefined || Object.keys(action.data).length > 0,
    "The data of a flow's screen is empty; leave it out.",
  );
}

function checkProducts(content: OutgoingContent & { type: "product_list" }, problems: Problems): void {
  checkFrame(content, 1_024, problems);
  problems.unless(content.header.type === "text", "A product list's header is text.");
  problems.text("The catalog", content.catalog_id, 256);
  const { sections } = content;
  problems.unless(
    sections.length >= 1 && sections.length <= 10,
    `There are ${sections.length} sections; Meta takes 1 to 10.`,
  );
  const products = sections.flatMap(({ product_retailer_ids }) => product_retailer_ids);
  problems.unless(products.length <= 30, `There are ${products.length} products in all; Meta takes 30.`);
  for (const { title, product_retailer_ids } of sections) {
    problems.text("A section's title", title, 24);
    problems.unless(sections.length === 1 || !!title, "Each section needs a title when there are several.");
    problems.unless(product_retailer_ids.length > 0, "A section has no products.");
  }
  for (const id of products) problems.text("A product", id, 256);
}

function checkTemplate(content: TemplateContent, problems: Problems): void {
  problems.unless(
    /^[a-z\d_]{1,512}$/.test(content.name),
    "A template's name is of small letters, digits and underscores.",
  );
  problems.unless(
    /^[a-z]{2,3}(?:_[A-Z]{2,4})?$/.test(content.language),
    "A template's language looks like en or en_US.",
  );
  const { header = [], body = [], buttons = [] } = content;
  problems.unless(header.length <= 1, "A template's header takes one parameter.");
  for (const part of [header, body]) {
    const named = part.filter(({ name }) => name !== undefined).length;
    problems.unless(named === 0 || named === part.length, "Either all parameters have names or none has.");
    problems.unless(isDistinct(part.flatMap(({ name }) => name ?? [])), "Two parameters have the same name.");
    for (const parameter of part) checkParameter(parameter, problems);
  }
  for (const parameter of body)
    problems.unless(
      ["text", "currency", "date_time"].includes(parameter.type),
      "A template's body takes only texts, amounts and dates.",
    );
  problems.unless(buttons.length <= 10, "A template has at most 10 buttons.");
  problems.unless(isDistinct(buttons.map(({ index }) => index)), "Two parameters are for the same button.");
  for (const button of buttons) {
    problems.unless(
      Number.isInteger(button.index) && button.index >= 0 && button.index <= 9,
      "Buttons are counted from 0 to 9.",
    );
    if (button.type === "quick_reply") problems.text("A button's payload", button.payload, 128);
    if (button.type === "url") problems.text("A button's URL part", button.text, 2_000);
    if (button.type === "copy_code") problems.text("A button's code", button.code, 15);
  }
}

function checkParameter(parameter: TemplateParameter, problems: Problems): void {
  if (parameter.name !== undefined)
    problems.unless(
      /^[a-z\d_]+$/.test(parameter.name),
      "A parameter's name is of small letters, digits and underscores.",
    );
  if (parameter.type === "text") {
    problems.text("A parameter", parameter.text, 1_024);
    problems.unless(
      !/[\n\r\t]| {5}/.test(parameter.text),
      "A parameter can't have line breaks, tabs or more than 4 spaces in a row.",
    );
  } else if ("media" in parameter) checkMedia(parameter.media, problems);
  else if (parameter.type === "location") checkPlace(parameter, problems);
}

function checkContacts(contacts: readonly ContactCard[], problems: Problems): void {
  problems.unless(
    contacts.length >= 1 && contacts.length <= 257,
    `There are ${contacts.length} contacts; Meta takes 1 to 257.`,
  );
  for (const { name } of contacts) {
    problems.text("A contact's name", name.formatted_name, 1_024);
    problems.unless(
      Object.keys(name).length > 1,
      "A contact needs another part of its name beside formatted_name, as first_name.",
    );
  }
}

function checkPlace(place: { latitude: number; longitude: number }, problems: Problems): void {
  problems.unless(Math.abs(place.latitude) <= 90, "The latitude must be between -90 and 90.");
  problems.unless(Math.abs(place.longitude) <= 180, "The longitude must be between -180 and 180.");
}

function checkMedia(media: MediaRef, problems: Problems): void {
  if ("link" in media)
    problems.unless(isUrl(media.link), "A file's link must begin with http:// or https://.");
  else
    problems.unless(
      /^(?:\d{1,32}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i.test(media.id),
      "A file's id is that of a file uploaded here, or the number that Meta gave at its upload.",
    );
}

const isDistinct = (items: readonly unknown[]) => new Set(items).size === items.length;

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** A pictograph, a flag or a keycap. */
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

function isEmoji(text: string): boolean {
  return EMOJI.test(text) && [...new Intl.Segmenter().segment(text)].length === 1;
}
