import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconDownload, IconFileImport, IconPlus } from "@tabler/icons-react";
import { useTitle } from "../../lib/page/title.ts";
import { Ago } from "../../ui/ago.tsx";
import { ContactTabs } from "../../ui/contact-tabs.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import { Progress } from "../../ui/progress.tsx";
import classes from "./imports.module.css";
import { importsQuery, type ListedImport } from "./queries.ts";
import { StateTag } from "./state-tag.tsx";
import { CONTACTS, KINDS, LEAD, LIST, LOADING, OLDER, resultOf, RUN, TITLE } from "./texts.ts";

export const NewImportButton = () => (
  <Button
    leftSection={<IconPlus size={17} aria-hidden />}
    renderRoot={(props) => (
      <Link to="/contacts/imports/$import_id" params={{ import_id: "new" }} {...props} />
    )}
  >
    {LIST.create}
  </Button>
);

/** Files of people, and what became of their rows. */
export function ImportsPage() {
  useTitle(TITLE, CONTACTS);
  const query = useInfiniteQuery(importsQuery);
  const imports = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Page
      title={TITLE}
      lead={LEAD}
      above={<ContactTabs at="/contacts/imports" />}
      action={
        <div className={classes["actions"]}>
          <Button
            component="a"
            href="/api/v1/contacts/export.csv"
            download
            variant="default"
            leftSection={<IconDownload size={17} aria-hidden />}
          >
            {LIST.export}
          </Button>
          <NewImportButton />
        </div>
      }
    >
      <Card>
        {query.isPending ? (
          <div role="status" aria-busy aria-label={LOADING} className={classes["skeletons"]}>
            {Array.from({ length: 5 }, (_, index) => (
              <Skeleton key={index} h={44} radius={10} />
            ))}
          </div>
        ) : query.isError && imports.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : imports.length === 0 ? (
          <Empty icon={<IconFileImport size={26} stroke={1.6} />} title={LIST.empty}>
            {LIST.empty_text}
          </Empty>
        ) : (
          <>
            <ul className={classes["rows"]}>
              {imports.map((imported) => (
                <ImportRow key={imported.id} imported={imported} />
              ))}
            </ul>
            <OlderRow query={query}>{OLDER}</OlderRow>
          </>
        )}
      </Card>
    </Page>
  );
}

function ImportRow({ imported }: { imported: ListedImport }) {
  const { id, state, filename, rows_total, rows_done, counts, created_at } = imported;
  return (
    <li>
      <Link to="/contacts/imports/$import_id" params={{ import_id: id }} className={classes["row"]}>
        <span className={classes["what"]}>
          <b dir="auto" title={filename ?? undefined}>
            {filename ?? LIST.unnamed}
          </b>
          <span>
            {KINDS[imported.kind]} · {LIST.rows(rows_total)}
          </span>
        </span>
        <span>
          <StateTag state={state} />
        </span>
        {state === "RUNNING" ? (
          <span className={classes["soft"]}>
            {RUN.done(rows_done, rows_total)}
            <Progress label={RUN.progress} done={rows_done} total={rows_total} />
          </span>
        ) : (
          <span className={classes["soft"]}>{resultOf(counts)}</span>
        )}
        <Ago time={created_at} />
      </Link>
    </li>
  );
}
