import { Button } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { IconPlayerPause, IconPlugConnectedX } from "@tabler/icons-react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { withPlus } from "../model/people.ts";
import { meQuery, phoneNumbersQuery } from "../../lib/server/queries.ts";
import { manages } from "../../lib/server/setup.ts";
import { exactTime } from "../../lib/words/time.ts";
import { toast } from "../../lib/page/toast.ts";
import type { PhoneNumber } from "../../lib/types.ts";
import classes from "./compose.module.css";
import { PAUSE } from "./texts.ts";

const nameOf = ({ display_phone_number: shown }: PhoneNumber) =>
  shown ? withPlus(shown) : PAUSE.this_number;

/** In place of the field: what one would write could not be sent. */
export function NotConnected({ number }: { number: PhoneNumber }) {
  return (
    <section className={classes["paused"]} aria-label={PAUSE.not_connected}>
      <IconPlugConnectedX size={18} aria-hidden />
      <p>
        <b>{PAUSE.no_token(nameOf(number))}</b> {PAUSE.set} <code>META_ACCESS_TOKEN</code> {PAUSE.set_to}
      </p>
    </section>
  );
}

/** Why nothing goes out from this number, and a way to let it go on. */
export function PauseBanner({
  number,
  paused,
}: {
  number: PhoneNumber;
  paused: NonNullable<PhoneNumber["sending"]["paused"]>;
}) {
  const client = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery);
  const resume = useAction({
    mutationFn: () => call("POST /api/v1/phone_numbers/:id/resume", { params: { id: number.id } }),
    onSuccess: () => toast("good", PAUSE.resumed, PAUSE.resumed_text),
    onError: (error) => toast("bad", PAUSE.not_resumed, wordsOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: phoneNumbersQuery.queryKey }),
  });
  const name = nameOf(number);
  return (
    <section className={classes["paused"]} aria-label={PAUSE.label}>
      <IconPlayerPause size={18} aria-hidden />
      <p>
        <b>{PAUSE.title(name, paused.scope === "templates" ? "templates" : "all")}</b> {paused.reason}
        {paused.code !== null && ` (${paused.code})`}{" "}
        {paused.until
          ? PAUSE.until(exactTime(paused.until))
          : paused.scope === "templates"
            ? PAUSE.templates_wait
            : PAUSE.waits}
      </p>
      {manages(me, "connections") && (
        <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
          {PAUSE.resume}
        </Button>
      )}
    </section>
  );
}
