import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { Card } from "../../ui/page.tsx";
import classes from "./connections.module.css";
import { explain, numberQuery, type NumberState } from "./queries.ts";
import { PROFILE } from "./texts.ts";

type Profile = NumberState["profile"];

const textsOf = (profile: Profile) => ({
  about: profile.about ?? "",
  description: profile.description ?? "",
  address: profile.address ?? "",
  email: profile.email ?? "",
  websites: profile.websites.join("\n"),
  vertical: profile.vertical === "UNDEFINED" ? "" : (profile.vertical ?? ""),
});
type Texts = ReturnType<typeof textsOf>;

const sitesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const areBad = (sites: readonly string[]): boolean =>
  sites.length > 2 || sites.some((site) => !/^https?:\/\/\S+\.\S+/.test(site));

/** What customers see of the business; only what was changed is sent. */
export function NumberProfile({ id, profile }: { id: string; profile: Profile }) {
  const client = useQueryClient();
  const before = textsOf(profile);
  const [texts, setTexts] = useState(before);
  const changes = changesOf(before, texts);
  const save = useAction({
    mutationFn: () => call("PATCH /api/v1/phone_numbers/:id/profile", { params: { id }, body: changes }),
    onSuccess: (changed) => {
      client.setQueryData(numberQuery(id).queryKey, changed);
      setTexts(textsOf(changed.profile));
      toast("good", PROFILE.saved, PROFILE.saved_text);
    },
  });
  const bad_sites = areBad(sitesOf(texts.websites));
  const bad_email = texts.email !== "" && !/^\S+@\S+\.\S+$/.test(texts.email);
  const whole = Object.keys(changes).length > 0 && !bad_sites && !bad_email;
  const field = (name: keyof Texts) => ({
    value: texts[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setTexts((known) => ({ ...known, [name]: value }));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) save.mutate();
  };
  return (
    <Card className={classes["card"] ?? ""} aria-label={PROFILE.title}>
      <header className={classes["head"]}>
        <h2>{PROFILE.title}</h2>
      </header>
      <p className={classes["quiet"]}>{PROFILE.lead}</p>
      <form className={classes["form"]} onSubmit={submit} noValidate>
        {save.error && (
          <p className={classes["wrong"]} role="alert">
            {explain(save.error)}
          </p>
        )}
        <TextInput
          label={PROFILE.about}
          description={PROFILE.about_hint}
          maxLength={139}
          dir="auto"
          {...field("about")}
        />
        <Textarea
          label={PROFILE.description}
          maxLength={512}
          autosize
          minRows={2}
          dir="auto"
          {...field("description")}
        />
        <TextInput label={PROFILE.address} maxLength={256} dir="auto" {...field("address")} />
        <TextInput
          label={PROFILE.email}
          type="email"
          maxLength={128}
          error={bad_email ? PROFILE.email_wrong : null}
          {...field("email")}
        />
        <Textarea
          label={PROFILE.websites}
          description={PROFILE.websites_hint}
          autosize
          minRows={2}
          error={bad_sites ? PROFILE.website_wrong : null}
          {...field("websites")}
        />
        <NativeSelect label={PROFILE.vertical} data={PROFILE.verticals} {...field("vertical")} />
        <div className={classes["buttons"]}>
          <Button type="submit" disabled={!whole} loading={save.isPending}>
            {PROFILE.save}
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** Meta keeps a line of "About" once there is one, and an industry. */
function changesOf(before: Texts, { websites, vertical, about, ...texts }: Texts) {
  const changed = Object.entries(texts).filter(([name, text]) => before[name as keyof Texts] !== text);
  return {
    ...Object.fromEntries(changed),
    ...(about.trim() === "" || about === before.about ? {} : { about }),
    ...(websites === before.websites ? {} : { websites: sitesOf(websites) }),
    ...(vertical === "" || vertical === before.vertical ? {} : { vertical }),
  };
}
