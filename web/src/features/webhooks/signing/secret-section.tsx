import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconKey, IconRotate } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { Ago } from "../../../ui/ago.tsx";
import { endpointQuery, putEndpoint, sayProblem } from "../model/model.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { SecretDialog, type ShownSecret } from "./secret-dialog.tsx";
import { SECRET } from "../texts.ts";
import shared from "../webhooks.module.css";
import classes from "./signing.module.css";

/** The signing secret: which one it is, and the two ways to another. */
export function SecretSection({ endpoint, onTest }: { endpoint: Endpoint; onTest: () => void }) {
  const [asking, setAsking] = useState(false);
  const { shown, replaced, show, hide } = useShownSecret(endpoint);
  const params = { id: endpoint.id };
  const rotate = useAction({
    mutationFn: () => call("POST /api/v1/endpoints/:id/rotate-secret", { params }),
    onSuccess: ({ secret }) => {
      setAsking(false);
      return show({ secret, kind: "rotated" });
    },
    onError: sayProblem(SECRET.not_rotated),
  });
  const prepare = useAction({
    mutationFn: () => call("POST /api/v1/endpoints/:id/prepare-secret", { params }),
    onSuccess: ({ secret }) => show({ secret, kind: "prepared" }),
    onError: sayProblem(SECRET.not_prepared),
  });
  return (
    <section className={classes["signing"]} aria-label={SECRET.title}>
      <div className={classes["current"]}>
        <IconKey size={20} aria-hidden />
        <div>
          <h3>{SECRET.title}</h3>
          <p>
            {SECRET.fingerprint} <code>{endpoint.secret_fingerprint}</code>, {SECRET.made}{" "}
            <Ago time={endpoint.secret_created_at} />
          </p>
        </div>
        <div className={shared["actions"]}>
          {!endpoint.prepared_secret && (
            <Button size="xs" variant="default" loading={prepare.isPending} onClick={() => prepare.mutate()}>
              {SECRET.prepare}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRotate size={15} />}
            onClick={() => setAsking(true)}
          >
            {SECRET.rotate}
          </Button>
        </div>
      </div>
      {endpoint.prepared_secret && (
        <Prepared endpoint={endpoint} prepared={endpoint.prepared_secret} onTest={onTest} />
      )}
      <Confirm
        opened={asking}
        title={SECRET.rotate_title}
        yes={SECRET.rotate}
        danger
        loading={rotate.isPending}
        onYes={() => rotate.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>
          {SECRET.rotate_once} <b>{SECRET.rotate_ends}</b>. {SECRET.rotate_text}
        </p>
        <p>
          {SECRET.rotate_gentle} <i>{SECRET.prepare}</i>: {SECRET.rotate_gentle_why}
        </p>
      </Confirm>
      <SecretDialog shown={shown} replaced={replaced} onDone={hide} />
    </section>
  );
}

/** The secret that is just shown, and whether another person has replaced it meanwhile. */
function useShownSecret(endpoint: Endpoint) {
  const client = useQueryClient();
  const [shown, setShown] = useState<ShownSecret | null>(null);
  /** Its fingerprint; null until it is known. */
  const [own, setOwn] = useState<string | null>(null);
  const show = async (secret: ShownSecret) => {
    setOwn(null);
    setShown(secret);
    const { queryKey } = endpointQuery(endpoint.id);
    await client.invalidateQueries({ queryKey });
    const now = client.getQueryData(queryKey);
    setOwn(
      (secret.kind === "prepared" ? now?.prepared_secret?.fingerprint : now?.secret_fingerprint) ?? null,
    );
  };
  const replaced =
    own !== null && ![endpoint.secret_fingerprint, endpoint.prepared_secret?.fingerprint].includes(own);
  return { shown, replaced, show, hide: () => setShown(null) };
}

/** A secret that was shown and waits: try it out, then let it take over, or forget it. */
function Prepared({
  endpoint,
  prepared,
  onTest,
}: {
  endpoint: Endpoint;
  prepared: NonNullable<Endpoint["prepared_secret"]>;
  onTest: () => void;
}) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const params = { id: endpoint.id };
  const refresh = () => client.invalidateQueries({ queryKey: endpointQuery(endpoint.id).queryKey });
  const activate = useAction({
    mutationFn: () => call("POST /api/v1/endpoints/:id/activate-secret", { params }),
    onSuccess: (changed) => {
      setAsking(false);
      putEndpoint(client, changed);
      toast("good", SECRET.activated, SECRET.activated_text);
    },
    onError: sayProblem(SECRET.not_activated),
  });
  const discard = useAction({
    mutationFn: () => call("DELETE /api/v1/endpoints/:id/prepared-secret", { params }),
    onSuccess: () => toast("good", SECRET.discarded, SECRET.discarded_text),
    onError: sayProblem(SECRET.not_discarded),
    onSettled: refresh,
  });
  return (
    <div className={classes["prepared"]}>
      <div>
        <h4>{SECRET.prepared}</h4>
        <p>
          {SECRET.fingerprint} <code>{prepared.fingerprint}</code>, {SECRET.made}{" "}
          <Ago time={prepared.created_at} />. {SECRET.prepared_text}
        </p>
      </div>
      <div className={shared["actions"]}>
        <Button size="xs" variant="default" onClick={onTest}>
          {SECRET.test}
        </Button>
        <Button size="xs" onClick={() => setAsking(true)}>
          {SECRET.activate}
        </Button>
        <Button size="xs" variant="subtle" loading={discard.isPending} onClick={() => discard.mutate()}>
          {SECRET.discard}
        </Button>
      </div>
      <Confirm
        opened={asking}
        title={SECRET.activate_title}
        yes={SECRET.activate}
        loading={activate.isPending}
        onYes={() => activate.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>
          {SECRET.activate_text} <code>{prepared.fingerprint}</code>.
        </p>
      </Confirm>
    </div>
  );
}
