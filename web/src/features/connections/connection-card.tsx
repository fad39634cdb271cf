import { ActionIcon, Button, Menu } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconDots } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { exactTime } from "../../lib/words/time.ts";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Card } from "../../ui/page.tsx";
import { Tag } from "../../ui/tag.tsx";
import { Accounts } from "./accounts.tsx";
import classes from "./connections.module.css";
import { CopyLine, VerifyToken } from "./copy-line.tsx";
import { EditDialog } from "./edit-dialog.tsx";
import { Findings } from "./findings.tsx";
import { callbackUrlOf, type Connection, connectionsQuery, explain } from "./queries.ts";
import { RotateDialog } from "./rotate-dialog.tsx";
import { CARD, REMOVE, SHARE } from "./texts.ts";
import { useCheck } from "./use-check.ts";

type Dialog = "edit" | "rotate" | "share" | "remove";

/** One Meta app: what is set, whether it works, and its accounts. */
export function ConnectionCard({ connection, sandbox }: { connection: Connection; sandbox: boolean }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const check = useCheck(connection);
  const simulated = sandbox && connection.from_environment;
  const close = () => setDialog(null);
  return (
    <Card className={classes["card"] ?? ""} aria-label={connection.name}>
      <header className={classes["head"]}>
        <h2 dir="auto">{connection.name}</h2>
        <Standing connection={connection} simulated={simulated} />
        <span className={classes["actions"]}>
          {!simulated && connection.has_access_token && (
            <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
              {CARD.check}
            </Button>
          )}
          {!simulated && <Actions connection={connection} onChoose={setDialog} />}
        </span>
      </header>
      <p className={classes["quiet"]}>{leadOf(connection, simulated)}</p>
      {!simulated && <Facts connection={connection} />}
      {!simulated && <Checked connection={connection} />}
      <Accounts connection={connection} simulated={simulated} />
      <EditDialog connection={connection} opened={dialog === "edit"} onClose={close} />
      <RotateDialog connection={connection} opened={dialog === "rotate"} onClose={close} />
      <ShareDialog connection={connection} opened={dialog === "share"} onClose={close} />
      <RemoveDialog connection={connection} opened={dialog === "remove"} onClose={close} />
    </Card>
  );
}

function leadOf(connection: Connection, simulated: boolean): string | null {
  if (simulated) return CARD.sandbox_text;
  if (connection.shared) return CARD.shared_text;
  return connection.from_environment ? CARD.environment_text : null;
}

function Standing({ connection, simulated }: { connection: Connection; simulated: boolean }) {
  const problems = (connection.findings ?? []).filter(({ state }) => state === "problem").length;
  return (
    <>
      {simulated && <Tag tone="quiet">{CARD.sandbox}</Tag>}
      {!simulated && connection.from_environment && <Tag tone="quiet">{CARD.environment}</Tag>}
      {connection.shared && <Tag tone="accent">{CARD.shared}</Tag>}
      {problems > 0 && <Tag tone="bad">{CARD.problems(problems)}</Tag>}
      {problems === 0 && connection.findings !== null && <Tag tone="good">{CARD.fine}</Tag>}
    </>
  );
}

function Actions({ connection, onChoose }: { connection: Connection; onChoose: (dialog: Dialog) => void }) {
  const { name, shared, from_environment } = connection;
  return (
    <>
      <Button size="xs" variant="default" aria-label={CARD.edit_named(name)} onClick={() => onChoose("edit")}>
        {CARD.edit}
      </Button>
      {!from_environment && (
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <ActionIcon variant="default" size={30} aria-label={CARD.more(name)}>
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onChoose("rotate")}>{CARD.rotate}</Menu.Item>
            <Menu.Item onClick={() => onChoose("share")}>{shared ? CARD.unshare : CARD.share}</Menu.Item>
            <Menu.Item color="red" onClick={() => onChoose("remove")}>
              {CARD.remove}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

function Facts({ connection }: { connection: Connection }) {
  const { verified_at, last_webhook_at, previous_app_secret_until: until } = connection;
  const is_set = (set: boolean) => <Tag tone={set ? "good" : "quiet"}>{set ? CARD.set : CARD.not_set}</Tag>;
  const rows: [name: string, value: ReactNode][] = [
    [CARD.callback, <CopyLine key="url" text={callbackUrlOf(connection)} what={CARD.callback} />],
    [CARD.verify_token, <VerifyToken key="token" id={connection.id} />],
    [CARD.app_id, connection.app_id ?? CARD.unknown],
    [
      CARD.app_secret,
      <span key="secret">
        {is_set(connection.has_app_secret)} {until !== null && CARD.old_secret(exactTime(until))}
      </span>,
    ],
    [CARD.access_token, is_set(connection.has_access_token)],
    [CARD.verified, verified_at === null ? CARD.not_verified : <Ago key="verified" time={verified_at} />],
    [CARD.last_webhook, last_webhook_at === null ? CARD.never : <Ago key="last" time={last_webhook_at} />],
  ];
  return (
    <dl className={classes["facts"]}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Checked({ connection }: { connection: Connection }) {
  const { findings, checked_at, has_access_token } = connection;
  if (!has_access_token) return <p className={classes["quiet"]}>{CARD.no_token}</p>;
  if (findings === null || checked_at === null) return <p className={classes["quiet"]}>{CARD.not_checked}</p>;
  return (
    <div>
      <p className={classes["quiet"]}>
        {CARD.checked} <Ago time={checked_at} />
      </p>
      <Findings findings={findings} />
    </div>
  );
}

interface DialogProps {
  connection: Connection;
  opened: boolean;
  onClose: () => void;
}

function ShareDialog({ connection, opened, onClose }: DialogProps) {
  const client = useQueryClient();
  const shared = !connection.shared;
  const share = useAction({
    mutationFn: () =>
      call("PATCH /api/v1/connections/:id", { params: { id: connection.id }, body: { shared } }),
    onSuccess: () => toast("good", SHARE.done(shared), SHARE.done_text),
    onError: (error) => toast("bad", SHARE.title(shared), explain(error)),
    onSettled: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: connectionsQuery.queryKey });
    },
  });
  return (
    <Confirm
      opened={opened}
      title={SHARE.title(shared)}
      yes={SHARE.yes(shared)}
      loading={share.isPending}
      onYes={() => share.mutate()}
      onClose={onClose}
    >
      <p>{SHARE.text(shared)}</p>
    </Confirm>
  );
}

function RemoveDialog({ connection, opened, onClose }: DialogProps) {
  const client = useQueryClient();
  const remove = useAction({
    mutationFn: () => call("DELETE /api/v1/connections/:id", { params: { id: connection.id } }),
    onSuccess: () => toast("good", REMOVE.done, REMOVE.done_text),
    onError: (error) => toast("bad", REMOVE.title(connection.name), explain(error)),
    onSettled: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: connectionsQuery.queryKey });
    },
  });
  return (
    <Confirm
      opened={opened}
      title={REMOVE.title(connection.name)}
      yes={REMOVE.yes}
      danger
      loading={remove.isPending}
      onYes={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{REMOVE.text}</p>
    </Confirm>
  );
}
