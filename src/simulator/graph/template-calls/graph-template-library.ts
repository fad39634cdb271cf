import { type Body, graphFault, parsedJson } from "../protocol/protocol.ts";
import { chosen, type GraphPart, type NodeType, page } from "../calls/calls.ts";

/** Of Meta's ready-made templates one for each of its first uses. */
const LIBRARY = [
  {
    id: "7138055039625658",
    name: "delivery_update_1",
    language: "en_US",
    category: "UTILITY",
    topic: "ORDER_MANAGEMENT",
    usecase: "DELIVERY_UPDATE",
    industry: ["E_COMMERCE"],
    header: "Your order is on its way",
    body: "Good news, {{1}}! Order {{2}} has left our warehouse. You can follow it with the button below.",
    body_params: ["Ada", "4821"],
    body_param_types: ["TEXT", "TEXT"],
    buttons: [{ type: "URL", text: "Track", url: "https://www.example.com/" }],
  },
  {
    id: "7138055039625659",
    name: "payment_reminder_1",
    language: "en_US",
    category: "UTILITY",
    topic: "PAYMENTS",
    usecase: "PAYMENT_DUE_REMINDER",
    industry: ["FINANCIAL_SERVICES"],
    body: "Hello {{1}}, your payment of {{2}} is due on {{3}}. Thank you for being a customer.",
    body_params: ["Ada", "$12.60", "Jan 1, 2027"],
    body_param_types: ["TEXT", "AMOUNT", "DATE"],
    buttons: [{ type: "PHONE_NUMBER", text: "Call us", phone_number: "+12025550190" }],
  },
  {
    id: "7138055039625660",
    name: "group_invite_upon_request_1",
    language: "en_US",
    category: "UTILITY",
    topic: "GROUP_INVITE_LINK",
    usecase: "GROUP_INVITE_UPON_REQUEST",
    industry: ["E_COMMERCE"],
    body: "As you asked for, here is the link to our group {{1}}. We look forward to meeting you there!",
    body_params: ["Hikers"],
    body_param_types: ["TEXT"],
    buttons: [],
  },
];
type LibraryTemplate = (typeof LIBRARY)[number];

/** Ready-made templates, which an account takes over under a name of its own. */
export function libraryPart(): GraphPart {
  return {
    kindOf: (id) => (id === "message_template_library" ? id : undefined),
    rows: {
      "GET message_template_library": (request) =>
        page(
          request,
          LIBRARY.filter((template) => isAsked(template, request.query)).map((template) =>
            chosen(request, template, TEMPLATE),
          ),
        ),
    },
  };
}

const TEMPLATE: NodeType = { name: "WhatsAppMessageTemplateLibraryTemplate", more: ["header"] };

function isAsked(template: LibraryTemplate, query: URLSearchParams): boolean {
  const words = (query.get("search") ?? query.get("name") ?? "").toLowerCase();
  const isThat = (field: "topic" | "usecase" | "category", value: string | null) =>
    value === null || template[field] === value.toUpperCase();
  const language = query.get("language");
  return (
    [template.name, template.body].some((text) => text.toLowerCase().includes(words)) &&
    isThat("topic", query.get("topic")) &&
    isThat("usecase", query.get("usecase")) &&
    isThat("category", query.get("category")) &&
    (language === null || template.language.startsWith(language))
  );
}

/** A new template by the library's, whose parts can't be changed but for where its buttons lead. */
export function fromLibrary(body: Body): Body {
  const { library_template_name: name, library_template_button_inputs: inputs, ...rest } = body;
  if (typeof name !== "string") return body;
  const found = LIBRARY.find((template) => template.name === name);
  if (!found) throw graphFault(`(#100) Library template ${name} does not exist`);
  const given = typeof inputs === "string" ? parsedJson(inputs) : inputs;
  const buttons = found.buttons.map((button, at) => ({
    ...button,
    ...buttonInput(Array.isArray(given) ? (given as Body[])[at] : undefined),
  }));
  return {
    ...rest,
    library_template_name: name,
    components: [
      ...(found.header === undefined ? [] : [{ type: "HEADER", format: "TEXT", text: found.header }]),
      { type: "BODY", text: found.body, example: { body_text: [found.body_params] } },
      ...(buttons.length === 0 ? [] : [{ type: "BUTTONS", buttons }]),
    ],
  };
}

function buttonInput(given: Body | undefined): Body {
  if (!given) return {};
  const { url, phone_number } = given;
  const base = typeof url === "object" && url !== null ? (url as Body)["base_url"] : url;
  return {
    ...(base === undefined ? {} : { url: base }),
    ...(phone_number === undefined ? {} : { phone_number }),
  };
}
