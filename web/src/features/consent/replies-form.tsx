import { Button, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import classes from "./consent.module.css";
import { type Settings, settingsQuery } from "./queries.ts";
import { Section } from "./section.tsx";
import { REPLIES, SAVE, SAVED } from "./texts.ts";

/** What a STOP and a yes are answered by. */
export function RepliesForm({ settings, owner }: { settings: Settings; owner: boolean }) {
  const client = useQueryClient();
  const [stop, setStop] = useState(settings.stop_reply ?? "");
  const [confirm, setConfirm] = useState(settings.confirm_reply ?? "");
  const save = useAction({
    mutationFn: () =>
      call("PATCH /api/v1/consent/settings", {
        body: { stop_reply: stop.trim() || null, confirm_reply: confirm.trim() || null },
      }),
    onSuccess: (changed) => {
      client.setQueryData(settingsQuery.queryKey, changed);
      toast("good", SAVED, REPLIES.saved_text);
    },
    onError: (error) => toast("bad", REPLIES.not_saved, wordsOf(error)),
  });
  return (
    <Section id="replies" title={REPLIES.title} lead={REPLIES.lead}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Textarea
          label={REPLIES.stop}
          placeholder={REPLIES.stop_hint}
          maxLength={1_024}
          autosize
          minRows={2}
          disabled={!owner}
          value={stop}
          onChange={({ currentTarget: { value } }) => setStop(value)}
        />
        <Textarea
          label={REPLIES.confirm}
          placeholder={REPLIES.confirm_hint}
          maxLength={1_024}
          autosize
          minRows={2}
          disabled={!owner}
          value={confirm}
          onChange={({ currentTarget: { value } }) => setConfirm(value)}
        />
        {owner && (
          <Button type="submit" loading={save.isPending}>
            {SAVE}
          </Button>
        )}
      </form>
    </Section>
  );
}
