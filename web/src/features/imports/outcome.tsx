import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { isolate } from "../../lib/words/isolate.ts";
import { exactTime } from "../../lib/words/time.ts";
import { Card } from "../../ui/page.tsx";
import { OlderRow } from "../../ui/page-state.tsx";
import { Counts } from "./counts.tsx";
import { DeleteButton } from "./delete-button.tsx";
import classes from "./imports.module.css";
import { NewImportButton } from "./imports-page.tsx";
import { type Import, type Reject, rejectsQuery } from "./queries.ts";
import { CHECK, OLDER, OUTCOME } from "./texts.ts";

/** What came of an import, and the rows that were refused. */
export function Outcome({ imported }: { imported: Import }) {
  const { counts, failure, user, ended_at, settings } = imported;
  const list_id = settings.list_ids.at(-1);
  return (
    <>
      <Card className={classes["block"]}>
        <div className={classes["progress"]}>
          <b>{TITLES[imported.state]}</b>
          <p className={classes["soft"]}>{failure ?? told(imported)}</p>
        </div>
        <Counts counts={counts} />
        {counts.kept_opted_out > 0 && (
          <p className={classes["soft"]}>{OUTCOME.kept(counts.kept_opted_out)}</p>
        )}
        <p className={classes["soft"]}>
          {[user && OUTCOME.by(user.name), ended_at && exactTime(ended_at)].filter(Boolean).join(" · ")}
        </p>
        <div className={classes["actions"]}>
          {list_id !== undefined && (
            <Button component="a" href={`/contacts?list=${list_id}`} variant="default">
              {OUTCOME.open}
            </Button>
          )}
          {settings.campaign_id !== null && (
            <Button
              renderRoot={(props) => (
                <Link
                  to="/campaigns/$campaign_id/edit"
                  params={{ campaign_id: settings.campaign_id! }}
                  search={{ step: "audience" }}
                  {...props}
                />
              )}
            >
              {OUTCOME.to_campaign}
            </Button>
          )}
          <NewImportButton />
          <DeleteButton imported={imported} variant="subtle" icon={<IconTrash size={16} aria-hidden />}>
            {OUTCOME.delete}
          </DeleteButton>
        </div>
      </Card>
      {counts.invalid > 0 && <Rejects imported={imported} />}
    </>
  );
}

const TITLES: Partial<Record<Import["state"], string>> = {
  DONE: OUTCOME.done,
  CANCELLED: OUTCOME.cancelled,
  FAILED: OUTCOME.failed,
};

const told = ({ state, rows_done, rows_total }: Import) =>
  state === "DONE" ? OUTCOME.done_text(rows_total) : OUTCOME.cancelled_text(rows_done, rows_total);

function Rejects({ imported: { id, counts } }: { imported: Import }) {
  const query = useInfiniteQuery(rejectsQuery(id, counts.invalid));
  const rejects = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (query.isSuccess && rejects.length === 0)
    return (
      <Card className={classes["block"]}>
        <p className={classes["soft"]}>{OUTCOME.gone}</p>
      </Card>
    );
  return (
    <Card>
      <header className={classes["cardHead"]}>
        <div>
          <h2>{OUTCOME.rejects}</h2>
          <p className={classes["soft"]}>{OUTCOME.rejects_text}</p>
        </div>
        <Button
          component="a"
          href={`/api/v1/imports/${id}/rejects.csv`}
          download
          variant="default"
          leftSection={<IconDownload size={17} aria-hidden />}
        >
          {OUTCOME.download}
        </Button>
      </header>
      <ul className={classes["rows"]}>
        {rejects.map((reject) => (
          <RejectRow key={reject.row} reject={reject} />
        ))}
      </ul>
      <OlderRow query={query}>{OLDER}</OlderRow>
    </Card>
  );
}

function RejectRow({ reject: { line, cells, faults } }: { reject: Reject }) {
  return (
    <li className={classes["reject"]}>
      <span className={classes["soft"]}>{CHECK.line(line)}</span>
      <span className={classes["faults"]}>
        {faults.map(({ column, reason }) => (
          <span key={`${column} ${reason}`}>
            {column !== null && <b dir="auto">{column}: </b>}
            {reason}
          </span>
        ))}
      </span>
      <span className={classes["cells"]}>
        {cells
          .filter((cell) => cell.trim() !== "")
          .map(isolate)
          .join(" · ")}
      </span>
    </li>
  );
}
