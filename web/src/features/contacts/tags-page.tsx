import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconPencil, IconTag, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { call } from "../../lib/server/api.ts";
import classes from "./contacts.module.css";
import { NameDialog } from "./name-dialog.tsx";
import { CONTACTS, tagsQuery, type Tag } from "./queries.ts";
import { RemoveDialog } from "./remove-dialog.tsx";
import { NAMING, TAGS } from "./texts.ts";
import { ThingMenu, ThingsPage } from "./things-page.tsx";

/** Short labels on contacts. */
export function TagsPage() {
  const client = useQueryClient();
  const query = useQuery(tagsQuery);
  const [edited, edit] = useState<Tag | "new" | null>(null);
  const [removed, remove] = useState<Tag | null>(null);
  const again = () =>
    Promise.all(["tags", CONTACTS, "contact"].map((key) => client.invalidateQueries({ queryKey: [key] })));
  return (
    <ThingsPage
      at="/contacts/tags"
      texts={TAGS}
      icon={<IconTag size={26} stroke={1.6} />}
      query={query}
      create={() => edit("new")}
      renderRow={(tag) => (
        <>
          <span className={classes["what"]}>
            <Link to="/contacts" search={{ tag: tag.id }} dir="auto">
              {tag.name}
            </Link>
          </span>
          <span className={classes["soft"]}>{TAGS.count(tag.contacts)}</span>
          <ThingMenu
            name={tag.name}
            items={[
              { label: TAGS.rename, icon: <IconPencil size={16} aria-hidden />, run: () => edit(tag) },
              {
                label: NAMING.remove,
                icon: <IconTrash size={16} aria-hidden />,
                run: () => remove(tag),
                danger: true,
              },
            ]}
          />
        </>
      )}
    >
      {edited && (
        <NameDialog
          title={edited === "new" ? TAGS.create : TAGS.rename}
          name={edited === "new" ? "" : edited.name}
          maxLength={50}
          onClose={() => edit(null)}
          save={async (name) => {
            await (edited === "new"
              ? call("POST /api/v1/tags", { body: { name } })
              : call("PATCH /api/v1/tags/:id", { params: { id: edited.id }, body: { name } }));
            await again();
          }}
        />
      )}
      {removed && (
        <RemoveDialog
          kind="tag"
          id={removed.id}
          name={removed.name}
          title={TAGS.remove(removed.name)}
          text={TAGS.remove_text(removed.contacts)}
          remove={() => call("DELETE /api/v1/tags/:id", { params: { id: removed.id } }).then(again)}
          onClose={() => remove(null)}
        />
      )}
    </ThingsPage>
  );
}
