import { hash } from "node:crypto";
import type { StandInTemplate } from "./stand-in-template.ts";

type Seed = Pick<StandInTemplate, "name" | "category" | "components"> &
  Partial<Pick<StandInTemplate, "parameter_format">>;

/** An account's templates from the start, as Meta lists them: of each kind that there is one. */
const SEEDS: readonly Seed[] = [
  {
    name: "hello_world",
    category: "UTILITY",
    components: [
      {
        type: "BODY",
        text: "Welcome and congratulations!! This message demonstrates your ability to send a WhatsApp message.",
      },
    ],
  },
  {
    name: "order_update",
    category: "UTILITY",
    components: [
      {
        type: "BODY",
        text: "Hello {{1}}, your order {{2}} is on its way.",
        example: { body_text: [["Ada", "4821"]] },
      },
    ],
  },
  {
    name: "spring_sale",
    category: "MARKETING",
    components: [
      {
        type: "BODY",
        text: "Hello {{1}}, everything is cheaper this week.",
        example: { body_text: [["Ada"]] },
      },
    ],
  },
  {
    name: "order_confirmation",
    category: "UTILITY",
    components: [
      { type: "HEADER", format: "TEXT", text: "Order {{1}}", example: { header_text: ["4821"] } },
      {
        type: "BODY",
        text: "Thank you, {{1}}! We pack it today, and it should be with you by *{{2}}*.",
        example: { body_text: [["Ada", "Friday"]] },
      },
      { type: "FOOTER", text: "Fjord & Fell, outdoor goods" },
      {
        type: "BUTTONS",
        buttons: [
          {
            type: "URL",
            text: "Track it",
            url: "https://example.com/orders/{{1}}",
            example: ["https://example.com/orders/4821"],
          },
          { type: "QUICK_REPLY", text: "Talk to us" },
        ],
      },
    ],
  },
  {
    name: "appointment_reminder",
    category: "UTILITY",
    parameter_format: "NAMED",
    components: [
      {
        type: "BODY",
        text: "Hello {{first_name}}, your fitting is on {{day}} at {{time}}. We look forward to it!",
        example: {
          body_text_named_params: [
            { param_name: "first_name", example: "Ada" },
            { param_name: "day", example: "Friday" },
            { param_name: "time", example: "10:30" },
          ],
        },
      },
      {
        type: "BUTTONS",
        buttons: [
          { type: "QUICK_REPLY", text: "I’ll be there" },
          { type: "QUICK_REPLY", text: "Another day, please" },
        ],
      },
    ],
  },
  {
    name: "new_arrivals",
    category: "MARKETING",
    components: [
      {
        type: "HEADER",
        format: "IMAGE",
        example: { header_handle: ["https://example.com/pictures/jackets.jpg"] },
      },
      {
        type: "BODY",
        text: "Hello {{1}}, the new rain jackets are here. Have a look before the weather turns!",
        example: { body_text: [["Ada"]] },
      },
      { type: "FOOTER", text: "Fjord & Fell, outdoor goods" },
      {
        type: "BUTTONS",
        buttons: [
          { type: "URL", text: "See them", url: "https://example.com/jackets" },
          { type: "QUICK_REPLY", text: "Stop promotions" },
        ],
      },
    ],
  },
  {
    name: "verification_code",
    category: "AUTHENTICATION",
    components: [
      {
        type: "BODY",
        text: "*{{1}}* is your verification code. For your security, do not share this code.",
        add_security_recommendation: true,
        example: { body_text: [["123456"]] },
      },
      { type: "FOOTER", text: "This code expires in 10 minutes.", code_expiration_minutes: 10 },
      {
        type: "BUTTONS",
        buttons: [
          {
            type: "URL",
            text: "Copy code",
            url: "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}",
            example: ["https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456"],
          },
        ],
      },
    ],
  },
];

/** Their ids follow from the account's, so that after a restart they are still the same templates. */
export function seedsOf(waba_id: string): StandInTemplate[] {
  return SEEDS.map(({ name, category, components, parameter_format = "POSITIONAL" }) => ({
    id: seedId(`template:${waba_id}:${name}`),
    waba_id,
    name,
    language: "en_US",
    status: "APPROVED",
    category,
    parameter_format,
    components: structuredClone(components),
    rejected_reason: "NONE",
  }));
}

/** Sixteen digits, which a JSON number still holds. */
const seedId = (text: string) =>
  String(2_000_000_000_000_000 + Number.parseInt(hash("sha256", text).slice(0, 12), 16));
