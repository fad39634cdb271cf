import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconArrowLeft, IconCopy, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { useTitle } from "../../lib/page/title.ts";
import { toast } from "../../lib/page/toast.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { templateQuery, type TemplateDetail } from "./queries.ts";
import { StatusTag } from "../../conversation/template/status-tag.tsx";
import { SyncButton } from "./sync-button.tsx";
import { StatusBanner } from "./status-banner.tsx";
import { TemplateParts } from "./template-parts.tsx";
import classes from "./templates.module.css";
import { DETAIL, EDIT_NOTE, EDITOR, LIST, LOADING, TITLE } from "./texts.ts";
import { UseList } from "./uses.tsx";

const route = getRouteApi("/shell/templates/$template_id");

/** One template: where it stands at Meta, why, what happened to it, and what it is used for. */
export function TemplatePage() {
  const { template_id } = route.useParams();
  const { data: template, error, refetch } = useQuery(templateQuery(template_id));
  useTitle(template?.name ?? TITLE);
  const back = (
    <Link to="/templates" className={classes["back"]}>
      <IconArrowLeft size={16} aria-hidden /> {DETAIL.back}
    </Link>
  );
  if (!template)
    return (
      <Page above={back} title={TITLE}>
        {error ? (
          <Failure error={error} retry={() => void refetch()} />
        ) : (
          <Skeleton h={260} radius={16} role="status" aria-label={LOADING} />
        )}
      </Page>
    );
  return (
    <Page
      above={back}
      title={
        <span className={classes["name"]}>
          {template.name ?? LIST.unnamed}
          <StatusTag status={template.status} />
        </span>
      }
      lead={template.sync && <SyncButton syncs={[template.sync]} />}
      action={<Actions key={template.id} template={template} />}
    >
      <StatusBanner template={template} />
      <TemplateParts template={template} />
    </Page>
  );
}

function Actions({ template }: { template: TemplateDetail }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"edit" | "delete" | null>(null);
  const draft = useAction({
    mutationFn: (as: "edit" | "copy") =>
      call("POST /api/v1/templates/:id/draft", { params: { id: template.id }, body: { as } }),
    onSuccess: ({ id }) => void navigate({ to: "/templates/drafts/$draft_id", params: { draft_id: id } }),
    onError: (error) => toast("bad", EDITOR.not_saved, wordsOf(error)),
  });
  const { edit_problem, draft_id, status, uses } = template;
  // What is sent by it waits for the review of its edit.
  const edit = () => (status === "APPROVED" && draft_id === null ? setAsking("edit") : draft.mutate("edit"));
  return (
    <div className={classes["actions"]}>
      <Button
        leftSection={<IconPencil size={16} aria-hidden />}
        disabled={edit_problem !== null && draft_id === null}
        title={edit_problem ?? undefined}
        loading={draft.isPending}
        onClick={edit}
      >
        {draft_id !== null ? DETAIL.go_on : status === "REJECTED" ? DETAIL.edit_and_resubmit : DETAIL.edit}
      </Button>
      <Button
        variant="default"
        leftSection={<IconCopy size={16} aria-hidden />}
        onClick={() => draft.mutate("copy")}
      >
        {DETAIL.copy}
      </Button>
      {status !== "DELETED" && (
        <Button
          variant="outline"
          color="red"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => setAsking("delete")}
        >
          {DETAIL.delete}
        </Button>
      )}
      {asking === "delete" && <DeleteDialog template={template} onClose={() => setAsking(null)} />}
      <Confirm
        opened={asking === "edit"}
        title={EDIT_NOTE.title}
        yes={EDIT_NOTE.yes}
        loading={draft.isPending}
        onYes={() => draft.mutate("edit")}
        onClose={() => setAsking(null)}
      >
        <p>{EDIT_NOTE.text}</p>
        {uses.length === 0 ? <p>{DETAIL.unused}</p> : <UseList uses={uses} />}
      </Confirm>
    </div>
  );
}
