import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconX } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { adviceOfAttempt, saysOfAttempt } from "../../../lib/words/attempt-texts.ts";
import { bytes } from "../../../lib/words/time.ts";
import type { Endpoint, TestResult as Result } from "../../../lib/types.ts";
import { Code } from "../../../ui/code.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { ExactText } from "../../../ui/exact-text.tsx";
import { Tag } from "../../../ui/tag.tsx";
import type { Test } from "./use-test.ts";
import { sentenceOf } from "../model/model.ts";
import { Verify } from "../signing/signing.ts";
import { TEST } from "../texts.ts";
import shared from "../webhooks.module.css";
import classes from "./testing.module.css";

/** How a test ended: the answer, what was sent, and how a receiver checks it. */
export function TestResult({ endpoint, test }: { endpoint: Endpoint; test: Test }) {
  const { data: result, error } = test;
  return (
    <section className={shared["result"]} data-ok={result?.ok ?? false} aria-label={TEST.result}>
      <header>
        {result ? <Outcome result={result} /> : <Tag tone="bad">{TEST.not_sent}</Tag>}
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconX size={15} />}
          onClick={() => test.reset()}
        >
          {TEST.dismiss}
        </Button>
      </header>
      {result ? (
        <Details endpoint={endpoint} result={result} />
      ) : (
        <p className={shared["reason"]}>{error && sentenceOf(error)}</p>
      )}
    </section>
  );
}

function Outcome({ result: { ok, status, duration_ms } }: { result: Result }) {
  if (ok)
    return (
      <Tag tone="good" icon={<IconCheck size={15} stroke={2.2} aria-hidden />}>
        {TEST.ok(status, duration_ms)}
      </Tag>
    );
  return (
    <span className={shared["outcome"]}>
      <Tag tone="bad" icon={<IconAlertTriangle size={15} stroke={2} aria-hidden />}>
        {TEST.failed(status)}
      </Tag>
      <small>{TEST.after(duration_ms)}</small>
    </span>
  );
}

type Panel = "payload" | "headers" | "verify";

function Details({ endpoint, result }: { endpoint: Endpoint; result: Result }) {
  const [open, setOpen] = useState<Panel | null>(null);
  const prepared = result.secret_fingerprint === endpoint.prepared_secret?.fingerprint;
  const panel = (name: Panel) => (
    <Button
      size="xs"
      variant="default"
      aria-expanded={open === name}
      onClick={() => setOpen(open === name ? null : name)}
    >
      {open === name ? TEST[name].hide : TEST[name].show}
    </Button>
  );
  return (
    <>
      {result.error && (
        <p className={shared["reason"]}>
          {saysOfAttempt(result)} {adviceOfAttempt(result, endpoint)}
        </p>
      )}
      <div className={classes["sent"]}>
        <span>
          {TEST.signed(prepared)} <code>{result.secret_fingerprint}</code>
        </span>
        <div className={shared["reveal"]}>
          <code>{result.signature}</code>
          <CopyButton text={result.signature} what={TEST.signature} />
        </div>
      </div>
      {result.status !== null && (
        <div className={classes["sent"]}>
          <span>{result.response_excerpt ? TEST.answered : TEST.answered_nothing}</span>
          {result.response_excerpt && (
            <Code compact>
              {result.response_excerpt}
              {result.response_truncated && "…"}
            </Code>
          )}
        </div>
      )}
      <div className={classes["panels"]}>
        {panel("payload")}
        {panel("headers")}
        {panel("verify")}
      </div>
      {open === "payload" && <Payload payload={result.payload} />}
      {open === "headers" && (
        <Code compact>{result.request_headers.map(({ name, value }) => `${name}: ${value}`).join("\n")}</Code>
      )}
      {open === "verify" && <Verify endpoint={endpoint} />}
    </>
  );
}

/** The text whose bytes were signed, and the same for reading. */
function Payload({ payload }: { payload: string }) {
  const size = useMemo(() => new TextEncoder().encode(payload).length, [payload]);
  return (
    <div>
      <ExactText
        title={<span>{TEST.bytes(bytes(size))}</span>}
        what={TEST.the_payload}
        exact={payload}
        exact_label={TEST.as_sent}
        exact_first
        compact
      />
    </div>
  );
}
