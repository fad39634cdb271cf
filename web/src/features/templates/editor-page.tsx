import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconArrowLeft } from "@tabler/icons-react";
import { Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { Editor } from "./editor.tsx";
import { draftQuery } from "./queries.ts";
import classes from "./templates.module.css";
import { EDITOR, LOADING } from "./texts.ts";

const route = getRouteApi("/shell/templates/drafts/$draft_id");

const back = (
  <Link to="/templates" className={classes["back"]}>
    <IconArrowLeft size={16} aria-hidden /> {EDITOR.back}
  </Link>
);

/** A template that is not saved yet. */
export const NewTemplatePage = () => <Editor key="new" draft={null} />;

/** A draft, or the edit of a template. */
export function DraftPage() {
  const { draft_id } = route.useParams();
  const { data: draft, error, refetch } = useQuery(draftQuery(draft_id));
  if (draft) return <Editor key={draft.id} draft={draft} />;
  return (
    <Page above={back} title={EDITOR.new_title}>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton h={260} radius={16} role="status" aria-label={LOADING} />
      )}
    </Page>
  );
}
