/**
 * A message to a person, and its form on Meta's wire. Source: Meta's pages of messages/*; a new kind is one member of
 * the union, one case of `bodyOf`, and its limits in check-message.ts.
 */
export interface Outgoing {
  /** A phone number with its country code, a business-scoped user id, or a group. */
  to: { phone: string } | { user_id: string } | { group_id: string };
  content: OutgoingContent;
  /** Shown as an answer to this message. */
  context_wamid?: string;
  /** Comes back in every status of the message. */
  callback_data?: string;
}

/** A file that was uploaded, or one that Meta fetches. */
export type MediaRef = { id: string } | { link: string };

export type OutgoingContent =
  | { type: "text"; body: string; preview_url?: boolean }
  | { type: "image" | "video"; media: MediaRef; caption?: string }
  | { type: "audio"; media: MediaRef; voice?: boolean }
  | { type: "document"; media: MediaRef; caption?: string; filename?: string }
  | { type: "sticker"; media: MediaRef }
  | { type: "location"; latitude: number; longitude: number; name?: string; address?: string }
  | { type: "contacts"; contacts: readonly ContactCard[] }
  /** An emoji of null takes the reaction back. */
  | { type: "reaction"; target_wamid: string; emoji: string | null }
  | {
      type: "buttons";
      header?: Header;
      body: string;
      footer?: string;
      buttons: readonly { id: string; title: string }[];
    }
  | {
      type: "list";
      header?: Header;
      body: string;
      footer?: string;
      /** What opens the list. */
      button: string;
      sections: readonly { title?: string; rows: readonly ListRow[] }[];
    }
  | { type: "cta_url"; header?: Header; body: string; footer?: string; text: string; url: string }
  | { type: "location_request"; body: string }
  /** Asks for the phone number of a contact that is known by a user id. */
  | { type: "contact_request"; body: string }
  | FlowContent
  | { type: "catalog"; body: string; footer?: string; thumbnail_product_retailer_id?: string }
  | { type: "product"; body?: string; footer?: string; catalog_id: string; product_retailer_id: string }
  | {
      type: "product_list";
      header: Header;
      body: string;
      footer?: string;
      catalog_id: string;
      sections: readonly { title?: string; product_retailer_ids: readonly string[] }[];
    }
  | TemplateContent;

/** A button that opens one of the business' flows (forms). What is filled in comes back as an `nfm_reply`. */
export interface FlowContent {
  type: "flow";
  header?: Header;
  body: string;
  footer?: string;
  flow: { id: string } | { name: string };
  /** What the button says. */
  cta: string;
  /** Comes back with the answer: tells which message it belongs to. */
  token?: string;
  /** Its first screen, with what stands in it already; or the business' own server is asked. Neither: as the flow says. */
  action?: { type: "navigate"; screen: string; data?: Record<string, unknown> } | { type: "data_exchange" };
  /** A draft reaches only those who work on it. */
  mode?: "draft" | "published";
}

export interface TemplateContent {
  type: "template";
  name: string;
  /** `en_US` */
  language: string;
  header?: readonly TemplateParameter[];
  body?: readonly TemplateParameter[];
  buttons?: readonly TemplateButton[];
}

export type Header =
  | { type: "text"; text: string }
  | { type: "image" | "video" | "document"; media: MediaRef; filename?: string };

export interface ListRow {
  id: string;
  title: string;
  description?: string;
}

/** With a name where the template's parameters have names, else by their order: all of a component alike. */
export type TemplateParameter = { name?: string } & (
  | { type: "text"; text: string }
  | { type: "currency"; fallback: string; code: string; amount_1000: number }
  | { type: "date_time"; fallback: string }
  | { type: "image" | "video" | "document"; media: MediaRef; filename?: string }
  | { type: "location"; latitude: number; longitude: number; name?: string; address?: string }
);

export type TemplateButton = { index: number } & (
  | { type: "quick_reply"; payload: string }
  | { type: "url"; text: string }
  | { type: "copy_code"; code: string }
  | { type: "flow"; flow_token: string; data?: Record<string, unknown> }
);

/** Meta's own form: it is passed on as it is. */
export interface ContactCard {
  name: { formatted_name: string; [part: string]: string };
  phones?: readonly { phone: string; type?: string; wa_id?: string }[];
  emails?: readonly { email: string; type?: string }[];
  addresses?: readonly Record<string, string>[];
  org?: Record<string, string>;
  urls?: readonly { url: string; type?: string }[];
  birthday?: string;
}

type Wire = Record<string, unknown>;

/** The body of `POST /{phone_number_id}/messages`. */
export function wireOf(message: Outgoing): Wire {
  const { to, content, context_wamid, callback_data } = message;
  return {
    messaging_product: "whatsapp",
    recipient_type: "group_id" in to ? "group" : "individual",
    ...recipientOf(to),
    ...(context_wamid === undefined ? {} : { context: { message_id: context_wamid } }),
    ...(callback_data === undefined ? {} : { biz_opaque_callback_data: callback_data }),
    ...bodyOf(content),
  };
}

function recipientOf(to: Outgoing["to"]): Wire {
  if ("group_id" in to) return { to: to.group_id };
  // Without the plus Meta takes it for a number of the sender's country.
  return "phone" in to ? { to: `+${to.phone.replace(/\D/g, "")}` } : { recipient: to.user_id };
}

function bodyOf(content: OutgoingContent): Wire {
  switch (content.type) {
    case "text":
      return {
        type: "text",
        text: {
          ...(content.preview_url === undefined ? {} : { preview_url: content.preview_url }),
          body: content.body,
        },
      };
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker": {
      const { type, media, ...rest } = content;
      return { type, [type]: { ...media, ...rest } };
    }
    case "location": {
      const { type, ...place } = content;
      return { type, location: place };
    }
    case "contacts":
      return { type: "contacts", contacts: content.contacts };
    case "reaction":
      return {
        type: "reaction",
        reaction: { message_id: content.target_wamid, emoji: content.emoji ?? "" },
      };
    case "buttons":
      return interactive("button", content, {
        buttons: content.buttons.map((reply) => ({ type: "reply", reply })),
      });
    case "list":
      return interactive("list", content, { button: content.button, sections: content.sections });
    case "cta_url":
      return interactive("cta_url", content, {
        name: "cta_url",
        parameters: { display_text: content.text, url: content.url },
      });
    case "location_request":
      return interactive("location_request_message", content, { name: "send_location" });
    case "contact_request":
      return interactive("request_contact_info", content, { name: "request_contact_info" });
    case "flow":
      return interactive("flow", content, { name: "flow", parameters: flowParametersOf(content) });
    case "catalog": {
      const { thumbnail_product_retailer_id } = content;
      return interactive("catalog_message", content, {
        name: "catalog_message",
        ...(thumbnail_product_retailer_id === undefined
          ? {}
          : { parameters: { thumbnail_product_retailer_id } }),
      });
    }
    case "product": {
      const { catalog_id, product_retailer_id } = content;
      return interactive("product", content, { catalog_id, product_retailer_id });
    }
    case "product_list":
      return interactive("product_list", content, {
        catalog_id: content.catalog_id,
        sections: content.sections.map(({ product_retailer_ids, ...section }) => ({
          ...section,
          product_items: product_retailer_ids.map((product_retailer_id) => ({ product_retailer_id })),
        })),
      });
    case "template":
      return { type: "template", template: templateOf(content) };
  }
}

function interactive(
  type: string,
  content: { header?: Header; body?: string; footer?: string },
  action: Wire,
): Wire {
  const { header, body, footer } = content;
  return {
    type: "interactive",
    interactive: {
      type,
      ...(header === undefined ? {} : { header: header.type === "text" ? header : mediaOf(header) }),
      ...(body === undefined ? {} : { body: { text: body } }),
      ...(footer === undefined ? {} : { footer: { text: footer } }),
      action,
    },
  };
}

function flowParametersOf({ flow, cta, token, action, mode }: FlowContent): Wire {
  return {
    flow_message_version: "3",
    ...("id" in flow ? { flow_id: flow.id } : { flow_name: flow.name }),
    flow_cta: cta,
    ...(token === undefined ? {} : { flow_token: token }),
    ...(mode === undefined ? {} : { mode }),
    ...(action === undefined ? {} : { flow_action: action.type }),
    ...(action?.type === "navigate"
      ? {
          flow_action_payload: {
            screen: action.screen,
            ...(action.data === undefined ? {} : { data: action.data }),
          },
        }
      : {}),
  };
}

function templateOf({ name, language, header, body, buttons }: TemplateContent): Wire {
  const components = [
    ...(header?.length ? [{ type: "header", parameters: header.map(parameterOf) }] : []),
    ...(body?.length ? [{ type: "body", parameters: body.map(parameterOf) }] : []),
    ...(buttons ?? []).map((button) => ({
      type: "button",
      sub_type: button.type,
      index: String(button.index),
      parameters: [buttonParameterOf(button)],
    })),
  ];
  return { name, language: { code: language }, ...(components.length === 0 ? {} : { components }) };
}

function parameterOf(parameter: TemplateParameter): Wire {
  const named = parameter.name === undefined ? {} : { parameter_name: parameter.name };
  switch (parameter.type) {
    case "text":
      return { type: "text", ...named, text: parameter.text };
    case "currency":
      return {
        type: "currency",
        ...named,
        currency: {
          fallback_value: parameter.fallback,
          code: parameter.code,
          amount_1000: parameter.amount_1000,
        },
      };
    case "date_time":
      return { type: "date_time", ...named, date_time: { fallback_value: parameter.fallback } };
    case "location": {
      const { latitude, longitude, name, address } = parameter;
      return { type: "location", location: { latitude, longitude, name, address } };
    }
    default:
      return { ...named, ...mediaOf(parameter) };
  }
}

function buttonParameterOf(button: TemplateButton): Wire {
  switch (button.type) {
    case "quick_reply":
      return { type: "payload", payload: button.payload };
    case "url":
      return { type: "text", text: button.text };
    case "copy_code":
      return { type: "coupon_code", coupon_code: button.code };
    case "flow":
      return {
        type: "action",
        action: {
          flow_token: button.flow_token,
          ...(button.data === undefined ? {} : { flow_action_data: button.data }),
        },
      };
  }
}

function mediaOf({ type, media, filename }: { type: string; media: MediaRef; filename?: string }): Wire {
  return { type, [type]: { ...media, ...(filename === undefined ? {} : { filename }) } };
}
