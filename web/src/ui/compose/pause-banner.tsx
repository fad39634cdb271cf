import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconPlayerPause, IconPlugConnectedX } from "@tabler/icons-react";
import { call, wordsOf } from "../../lib/api.ts";
import { withPlus } from "../../lib/people.ts";
import { phoneNumbersQuery } from "../../lib/queries.ts";
import { exactTime } from "../../lib/time.ts";
import { toast } from "../../lib/toast.ts";
import type { PhoneNumber } from "../../lib/types.ts";
import classes from "./compose.module.css";

const nameOf = ({ display_phone_number: shown }: PhoneNumber) => (shown ? withPlus(shown) : "This number");

/** In place of the field: what one would write could not be sent. */
export function NotConnected({ number }: { number: PhoneNumber }) {
  return (
    <section className={classes["paused"]} aria-label="Not connected">
      <IconPlugConnectedX size={18} aria-hidden />
      <p>
        <b>{nameOf(number)} can’t send: its connection has no access token.</b> Set{" "}
        <code>META_ACCESS_TOKEN</code> to a system user’s token that may send WhatsApp messages, and start
        Wharf again.
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
  const resume = useMutation({
    mutationFn: () => call("POST /api/v1/phone_numbers/:id/resume", { params: { id: number.id } }),
    onSuccess: () => toast("good", "Resumed", "What waited goes out now."),
    onError: (error) => toast("bad", "Not resumed", wordsOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: phoneNumbersQuery.queryKey }),
  });
  const name = nameOf(number);
  return (
    <section className={classes["paused"]} aria-label="Sending is paused">
      <IconPlayerPause size={18} aria-hidden />
      <p>
        <b>
          {name} sends {paused.scope === "templates" ? "no templates" : "nothing"} just now.
        </b>{" "}
        {paused.reason}
        {paused.code !== null && ` (${paused.code})`}{" "}
        {paused.until
          ? `It goes on by itself ${exactTime(paused.until)}.`
          : paused.scope === "templates"
            ? "Templates wait until Meta takes it back, or the number is resumed."
            : "What you write waits until it is resumed."}
      </p>
      <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
        Resume
      </Button>
    </section>
  );
}
