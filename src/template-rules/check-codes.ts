import { tooLong } from "./check-texts.ts";
import { type Component, type Faults, listOf, partOf, textOf, typeOf } from "./form.ts";
import { LIMITS } from "./limits.ts";

const KINDS = ["COPY_CODE", "ONE_TAP", "ZERO_TAP"];

/** An authentication template: its words are Meta's, and the business chooses among options. */
export function checkCodes(components: readonly Component[], faults: Faults): void {
  for (const type of ["HEADER", "CAROUSEL", "LIMITED_TIME_OFFER"])
    if (partOf(components, type))
      faults.add(
        type === "HEADER" ? "header" : "components",
        "PART_UNFIT",
        "A template for codes has only Meta's own text. Remove the other parts, or choose another category.",
      );
  const body = partOf(components, "BODY");
  if (!body) faults.add("body", "TEXT_MISSING", "A template for codes needs its message part.");
  else if (textOf(body["text"]) !== "" && body["add_security_recommendation"] === undefined)
    faults.add(
      "body.text",
      "TEXT_PRESET",
      "Meta writes the message of a template for codes. Remove your text.",
    );
  const footer = partOf(components, "FOOTER");
  const minutes = footer?.["code_expiration_minutes"];
  const { least, most } = LIMITS.code_minutes;
  if (footer && !(Number.isInteger(minutes) && Number(minutes) >= least && Number(minutes) <= most))
    faults.add("footer.minutes", "CODE_MINUTES", `A code expires after ${least} to ${most} minutes.`);
  checkOtp(listOf(partOf(components, "BUTTONS")?.["buttons"]), faults);
}

function checkOtp(buttons: readonly Component[], faults: Faults): void {
  const [button] = buttons;
  if (!button || buttons.length > 1 || typeOf(button["type"]) !== "OTP")
    return faults.add(
      "buttons",
      "OTP_BUTTON",
      "A template for codes has one button, which copies or fills in the code.",
    );
  const kind = typeOf(button["otp_type"]);
  if (!KINDS.includes(kind))
    return faults.add("buttons.0", "BUTTON_KIND", "Choose how the code gets into the app.");
  tooLong(textOf(button["text"]), LIMITS.button, "buttons.0.text", "the button", faults);
  if (kind === "COPY_CODE") return;
  const apps = listOf(button["supported_apps"]);
  if (apps.length === 0 || apps.length > LIMITS.apps)
    faults.add("buttons.0.apps", "APP_COUNT", `Name 1 to ${LIMITS.apps} Android apps that take the code.`);
  for (const [at, app] of apps.entries()) {
    if (!/^[a-z][\w]*(?:\.[a-z_][\w]*)+$/i.test(textOf(app["package_name"])))
      faults.add(
        `buttons.0.apps.${at}.package_name`,
        "PACKAGE_FORM",
        "Enter the app's package, like com.example.app.",
      );
    if (!/^[A-Za-z0-9+/=]{11}$/.test(textOf(app["signature_hash"])))
      faults.add(
        `buttons.0.apps.${at}.signature_hash`,
        "HASH_FORM",
        "The app's signing key hash has 11 characters.",
      );
  }
  if (kind === "ZERO_TAP" && button["zero_tap_terms_accepted"] !== true)
    faults.add("buttons.0.terms", "TERMS", "Accept Meta's terms for codes that are filled in without a tap.");
}
