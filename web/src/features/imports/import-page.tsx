import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { Back } from "./back.tsx";
import { DraftSteps } from "./draft-steps.tsx";
import classes from "./imports.module.css";
import { NewImportPage } from "./new-import-page.tsx";
import { Outcome } from "./outcome.tsx";
import { importQuery } from "./queries.ts";
import { Running } from "./running.tsx";
import { StateTag } from "./state-tag.tsx";
import { CONTACTS, LIST, LOADING } from "./texts.ts";

const route = getRouteApi("/shell/contacts/imports/$import_id");

export function ImportPage() {
  const { import_id } = route.useParams();
  return import_id === "new" ? <NewImportPage /> : <OneImport import_id={import_id} />;
}

/** One import: a draft with its steps, one that runs, or what came of it. */
function OneImport({ import_id }: { import_id: string }) {
  const query = useQuery(importQuery(import_id));
  const imported = query.data;
  const name = imported?.filename ?? LIST.unnamed;
  useTitle(imported && name, CONTACTS);
  if (!imported)
    return (
      <Page above={<Back />} title={LIST.create}>
        <Card>
          {query.isError ? (
            <Failure error={query.error} retry={() => void query.refetch()} />
          ) : (
            <div role="status" aria-busy aria-label={LOADING} className={classes["skeletons"]}>
              <Skeleton h={44} radius={10} />
              <Skeleton h={200} radius={10} />
            </div>
          )}
        </Card>
      </Page>
    );
  return (
    <Page
      above={<Back />}
      title={
        <span className={classes["title"]}>
          <span dir="auto">{name}</span> <StateTag state={imported.state} />
        </span>
      }
    >
      {imported.state === "DRAFT" ? (
        <DraftSteps imported={imported} />
      ) : imported.state === "RUNNING" ? (
        <Running imported={imported} />
      ) : (
        <Outcome imported={imported} />
      )}
    </Page>
  );
}
