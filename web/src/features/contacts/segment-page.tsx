import { Button, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useTitle } from "../../lib/page/title.ts";
import { useAction } from "../../lib/server/action.ts";
import { ApiProblem, call, wordsOf } from "../../lib/server/api.ts";
import { Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { LiveCount } from "./live-count.tsx";
import { fieldsQuery, segmentQuery, type Field, type Segment } from "./queries.ts";
import { RuleEditor } from "./rule-editor.tsx";
import {
  groupsOf,
  newDraft,
  newKey,
  ruleOf,
  type DraftGroup,
} from "../../conversation/conditions/rule-model.ts";
import classes from "./segment.module.css";
import { BUILDER, NOT_SAVED, SAVE, SEGMENTS, TITLE } from "./texts.ts";

const route = getRouteApi("/shell/contacts/segments/$segment_id");

/** Builds a segment, and shows who is in it while one does. */
export function SegmentPage() {
  const { segment_id } = route.useParams();
  const is_new = segment_id === "new";
  const segment = useQuery({ ...segmentQuery(segment_id), enabled: !is_new });
  const fields = useQuery(fieldsQuery);
  useTitle(is_new ? BUILDER.new : segment.data?.name, SEGMENTS.title, TITLE);
  const failed = segment.isError ? segment : fields.isError ? fields : null;
  return (
    <Page above={<Back />} title={is_new ? BUILDER.new : (segment.data?.name ?? SEGMENTS.title)}>
      {failed ? (
        <Failure error={failed.error} retry={() => void failed.refetch()} />
      ) : fields.data && (is_new || segment.data) ? (
        <Builder key={segment_id} segment={segment.data ?? null} fields={fields.data.data} />
      ) : (
        <ListSkeleton />
      )}
    </Page>
  );
}

const Back = () => (
  <Link to="/contacts/segments" className={classes["back"]}>
    <IconArrowLeft size={16} aria-hidden /> {BUILDER.back}
  </Link>
);

function Builder({ segment, fields }: { segment: Segment | null; fields: readonly Field[] }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(segment?.name ?? "");
  const [wrong, setWrong] = useState<string | null>(null);
  const [groups, setGroups] = useState<DraftGroup[]>(() =>
    segment ? groupsOf(segment.rule) : [{ key: newKey(), items: [newDraft("consent", fields)] }],
  );
  const { rule, missing } = ruleOf(groups, fields);
  const save = useAction({
    mutationFn: () => {
      const body = { name: name.trim(), rule: rule! };
      return segment
        ? call("PATCH /api/v1/segments/:id", { params: { id: segment.id }, body })
        : call("POST /api/v1/segments", { body });
    },
    onSuccess: ({ id }) => {
      toast("good", BUILDER.saved, BUILDER.saved_text(name.trim()));
      void client.invalidateQueries({ queryKey: ["segments"] });
      if (!segment)
        void navigate({ to: "/contacts/segments/$segment_id", params: { segment_id: id }, replace: true });
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === "NAME_TAKEN") setWrong(wordsOf(error));
      else toast("bad", NOT_SAVED, wordsOf(error));
    },
  });
  return (
    <div className={classes["builder"]}>
      <form
        className={classes["rules"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === "") setWrong(BUILDER.missing_name);
          else if (rule) save.mutate();
        }}
      >
        <TextInput
          className={classes["name"] ?? ""}
          label={BUILDER.name}
          placeholder={BUILDER.name_hint}
          maxLength={100}
          error={wrong}
          value={name}
          onChange={({ currentTarget: { value } }) => {
            setName(value);
            setWrong(null);
          }}
        />
        <RuleEditor groups={groups} fields={fields} put={setGroups} />
        <div className={classes["foot"]}>
          <Button type="submit" loading={save.isPending} disabled={rule === null}>
            {SAVE}
          </Button>
          {missing > 0 && <span>{BUILDER.missing(missing)}</span>}
        </div>
      </form>
      <LiveCount rule={rule} />
    </div>
  );
}
