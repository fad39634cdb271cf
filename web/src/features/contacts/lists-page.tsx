import { Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconListDetails, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { call } from "../../lib/server/api.ts";
import classes from "./contacts.module.css";
import { NameDialog } from "./name-dialog.tsx";
import { listsQuery, type List } from "./queries.ts";
import { RemoveDialog } from "./remove-dialog.tsx";
import { LISTS, NAMING } from "./texts.ts";
import { ThingMenu, ThingsPage } from "./things-page.tsx";

/** Groups of contacts that people put together. */
export function ListsPage() {
  const client = useQueryClient();
  const query = useQuery(listsQuery);
  const [edited, edit] = useState<List | "new" | null>(null);
  const [removed, remove] = useState<List | null>(null);
  const again = () => client.invalidateQueries({ queryKey: ["lists"] });
  return (
    <ThingsPage
      at="/contacts/lists"
      texts={LISTS}
      icon={<IconListDetails size={26} stroke={1.6} />}
      query={query}
      create={() => edit("new")}
      renderRow={(list) => (
        <>
          <span className={classes["what"]}>
            <Link to="/contacts" search={{ list: list.id }} dir="auto">
              {list.name}
            </Link>
            {list.description && <small dir="auto">{list.description}</small>}
          </span>
          <span className={classes["soft"]}>{LISTS.count(list.contacts)}</span>
          <ThingMenu
            name={list.name}
            items={[
              { label: LISTS.rename, icon: <IconPencil size={16} aria-hidden />, run: () => edit(list) },
              {
                label: NAMING.remove,
                icon: <IconTrash size={16} aria-hidden />,
                run: () => remove(list),
                danger: true,
              },
            ]}
          />
        </>
      )}
    >
      {edited && (
        <ListDialog list={edited === "new" ? null : edited} onClose={() => edit(null)} again={again} />
      )}
      {removed && (
        <RemoveDialog
          kind="list"
          id={removed.id}
          name={removed.name}
          title={LISTS.remove(removed.name)}
          text={LISTS.remove_text(removed.contacts)}
          remove={() => call("DELETE /api/v1/lists/:id", { params: { id: removed.id } }).then(again)}
          onClose={() => remove(null)}
        />
      )}
    </ThingsPage>
  );
}

function ListDialog({
  list,
  onClose,
  again,
}: {
  list: List | null;
  onClose: () => void;
  again: () => Promise<void>;
}) {
  const [description, setDescription] = useState(list?.description ?? "");
  return (
    <NameDialog
      title={list ? LISTS.rename : LISTS.create}
      name={list?.name ?? ""}
      maxLength={100}
      onClose={onClose}
      save={async (name) => {
        const body = { name, description: description.trim() || null };
        await (list
          ? call("PATCH /api/v1/lists/:id", { params: { id: list.id }, body })
          : call("POST /api/v1/lists", { body }));
        await again();
      }}
    >
      <Textarea
        label={NAMING.description}
        description={NAMING.description_hint}
        maxLength={500}
        autosize
        minRows={2}
        value={description}
        onChange={({ currentTarget: { value } }) => setDescription(value)}
      />
    </NameDialog>
  );
}
