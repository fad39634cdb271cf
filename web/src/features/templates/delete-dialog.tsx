import { Radio } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { languageName } from "../../../../src/template-rules/template-rules.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { impactQuery, type TemplateDetail } from "./queries.ts";
import classes from "./templates.module.css";
import { REMOVE } from "./texts.ts";
import { UseList } from "./uses.tsx";

/** Says what it touches before a template is deleted, in one language or in all. */
export function DeleteDialog({ template, onClose }: { template: TemplateDetail; onClose: () => void }) {
  const client = useQueryClient();
  const [all, setAll] = useState(false);
  const name = template.name ?? template.template_id;
  const others = template.languages.filter(({ status }) => status !== "DELETED");
  const { data: impact } = useQuery(impactQuery(template.id, all));
  const remove = useAction({
    mutationFn: () =>
      call("DELETE /api/v1/templates/:id", {
        params: { id: template.id },
        query: { all_languages: all ? "true" : "false" },
      }),
    onSuccess: () => {
      toast("good", REMOVE.done, REMOVE.done_text(name));
      onClose();
    },
    onError: (error) => toast("bad", REMOVE.failed, wordsOf(error)),
    onSettled: () =>
      Promise.all(
        ["template", "template-list", "template-counts", "templates"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
  return (
    <Confirm
      opened
      danger
      title={REMOVE.title(name)}
      yes={REMOVE.yes}
      loading={remove.isPending}
      onYes={() => remove.mutate()}
      onClose={onClose}
    >
      {others.length > 1 && (
        <Radio.Group
          aria-label={REMOVE.which}
          value={all ? "all" : "one"}
          onChange={(value) => setAll(value === "all")}
        >
          <div className={classes["radios"]}>
            <Radio value="one" label={REMOVE.one(languageName(template.language ?? ""))} />
            <Radio value="all" label={REMOVE.all(others.length)} />
          </div>
        </Radio.Group>
      )}
      <p>{REMOVE.text}</p>
      {impact === undefined ? null : impact.uses.length === 0 ? (
        <p>{REMOVE.touches_nothing}</p>
      ) : (
        <>
          <p>{REMOVE.touches}</p>
          <UseList uses={impact.uses} />
        </>
      )}
    </Confirm>
  );
}
