import { Checkbox, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import {
  type Component,
  listOf,
  partOf,
  textOf,
  typeOf,
} from "../../../../src/template-rules/template-rules.ts";
import { AppsField } from "./apps-field.tsx";
import { chevron } from "../../ui/filter-bar.tsx";
import { Card } from "../../ui/page.tsx";
import classes from "./editor.module.css";
import { type Say, withPart } from "./editor-model.ts";
import { EDITOR } from "./texts.ts";

interface CodeFields {
  components: readonly Component[];
  say: Say;
  put: (components: Record<string, unknown>[]) => void;
}

/** What a business decides of a template for one-time codes; the words are Meta's. */
export function CodeField({ components, say, put }: CodeFields) {
  const button = listOf(partOf(components, "BUTTONS")?.["buttons"])[0] ?? { type: "OTP" };
  const apps = listOf(button["supported_apps"]);
  const putButton = (next: Component) =>
    put(withPart(components, "BUTTONS", { type: "BUTTONS", buttons: [next] }));
  const putApps = (supported_apps: Component[]) => putButton({ ...button, supported_apps });
  const kind = typeOf(button["otp_type"]);
  return (
    <Card className={classes["block"]}>
      <h2>{EDITOR.code}</h2>
      <CodeLines components={components} say={say} put={put} />
      <div className={classes["pair"]}>
        <NativeSelect
          label={EDITOR.otp_kind}
          rightSection={chevron}
          data={Object.entries(EDITOR.otp_kinds).map(([value, label]) => ({ value, label }))}
          value={kind}
          error={say("buttons.0") ?? say("buttons")}
          onChange={({ currentTarget: { value } }) =>
            putButton({
              type: "OTP",
              otp_type: value,
              text: textOf(button["text"]),
              ...(value === "COPY_CODE" ? {} : { supported_apps: apps.length > 0 ? apps : [{}] }),
            })
          }
        />
        <TextInput
          label={EDITOR.otp_text}
          placeholder={EDITOR.button_words["OTP"] ?? ""}
          description={EDITOR.optional}
          value={textOf(button["text"])}
          error={say("buttons.0.text")}
          onChange={({ currentTarget: { value } }) => putButton({ ...button, text: value })}
        />
      </div>
      {kind !== "COPY_CODE" && <AppsField apps={apps} say={say} put={putApps} />}
      {kind === "ZERO_TAP" && (
        <Checkbox
          label={EDITOR.terms}
          checked={button["zero_tap_terms_accepted"] === true}
          error={say("buttons.0.terms")}
          onChange={({ currentTarget: { checked } }) =>
            putButton({ ...button, zero_tap_terms_accepted: checked })
          }
        />
      )}
    </Card>
  );
}

/** The lines below the code: a warning, and for how long it is valid. */
function CodeLines({ components, say, put }: CodeFields) {
  const body = partOf(components, "BODY") ?? {};
  const footer = partOf(components, "FOOTER");
  return (
    <>
      <Checkbox
        label={EDITOR.code_warning}
        checked={body["add_security_recommendation"] === true}
        onChange={({ currentTarget: { checked } }) =>
          put(withPart(components, "BODY", { type: "BODY", add_security_recommendation: checked }))
        }
      />
      <Checkbox
        label={EDITOR.code_expires}
        checked={footer !== undefined}
        onChange={({ currentTarget: { checked } }) =>
          put(
            withPart(components, "FOOTER", checked ? { type: "FOOTER", code_expiration_minutes: 10 } : null),
          )
        }
      />
      {footer && (
        <NumberInput
          label={EDITOR.code_minutes}
          w={160}
          allowDecimal={false}
          hideControls
          value={Number(footer["code_expiration_minutes"])}
          error={say("footer.minutes")}
          onChange={(minutes) =>
            put(withPart(components, "FOOTER", { type: "FOOTER", code_expiration_minutes: Number(minutes) }))
          }
        />
      )}
    </>
  );
}
