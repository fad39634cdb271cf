import type { TemplateRef } from "../events.ts";
import { asObject, asText, hashOf, type JsonObject, plain } from "../json/json.ts";
import { type Reading, type Surroundings, unreadable } from "./reading.ts";
import { fieldOf } from "./webhook-fields.ts";

/**
 * The template fields. What a value holds decides, not its field alone: Meta's reference itself prints a quality
 * update under `message_template_status_update`.
 */
export function readTemplate(value: JsonObject, around: Surroundings): Reading {
  const { field, entry_time, entry_time_ms: occurred_at_ms } = around;
  const template_id = asText(value["message_template_id"]);
  const { subscription } = fieldOf(field);
  if (template_id === null) {
    return unreadable(field, subscription, "The update names no template.", occurred_at_ms);
  }
  const template: TemplateRef = {
    template_id,
    name: asText(value["message_template_name"]),
    language: languageOf(asText(value["message_template_language"])),
  };
  const keyOf = (...parts: (string | null)[]) =>
    `template:${template_id}:${parts.map((part) => part ?? "").join(":")}:${entry_time ?? hashOf([], value)}`;

  const event = asText(value["event"])?.toUpperCase() ?? null;
  const quality = asText(value["new_quality_score"])?.toUpperCase() ?? null;
  if (quality !== null && event === null) {
    const previous = asText(value["previous_quality_score"])?.toUpperCase() ?? null;
    return {
      data: { kind: "template_quality", template, previous, quality },
      subscription: "template_quality",
      occurred_at_ms,
      key: keyOf("quality", quality),
    };
  }
  if (field === "template_category_update" || field === "template_correct_category_detection") {
    // Beside a `correct_category` the change is only announced, for a day later: `new_category` is today's.
    const category = asText(value["new_category"]) ?? asText(value["category"]);
    const previous = asText(value["previous_category"]);
    const correct_category = asText(value["correct_category"]);
    return {
      data: { kind: "template_category", template, category, previous, correct_category },
      subscription,
      occurred_at_ms,
      key: keyOf("category", category, previous, correct_category),
    };
  }
  if (field === "message_template_components_update") {
    const components = Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !TEMPLATE_NAMES.has(name))
        .map(([name, part]) => [name, plain(part)]),
    );
    return {
      data: { kind: "template_components", template, components },
      subscription,
      occurred_at_ms,
      key: keyOf("components", hashOf([], value)),
    };
  }
  if (event === null) {
    return unreadable(field, subscription, "The update has no event.", occurred_at_ms);
  }
  const rejection = asObject(value["rejection_info"]);
  const pause = asObject(value["other_info"]);
  const reason = asText(value["reason"]) ?? asText(rejection?.["reason"]);
  return {
    data: {
      kind: "template_status",
      template,
      event,
      reason: reason === "NONE" ? null : reason,
      reason_details: asText(rejection?.["reason"]),
      recommendation: asText(rejection?.["recommendation"]),
      pause: pause && { title: asText(pause["title"]), description: asText(pause["description"]) },
      disable_date: asText(asObject(value["disable_info"])?.["disable_date"]),
      category: asText(value["message_template_category"]),
    },
    subscription,
    occurred_at_ms,
    key: keyOf(event),
  };
}

const TEMPLATE_NAMES = new Set(["message_template_id", "message_template_name", "message_template_language"]);

/** Webhooks say `en-US` where the REST API says `en_US`. */
export function languageOf(language: string | null): string | null {
  const parts = language === null ? null : /^([a-z]{2,3})[-_]([a-z]{2,4})$/i.exec(language);
  return parts ? `${parts[1]!.toLowerCase()}_${parts[2]!.toUpperCase()}` : language;
}
