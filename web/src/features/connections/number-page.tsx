import { Button, NativeSelect, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { Tag } from "../../ui/tag.tsx";
import classes from "./connections.module.css";
import { NumberAccess } from "./number-access.tsx";
import { NumberProfile } from "./number-profile.tsx";
import { OverrideDialog } from "./override-dialog.tsx";
import { explain, numberQuery, type NumberState } from "./queries.ts";
import { ACCOUNTS, limitWords, NUMBER, PAGE, QUALITY, SILENCE } from "./texts.ts";

/** One number at Meta: how it stands, what customers see of it, and its registration. */
export function NumberPage() {
  const { number_id: id } = useParams({ from: "/shell/settings/numbers/$number_id" });
  const query = useQuery(numberQuery(id));
  const title = query.data?.display_phone_number ?? NUMBER.number;
  useTitle(title, PAGE.title);
  const above = (
    <Link to="/settings/connections" className={classes["crumb"]}>
      {PAGE.title}
    </Link>
  );
  return (
    <Page above={above} title={title} lead={query.data?.verified_name}>
      {query.isPending ? (
        <Skeleton h={320} radius="lg" maw={960} aria-label={NUMBER.loading} />
      ) : query.isError ? (
        <Failure error={new Error(explain(query.error))} retry={() => void query.refetch()} />
      ) : (
        <div className={classes["column"]}>
          <Standing id={id} state={query.data} />
          <NumberProfile id={id} profile={query.data.profile} />
          <NumberAccess id={id} state={query.data} />
          <Silence id={id} state={query.data} />
        </div>
      )}
    </Page>
  );
}

function Standing({ id, state }: { id: string; state: NumberState }) {
  const client = useQueryClient();
  const [elsewhere, setElsewhere] = useState(false);
  const yes_no = (is: boolean | null, yes: string, no: string) =>
    is === null ? NUMBER.unknown : <Tag tone={is ? "good" : "warn"}>{is ? yes : no}</Tag>;
  const rows: [name: string, value: ReactNode][] = [
    [NUMBER.registration, yes_no(state.registered, NUMBER.registered, NUMBER.not_registered)],
    [NUMBER.name, nameOf(state)],
    [NUMBER.quality, <Quality key="quality" rating={state.quality_rating} />],
    [NUMBER.limit, limitWords(state.messaging_limit)],
    [NUMBER.throughput, NUMBER.throughputs[state.throughput ?? ""] ?? NUMBER.unknown],
    [NUMBER.verified, yes_no(state.verified, NUMBER.is_verified, NUMBER.not_verified)],
    [NUMBER.pin, yes_no(state.has_pin, NUMBER.has_pin, NUMBER.no_pin)],
    [
      NUMBER.webhooks,
      <span key="webhooks" className={classes["copied"]}>
        {state.callback_url === null ? NUMBER.usual : <code>{state.callback_url}</code>}
        <Button size="xs" variant="default" onClick={() => setElsewhere(true)}>
          {ACCOUNTS.override}
        </Button>
      </span>,
    ],
  ];
  return (
    <Card className={classes["card"] ?? ""} aria-label={NUMBER.state}>
      <header className={classes["head"]}>
        <h2>{NUMBER.state}</h2>
        {state.test_number && <Tag tone="quiet">{NUMBER.test}</Tag>}
      </header>
      <p className={classes["quiet"]}>{state.test_number ? NUMBER.test_text : NUMBER.state_lead}</p>
      <dl className={classes["facts"]}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <OverrideDialog
        opened={elsewhere}
        url={state.callback_url}
        onClose={() => setElsewhere(false)}
        onSave={async (body) => {
          const changed = await call("POST /api/v1/phone_numbers/:id/override", { params: { id }, body });
          client.setQueryData(numberQuery(id).queryKey, changed);
        }}
      />
    </Card>
  );
}

function Quality({ rating }: { rating: string | null }) {
  const quality = QUALITY[rating ?? ""];
  return quality ? <Tag tone={quality.tone}>{quality.label}</Tag> : NUMBER.unknown;
}

function nameOf({ verified_name, name_status }: NumberState): ReactNode {
  const status = NUMBER.name_status[name_status ?? ""];
  return (
    <>
      <span dir="auto">{verified_name ?? NUMBER.unknown}</span>
      {status !== undefined && <small> {status}</small>}
    </>
  );
}

function Silence({ id, state }: { id: string; state: NumberState }) {
  const client = useQueryClient();
  const save = useAction({
    mutationFn: (silence_after_s: number | null) =>
      call("PATCH /api/v1/phone_numbers/:id/settings", { params: { id }, body: { silence_after_s } }),
    onSuccess: (changed) => {
      client.setQueryData(numberQuery(id).queryKey, changed);
      toast("good", SILENCE.saved, SILENCE.saved_text);
    },
    onError: (error) => toast("bad", SILENCE.title, explain(error)),
  });
  return (
    <Card className={classes["card"] ?? ""} aria-label={SILENCE.title}>
      <header className={classes["head"]}>
        <h2>{SILENCE.title}</h2>
      </header>
      <p className={classes["quiet"]}>{SILENCE.lead}</p>
      <NativeSelect
        maw={260}
        label={SILENCE.label}
        data={SILENCE.options}
        disabled={save.isPending}
        value={String(state.silence_after_s ?? "")}
        onChange={(event) => {
          const { value } = event.currentTarget;
          save.mutate(value === "" ? null : Number(value));
        }}
      />
    </Card>
  );
}
