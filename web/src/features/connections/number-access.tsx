import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Card } from "../../ui/page.tsx";
import classes from "./connections.module.css";
import { explain, numberQuery, type NumberState } from "./queries.ts";
import { ACCESS } from "./texts.ts";

/** A number's way into Meta's Cloud API: its code, its PIN, its registration. */
export function NumberAccess({ id, state }: { id: string; state: NumberState }) {
  return (
    <Card className={classes["card"] ?? ""} aria-label={ACCESS.title}>
      <header className={classes["head"]}>
        <h2>{ACCESS.title}</h2>
      </header>
      <p className={classes["quiet"]}>{ACCESS.lead}</p>
      {state.verified === false && <Verify id={id} />}
      <Pin id={id} registered={state.registered !== false} />
      {state.registered === true && <Deregister id={id} />}
    </Card>
  );
}

/** The answer is the number as it is now. */
function useStep<Given>(id: string, run: (given: Given) => Promise<NumberState>, done: [string, string]) {
  const client = useQueryClient();
  return useAction<NumberState, Given>({
    mutationFn: run,
    onSuccess: (state) => {
      client.setQueryData(numberQuery(id).queryKey, state);
      toast("good", ...done);
    },
  });
}

function Wrong({ error }: { error: Error | null }) {
  return (
    error && (
      <p className={classes["wrong"]} role="alert">
        {explain(error)}
      </p>
    )
  );
}

function Verify({ id }: { id: string }) {
  const [code, setCode] = useState("");
  const params = { id };
  const ask = useStep(
    id,
    (method: "SMS" | "VOICE") =>
      call("POST /api/v1/phone_numbers/:id/request-code", { params, body: { method } }),
    [ACCESS.sent, ACCESS.sent_text],
  );
  const verify = useStep(
    id,
    () => call("POST /api/v1/phone_numbers/:id/verify-code", { params, body: { code: code.trim() } }),
    [ACCESS.verified, ACCESS.verified_text],
  );
  const whole = /^\d{3}-?\d{3}$/.test(code.trim());
  return (
    <div className={classes["form"]}>
      <h3>{ACCESS.code_title}</h3>
      <p className={classes["quiet"]}>{ACCESS.code_text}</p>
      <Wrong error={ask.error ?? verify.error} />
      <span className={classes["actions"]} data-start>
        <Button size="xs" variant="default" loading={ask.isPending} onClick={() => ask.mutate("SMS")}>
          {ACCESS.by_text}
        </Button>
        <Button size="xs" variant="default" loading={ask.isPending} onClick={() => ask.mutate("VOICE")}>
          {ACCESS.by_call}
        </Button>
      </span>
      <div className={classes["inline"]}>
        <TextInput
          label={ACCESS.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={!whole}
          loading={verify.isPending}
          onClick={() => verify.mutate()}
        >
          {ACCESS.verify}
        </Button>
      </div>
    </div>
  );
}

function Pin({ id, registered }: { id: string; registered: boolean }) {
  const [pin, setPin] = useState("");
  const params = { id };
  const body = { pin };
  const register = useStep(id, () => call("POST /api/v1/phone_numbers/:id/register", { params, body }), [
    ACCESS.registered,
    ACCESS.registered_text,
  ]);
  const change = useStep(id, () => call("POST /api/v1/phone_numbers/:id/pin", { params, body }), [
    ACCESS.changed,
    ACCESS.changed_text,
  ]);
  const whole = /^\d{6}$/.test(pin);
  return (
    <>
      <Wrong error={register.error ?? change.error} />
      <div className={classes["inline"]}>
        <TextInput
          label={ACCESS.pin}
          description={ACCESS.pin_hint}
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          error={pin !== "" && !/^\d*$/.test(pin) ? ACCESS.pin_wrong : null}
          value={pin}
          onChange={(event) => setPin(event.currentTarget.value)}
        />
        {!registered && (
          <Button disabled={!whole} loading={register.isPending} onClick={() => register.mutate()}>
            {ACCESS.register}
          </Button>
        )}
        {registered && (
          <Button
            variant="default"
            disabled={!whole}
            loading={change.isPending}
            onClick={() => change.mutate()}
          >
            {ACCESS.change}
          </Button>
        )}
      </div>
    </>
  );
}

function Deregister({ id }: { id: string }) {
  const [asking, setAsking] = useState(false);
  const leave = useStep(id, () => call("POST /api/v1/phone_numbers/:id/deregister", { params: { id } }), [
    ACCESS.deregistered,
    ACCESS.deregistered_text,
  ]);
  return (
    <div>
      <Wrong error={leave.error} />
      <Button size="xs" variant="subtle" color="red" onClick={() => setAsking(true)}>
        {ACCESS.deregister}
      </Button>
      <Confirm
        opened={asking}
        title={ACCESS.deregister_title}
        yes={ACCESS.deregister}
        danger
        loading={leave.isPending}
        onYes={() => leave.mutate(undefined, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        <p>{ACCESS.deregister_text}</p>
      </Confirm>
    </div>
  );
}
