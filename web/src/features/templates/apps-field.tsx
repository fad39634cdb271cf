import { Button, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type Component, LIMITS, textOf } from "../../../../src/template-rules/template-rules.ts";
import classes from "./editor.module.css";
import type { Say } from "./editor-model.ts";
import { EDITOR } from "./texts.ts";

/** The apps that may take a code by themselves. */
export function AppsField({
  apps,
  say,
  put,
}: {
  apps: readonly Component[];
  say: Say;
  put: (apps: Component[]) => void;
}) {
  return (
    <>
      {apps.map((app, at) => (
        <div key={at} className={classes["item"]}>
          <div className={classes["pair"]}>
            {(["package_name", "signature_hash"] as const).map((name) => (
              <TextInput
                key={name}
                label={name === "package_name" ? EDITOR.package : EDITOR.hash}
                value={textOf(app[name])}
                error={say(`buttons.0.apps.${at}.${name}`)}
                onChange={({ currentTarget: { value } }) => put(apps.with(at, { ...app, [name]: value }))}
              />
            ))}
          </div>
          {apps.length > 1 && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconTrash size={14} aria-hidden />}
              onClick={() => put(apps.filter((_, place) => place !== at))}
            >
              {EDITOR.remove_app(at + 1)}
            </Button>
          )}
        </div>
      ))}
      {say("buttons.0.apps") && <p className={classes["wrong"]}>{say("buttons.0.apps")}</p>}
      {apps.length < LIMITS.apps && (
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => put([...apps, {}])}
          >
            {EDITOR.add_app}
          </Button>
        </div>
      )}
    </>
  );
}
