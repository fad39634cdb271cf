import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { withPlus } from "../../conversation/model/people.ts";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { phoneNumbersQuery } from "../../lib/server/queries.ts";
import { toast } from "../../lib/page/toast.ts";
import type { PhoneNumber } from "../../lib/types.ts";
import classes from "./connections.module.css";
import { type Connection, explain } from "./queries.ts";
import { Step } from "./step.tsx";
import { GUIDE } from "./texts.ts";

const REFRESH_MS = 5_000;
const shown = (number: PhoneNumber) => withPlus(number.display_phone_number ?? number.phone_number_id);

/** A first message in, which ticks itself off, and one out. */
export function ConnectTest({ connection }: { connection: Connection }) {
  const { data } = useQuery({ ...phoneNumbersQuery, refetchInterval: REFRESH_MS });
  const numbers = (data?.data ?? []).filter(({ connection_id }) => connection_id === connection.id);
  const [first] = numbers;
  if (!first) return null;
  const heard = numbers.some(({ last_webhook_at }) => last_webhook_at !== null);
  return (
    <Step title={GUIDE.test} done={heard}>
      {heard ? (
        <p role="status">
          {GUIDE.arrived}{" "}
          <Link to="/inbox" className={classes["link"]}>
            {GUIDE.inbox}
          </Link>
        </p>
      ) : (
        <p>{GUIDE.test_text(shown(first))}</p>
      )}
      <SendTest numbers={numbers} />
    </Step>
  );
}

/** Meta gives every account the template "hello_world": it may be sent to someone who has not written. */
function SendTest({ numbers }: { numbers: readonly PhoneNumber[] }) {
  const [from, setFrom] = useState(numbers[0]!.id);
  const [to, setTo] = useState("");
  const send = useAction({
    mutationFn: () =>
      call("POST /api/v1/messages", {
        body: {
          from,
          to: to.trim(),
          content: { type: "template", name: "hello_world", language: "en_US" },
        },
      }),
    onSuccess: () => toast("good", GUIDE.sent, GUIDE.sent_text),
  });
  const whole = /\d{6}/.test(to.replaceAll(/\D/g, ""));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) send.mutate();
  };
  return (
    <form className={classes["form"]} onSubmit={submit}>
      <p className={classes["quiet"]}>{GUIDE.send_text}</p>
      {send.error && (
        <p className={classes["wrong"]} role="alert">
          {explain(send.error)}
        </p>
      )}
      {numbers.length > 1 && (
        <NativeSelect
          label={GUIDE.from}
          data={numbers.map((number) => ({ value: number.id, label: shown(number) }))}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
      )}
      <div className={classes["inline"]}>
        <TextInput
          label={GUIDE.to}
          description={GUIDE.to_hint}
          type="tel"
          autoComplete="tel"
          maxLength={40}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!whole} loading={send.isPending}>
          {GUIDE.send}
        </Button>
      </div>
    </form>
  );
}
