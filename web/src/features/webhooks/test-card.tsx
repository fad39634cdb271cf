import { Button, NativeSelect } from "@mantine/core";
import { type UseMutationResult } from "@tanstack/react-query";
import { IconSend } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useAction } from "../../lib/action.ts";
import { call } from "../../lib/api.ts";
import type { Endpoint, Subscription, TestResult as Result } from "../../lib/types.ts";
import { Card } from "../../ui/page.tsx";
import { EVENTS, inOrder } from "./events.ts";
import { TestResult } from "./test-result.tsx";
import { TEST } from "./texts.ts";
import classes from "./webhooks.module.css";

export interface TestOrder {
  event?: Subscription;
  secret?: "current" | "prepared";
}
export type Test = UseMutationResult<Result, Error, TestOrder>;

export function useTest(endpoint: Endpoint): Test {
  return useAction({
    mutationFn: (order: TestOrder) =>
      call("POST /api/v1/endpoints/:id/test", { params: { id: endpoint.id }, body: order }),
  });
}

/** Sends a sample now, also while the endpoint is switched off, and shows how that ended. */
export function TestCard({ endpoint, test }: { endpoint: Endpoint; test: Test }) {
  const [event, setEvent] = useState<Subscription>(inOrder(endpoint.events)[0] ?? "statuses");
  const [with_prepared, setWithPrepared] = useState(false);
  const prepared = endpoint.prepared_secret !== null && with_prepared;
  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (test.submittedAt > 0 && !test.isPending)
      result.current?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, [test.submittedAt, test.isPending]);
  return (
    <Card aria-label={TEST.title} className={classes["block"]}>
      <header>
        <div>
          <h2>{TEST.title}</h2>
          <p>{TEST.lead}</p>
        </div>
      </header>
      <div className={classes["order"]}>
        <NativeSelect
          aria-label={TEST.sample}
          data={EVENTS.map(({ event: value, label }) => ({ value, label }))}
          value={event}
          onChange={(change) => setEvent(change.currentTarget.value as Subscription)}
        />
        {endpoint.prepared_secret && (
          <NativeSelect
            aria-label={TEST.secret}
            data={[
              { value: "current", label: TEST.current },
              { value: "prepared", label: TEST.prepared },
            ]}
            value={prepared ? "prepared" : "current"}
            onChange={(change) => setWithPrepared(change.currentTarget.value === "prepared")}
          />
        )}
        <Button
          leftSection={<IconSend size={16} />}
          loading={test.isPending}
          onClick={() => test.mutate({ event, ...(prepared ? { secret: "prepared" } : {}) })}
        >
          {TEST.send}
        </Button>
      </div>
      <div ref={result} aria-live="polite" aria-busy={test.isPending}>
        {!test.isPending && !test.isIdle && <TestResult endpoint={endpoint} test={test} />}
      </div>
    </Card>
  );
}
