import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconKey, IconRotate } from "@tabler/icons-react";
import { useState } from "react";
import { call } from "../../lib/api.ts";
import { ago, exactTime } from "../../lib/time.ts";
import { toast } from "../../lib/toast.ts";
import type { Endpoint } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { putEndpoint, sayProblem } from "./changes.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { endpointQuery } from "./queries.ts";
import { SecretDialog, type ShownSecret } from "./secret-dialog.tsx";
import classes from "./webhooks.module.css";

/** The signing secret: which one it is, and the two ways to another. */
export function SecretSection({ endpoint, onTest }: { endpoint: Endpoint; onTest: () => void }) {
  const client = useQueryClient();
  const now = useNow();
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<ShownSecret | null>(null);
  const params = { id: endpoint.id };
  const refresh = () => client.invalidateQueries({ queryKey: endpointQuery(endpoint.id).queryKey });
  const rotate = useMutation({
    mutationFn: () => call("POST /api/v1/endpoints/:id/rotate-secret", { params }),
    onSuccess: ({ secret }) => {
      setAsking(false);
      setShown({ secret, kind: "rotated" });
    },
    onError: sayProblem("Not rotated"),
    onSettled: refresh,
  });
  const prepare = useMutation({
    mutationFn: () => call("POST /api/v1/endpoints/:id/prepare-secret", { params }),
    onSuccess: ({ secret }) => setShown({ secret, kind: "prepared" }),
    onError: sayProblem("Not prepared"),
    onSettled: refresh,
  });
  return (
    <section className={classes["signing"]} aria-label="Signing secret">
      <div className={classes["current"]}>
        <IconKey size={20} aria-hidden />
        <div>
          <h3>Signing secret</h3>
          <p>
            Fingerprint <code>{endpoint.secret_fingerprint}</code>, made{" "}
            <time dateTime={endpoint.secret_created_at} title={exactTime(endpoint.secret_created_at)}>
              {ago(endpoint.secret_created_at, now)}
            </time>
          </p>
        </div>
        <div className={classes["actions"]}>
          {!endpoint.prepared_secret && (
            <Button size="xs" variant="default" loading={prepare.isPending} onClick={() => prepare.mutate()}>
              Prepare a new secret
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRotate size={15} />}
            onClick={() => setAsking(true)}
          >
            Rotate secret
          </Button>
        </div>
      </div>
      {endpoint.prepared_secret && (
        <Prepared endpoint={endpoint} prepared={endpoint.prepared_secret} onTest={onTest} />
      )}
      <Confirm
        opened={asking}
        title="Rotate the secret now?"
        yes="Rotate secret"
        danger
        loading={rotate.isPending}
        onYes={() => rotate.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>
          A new secret is shown, and <b>the old one ends at once</b>. Update your receiver right away, or its
          verification will fail.
        </p>
        <p>
          For a change without a gap, cancel and use <i>Prepare a new secret</i>: it can be tested before it
          takes over.
        </p>
      </Confirm>
      <SecretDialog shown={shown} onDone={() => setShown(null)} />
    </section>
  );
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
  const now = useNow();
  const [asking, setAsking] = useState(false);
  const params = { id: endpoint.id };
  const refresh = () => client.invalidateQueries({ queryKey: endpointQuery(endpoint.id).queryKey });
  const activate = useMutation({
    mutationFn: () => call("POST /api/v1/endpoints/:id/activate-secret", { params }),
    onSuccess: (changed) => {
      setAsking(false);
      putEndpoint(client, changed);
      toast("good", "The new secret signs now", "The old one has ended.");
    },
    onError: sayProblem("Not activated"),
  });
  const discard = useMutation({
    mutationFn: () => call("DELETE /api/v1/endpoints/:id/prepared-secret", { params }),
    onSuccess: () => toast("good", "Discarded", "The secret in use goes on signing."),
    onError: sayProblem("Not discarded"),
    onSettled: refresh,
  });
  return (
    <div className={classes["prepared"]}>
      <div>
        <h4>A new secret is prepared</h4>
        <p>
          Fingerprint <code>{prepared.fingerprint}</code>, made{" "}
          <time dateTime={prepared.created_at} title={exactTime(prepared.created_at)}>
            {ago(prepared.created_at, now)}
          </time>
          . It signs nothing yet but tests. Let your receiver accept both, send a test with it, then activate
          it.
        </p>
      </div>
      <div className={classes["actions"]}>
        <Button size="xs" variant="default" onClick={onTest}>
          Send test with it
        </Button>
        <Button size="xs" onClick={() => setAsking(true)}>
          Activate
        </Button>
        <Button size="xs" variant="subtle" loading={discard.isPending} onClick={() => discard.mutate()}>
          Discard
        </Button>
      </div>
      <Confirm
        opened={asking}
        title="Activate the new secret?"
        yes="Activate"
        loading={activate.isPending}
        onYes={() => activate.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>
          From now on everything is signed with <code>{prepared.fingerprint}</code>, and the old secret ends.
          Your receiver should accept the new one already.
        </p>
      </Confirm>
    </div>
  );
}
