import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import classes from "./contacts.module.css";
import { Picker, type Option } from "../../conversation/conditions/picker.tsx";
import { CONTACTS, listsQuery, tagsQuery, type Choice, type ContactFilter } from "./queries.ts";
import { PICK } from "../../conversation/conditions/texts.ts";
import { BULK, LIST } from "./texts.ts";
import { useCreate } from "./use-create.ts";

type What = "add_tags" | "remove_tags" | "add_lists" | "remove_lists";
const DONE = {
  add_tags: BULK.tagged,
  remove_tags: BULK.untagged,
  add_lists: BULK.listed,
  remove_lists: BULK.unlisted,
};

/** How many there are; and once some are chosen, what can be done with them. */
export function BulkBar({
  filter,
  shown,
  count,
  failed,
  choice,
  choose,
}: {
  filter: ContactFilter;
  shown: number;
  count: number | null;
  failed: boolean;
  choice: Choice;
  choose: (choice: Choice) => void;
}) {
  const client = useQueryClient();
  const { data: tags } = useQuery(tagsQuery);
  const { data: lists } = useQuery(listsQuery);
  const create = useCreate();
  const chosen = choice === "all" ? (count ?? 0) : choice.size;
  const change = useAction({
    mutationFn: ({ what, id }: Option & { what: What }) =>
      call("POST /api/v1/contacts/bulk", {
        body: { ...(choice === "all" ? { filter } : { ids: [...choice] }), [what]: [id] },
      }),
    onSuccess: ({ contacts }, { what, name }) => toast("good", BULK.done, DONE[what](name, contacts)),
    onError: (error) => toast("bad", BULK.failed, wordsOf(error)),
    onSettled: () =>
      Promise.all(
        [CONTACTS, "contact", "tags", "lists"].map((key) => client.invalidateQueries({ queryKey: [key] })),
      ),
  });
  if (chosen === 0)
    return (
      <p className={classes["count"]} role="status">
        {failed ? LIST.no_count : count === null ? LIST.counting : LIST.count(count)}
      </p>
    );
  const pick = (what: What, label: string, options: readonly Option[] | undefined) => (
    <Picker
      label={label}
      options={options ?? []}
      chosen={new Set()}
      put={(option) => change.mutate({ ...option, what })}
      disabled={change.isPending}
      texts={what.endsWith("tags") ? PICK.tags : PICK.lists}
      create={
        what === "add_tags"
          ? (name) => create.tag.mutate(name, { onSuccess: (tag) => change.mutate({ ...tag, what }) })
          : what === "add_lists"
            ? (name) => create.list.mutate(name, { onSuccess: (list) => change.mutate({ ...list, what }) })
            : undefined
      }
    />
  );
  return (
    <div className={classes["bulk"]} role="region" aria-label={BULK.chosen(chosen)}>
      <b role="status">{choice === "all" ? BULK.all_chosen(chosen) : BULK.chosen(chosen)}</b>
      {choice !== "all" && count !== null && count > choice.size && choice.size === shown && (
        <Button variant="subtle" size="xs" onClick={() => choose("all")}>
          {BULK.all(count)}
        </Button>
      )}
      <span className={classes["bulkActions"]}>
        {pick("add_tags", BULK.tag, tags?.data)}
        {pick("remove_tags", BULK.untag, tags?.data)}
        {pick("add_lists", BULK.list, lists?.data)}
        {pick("remove_lists", BULK.unlist, lists?.data)}
        <Button variant="subtle" color="gray" size="xs" onClick={() => choose(new Set())}>
          {BULK.clear}
        </Button>
      </span>
    </div>
  );
}
