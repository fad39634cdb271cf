import { randomInt } from "node:crypto";
import { encode, renderSVG } from "uqr";
import { type Body, unknownObject } from "../protocol/protocol.ts";
import {
  chosen,
  Download,
  type GraphPart,
  type GraphRequest,
  invalidParameter,
  type NodeType,
  page,
  required,
} from "../calls/calls.ts";
import { greyPng } from "./png.ts";

interface QrCode {
  code: string;
  prefilled_message: string;
  /** Of the picture that was asked for when it was made. */
  format: Format | null;
}
type Format = "PNG" | "SVG";

const MOST_CHARACTERS = 140;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Codes and short links that open a chat with a text already written. */
export function qrPart(): GraphPart {
  const kept = new Map<string, Map<string, QrCode>>();
  const codesOf = (phone_number_id: string) => {
    let codes = kept.get(phone_number_id);
    if (!codes) kept.set(phone_number_id, (codes = new Map()));
    return codes;
  };
  const found = ({ method, id, rest }: GraphRequest, code = rest[1] ?? ""): QrCode => {
    const qr = codesOf(id).get(code);
    if (!qr) throw unknownObject(method, code);
    return qr;
  };
  /** What a list tells of it: the picture only where it is asked for. */
  const listed = (request: GraphRequest, qr: QrCode): Body => {
    const asked = /qr_image_url\.format\((SVG|PNG)\)/.exec(request.query.get("fields") ?? "")?.[1];
    return chosen(request, describe(request, qr, (asked as Format | undefined) ?? qr.format), QR);
  };
  async function change(request: GraphRequest, qr: QrCode | undefined) {
    const body = await request.parameters();
    const prefilled_message = textOf(body);
    if (qr) {
      qr.prefilled_message = prefilled_message;
      return describe(request, qr, null);
    }
    const made = { code: newCode(), prefilled_message, format: formatOf(body["generate_qr_image"]) };
    codesOf(request.id).set(made.code, made);
    return describe(request, made, made.format);
  }
  return {
    rows: {
      "GET number message_qrdls": (request) =>
        page(
          request,
          [...codesOf(request.id).values()].toReversed().map((qr) => listed(request, qr)),
        ),
      async "POST number message_qrdls"(request) {
        const { code } = await request.parameters();
        return change(request, typeof code === "string" ? found(request, code) : undefined);
      },
      "POST number message_qrdls/*": (request) => change(request, found(request)),
      "GET number message_qrdls/*": (request) => ({ data: [listed(request, found(request))] }),
      "DELETE number message_qrdls/*"(request) {
        codesOf(request.id).delete(found(request).code);
        return { success: true };
      },
      "GET public qr/*"({ rest: [, name = ""] }) {
        const [code = "", format] = name.split(".");
        return new Download(pictureOf(linkTo(code), format === "svg" ? "SVG" : "PNG"));
      },
    },
  };
}

const QR: NodeType = {
  name: "WhatsAppMessageQRCode",
  usual: ["code", "prefilled_message", "deep_link_url", "qr_image_url"],
  more: ["qr_image_url", "creation_time"],
};

const linkTo = (code: string) => `https://wa.me/message/${code}`;

const describe = ({ base_url }: GraphRequest, qr: QrCode, format: Format | null): Body => ({
  code: qr.code,
  prefilled_message: qr.prefilled_message,
  deep_link_url: linkTo(qr.code),
  ...(format === null ? {} : { qr_image_url: `${base_url}/public/qr/${qr.code}.${format.toLowerCase()}` }),
});

function textOf(body: Body): string {
  const text = required(body, "prefilled_message");
  if (text.length > MOST_CHARACTERS)
    throw invalidParameter("prefilled_message", `must be at most ${MOST_CHARACTERS} characters long`);
  return text;
}

function formatOf(asked: unknown): Format | null {
  if (asked === undefined) return null;
  const format = typeof asked === "string" ? asked.toUpperCase() : asked;
  if (format === "PNG" || format === "SVG") return format;
  throw invalidParameter("generate_qr_image", "must be one of {PNG, SVG}");
}

const newCode = (): string => Array.from({ length: 14 }, () => LETTERS[randomInt(LETTERS.length)]).join("");

function pictureOf(text: string, format: Format): { bytes: Buffer; mime_type: string } {
  if (format === "SVG") return { bytes: Buffer.from(renderSVG(text)), mime_type: "image/svg+xml" };
  const { data } = encode(text, { border: 4 });
  return {
    bytes: greyPng(
      data.map((row) => row.map((dark) => (dark ? 0 : 255))),
      8,
    ),
    mime_type: "image/png",
  };
}
