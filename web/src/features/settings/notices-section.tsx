import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { NOTICE_KINDS } from "../../../../src/contract/names.ts";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { noticePreferencesQuery, type NoticePreferences } from "./queries.ts";
import { Section, Wrong } from "./section.tsx";
import classes from "./settings.module.css";
import { NOTICES, SETTINGS } from "./texts.ts";

/** Of which notices one is told by email. */
export function NoticesSection({ email }: { email: string }) {
  const { data } = useQuery(noticePreferencesQuery);
  return (
    <Section id="notices" title={NOTICES.title} lead={NOTICES.lead(email)}>
      {data && <Form key={`${data.kinds.join()} ${data.digest_minutes}`} known={data} />}
    </Section>
  );
}

function Form({ known }: { known: NoticePreferences }) {
  const client = useQueryClient();
  const [kinds, setKinds] = useState(known.kinds);
  const [minutes, setMinutes] = useState(String(known.digest_minutes));
  const save = useAction({
    mutationFn: () =>
      call("PUT /api/v1/notice_preferences", { body: { kinds, digest_minutes: Number(minutes) } }),
    onSuccess: async () => {
      toast("good", SETTINGS.saved, NOTICES.saved);
      await client.invalidateQueries({ queryKey: noticePreferencesQuery.queryKey });
    },
    onError: (error) => toast("bad", NOTICES.title, error.message),
  });
  const options = NOTICES.digests.some(({ value }) => value === minutes)
    ? NOTICES.digests
    : [...NOTICES.digests, { value: minutes, label: NOTICES.minutes(Number(minutes)) }];
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {!known.mail_configured && <p className={classes["quiet"]}>{NOTICES.no_mail}</p>}
      {known.error !== null && <Wrong>{NOTICES.failed}</Wrong>}
      <Checkbox.Group
        label={NOTICES.kinds}
        value={kinds}
        onChange={(chosen) => setKinds(NOTICE_KINDS.filter((kind) => chosen.includes(kind)))}
      >
        {NOTICE_KINDS.map((kind) => (
          <Checkbox
            key={kind}
            className={classes["kind"] ?? ""}
            size="md"
            value={kind}
            label={NOTICES.of[kind]}
          />
        ))}
      </Checkbox.Group>
      <NativeSelect
        label={NOTICES.digest}
        description={NOTICES.digest_hint}
        data={options}
        value={minutes}
        onChange={(event) => setMinutes(event.currentTarget.value)}
      />
      <Button type="submit" loading={save.isPending}>
        {SETTINGS.save}
      </Button>
    </form>
  );
}
