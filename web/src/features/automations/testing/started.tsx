import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconPlayerSkipForward, IconPlayerTrackNext } from "@tabler/icons-react";
import { toast } from "../../../lib/page/toast.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { exactTime } from "../../../lib/words/time.ts";
import { VisitsAlone } from "../activity/activity.tsx";
import { type TestRun, testQuery } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { TEST } from "../test-texts.ts";
import { Customer } from "./customer.tsx";
import classes from "./testing.module.css";

/** A test that is under way, or over: what happened so far, what can be done next, and what the customer may do. */
export function Started({ test, again }: { test: TestRun; again: () => void }) {
  const { run, can } = test;
  const is_over = run.ended_at !== null;
  return (
    <div className={classes["fields"]}>
      <div className={classes["head"]}>
        <b dir="auto">{run.contact.display_name}</b>
        <small>
          {TEST.clock}: <time dateTime={test.now}>{exactTime(test.now)}</time>
        </small>
      </div>
      <p role="status" className={classes["now"]}>
        <NowWords test={test} />
      </p>
      {can.length > 0 && <Steps test={test} />}
      {!is_over && <Customer test={test} />}
      <section>
        <h3>{TEST.steps}</h3>
        {run.activity.length === 0 ? (
          <p className={classes["hint"]}>{TEST.nothing}</p>
        ) : (
          <VisitsAlone label={TEST.steps} run={run} />
        )}
      </section>
      {is_over && (
        <Button variant="default" onClick={again}>
          {TEST.again}
        </Button>
      )}
    </div>
  );
}

function NowWords({ test: { run, can } }: { test: TestRun }) {
  const { nameOf } = useDrawing();
  if (run.ended_at !== null) {
    const words =
      run.state === "COMPLETED" || run.state === "FAILED" ? TEST.done[run.state] : TEST.done.other;
    return run.says === null ? words : `${words} ${run.says}`;
  }
  const name = nameOf(run.node_id);
  if (can.includes("next")) return TEST.next_is(name);
  return can.includes("skip") ? TEST.waits_at(name) : TEST.works_at(name);
}

function Steps({ test: { id, automation_id, can } }: { test: TestRun }) {
  const client = useQueryClient();
  const go = useAction(
    {
      mutationFn: (step: TestRun["can"][number]) =>
        call("POST /api/v1/automation_tests/:id/go_on", { params: { id }, body: { do: step } }),
      onSuccess: (test) => client.setQueryData(testQuery(automation_id, id).queryKey, test),
      onError: (error) => toast("bad", TEST.not_done, wordsOf(error)),
    },
    0,
  );
  return (
    <div className={classes["acts"]}>
      {can.map((step, index) => (
        <Button
          key={step}
          size="xs"
          variant={index === 0 && step !== "end" ? "filled" : "default"}
          loading={go.isPending && go.variables === step}
          leftSection={
            step === "next" ? (
              <IconPlayerTrackNext size={15} aria-hidden />
            ) : step === "skip" ? (
              <IconPlayerSkipForward size={15} aria-hidden />
            ) : null
          }
          onClick={() => go.mutate(step)}
        >
          {TEST.do[step]}
        </Button>
      ))}
    </div>
  );
}
