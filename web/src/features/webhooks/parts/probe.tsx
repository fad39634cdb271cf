import { Button } from "@mantine/core";
import { type UseMutationResult, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle, IconCheck, IconX } from "@tabler/icons-react";
import { useAction } from "../../../lib/server/action.ts";
import { saysOfAttempt } from "../../../lib/words/attempt-texts.ts";
import { call } from "../../../lib/server/api.ts";
import { duration } from "../../../lib/words/time.ts";
import type { Endpoint, ProbeResult as Result } from "../../../lib/types.ts";
import { Tag } from "../../../ui/tag.tsx";
import { sentenceOf } from "../model/model.ts";
import { BANNER } from "../texts.ts";
import classes from "../webhooks.module.css";

type Probe = UseMutationResult<Result, Error, void>;

/** Attempts one of the waiting deliveries now, and waits for how that ends. */
export function useProbe({ id }: Endpoint): Probe {
  const client = useQueryClient();
  return useAction(
    {
      mutationFn: () => call("POST /api/v1/endpoints/:id/probe", { params: { id } }),
      onSettled: () => {
        void client.invalidateQueries({ queryKey: ["endpoint-stats", id] });
        return client.invalidateQueries({ queryKey: ["endpoint", id] });
      },
    },
    0,
  );
}

/** How the attempt ended, where one asked for it. */
export function ProbeResult({ probe }: { probe: Probe }) {
  const { data: result, error } = probe;
  const shown = !probe.isPending && !probe.isIdle;
  return (
    <div aria-live="polite" aria-busy={probe.isPending}>
      {shown && (
        <section
          className={`${classes["result"] ?? ""} ${classes["probe"] ?? ""}`}
          data-ok={result?.ok ?? false}
          aria-label={BANNER.probe}
        >
          <header>
            {result ? <Outcome result={result} /> : <Tag tone="bad">{BANNER.not_tried}</Tag>}
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              leftSection={<IconX size={15} />}
              onClick={() => probe.reset()}
            >
              {BANNER.dismiss}
            </Button>
          </header>
          <p className={classes["reason"]}>
            {result?.ok ? BANNER.probe_ok_text : result ? saysOfAttempt(result) : error && sentenceOf(error)}
          </p>
        </section>
      )}
    </div>
  );
}

function Outcome({ result: { ok, status, duration_ms } }: { result: Result }) {
  const time = duration(duration_ms);
  if (ok)
    return (
      <Tag tone="good" icon={<IconCheck size={15} stroke={2.2} aria-hidden />}>
        {BANNER.probe_ok(status, time)}
      </Tag>
    );
  return (
    <span className={classes["outcome"]}>
      <Tag tone="bad" icon={<IconAlertTriangle size={15} stroke={2} aria-hidden />}>
        {BANNER.probe_failed(status)}
      </Tag>
      <small>{BANNER.after(time)}</small>
    </span>
  );
}
