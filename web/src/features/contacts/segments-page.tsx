import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconCopy, IconFilter, IconTrash, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { Ago } from "../../ui/ago.tsx";
import classes from "./contacts.module.css";
import { segmentsQuery, type Segment } from "./queries.ts";
import { RemoveDialog } from "./remove-dialog.tsx";
import { NOT_SAVED, SEGMENTS } from "./texts.ts";
import { NAMING } from "./texts.ts";
import { ThingMenu, ThingsPage } from "./things-page.tsx";

/** Contacts by conditions. */
export function SegmentsPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery(segmentsQuery);
  const [removed, remove] = useState<Segment | null>(null);
  const again = () => client.invalidateQueries({ queryKey: ["segments"] });
  const names = new Set(query.data?.data.map(({ name }) => name.toLowerCase()));
  const duplicate = useAction({
    mutationFn: ({ name, rule }: Segment) => {
      let copy = SEGMENTS.copy_of(name).slice(0, 95);
      for (let n = 2; names.has(copy.toLowerCase()); n += 1)
        copy = `${SEGMENTS.copy_of(name).slice(0, 90)} ${n}`;
      return call("POST /api/v1/segments", { body: { name: copy, rule } });
    },
    onSuccess: ({ id }) => {
      void again();
      void navigate({ to: "/contacts/segments/$segment_id", params: { segment_id: id } });
    },
    onError: (error) => toast("bad", NOT_SAVED, wordsOf(error)),
  });
  return (
    <ThingsPage
      at="/contacts/segments"
      texts={SEGMENTS}
      icon={<IconFilter size={26} stroke={1.6} />}
      query={query}
      renderCreate={(props) => (
        <Link to="/contacts/segments/$segment_id" params={{ segment_id: "new" }} {...props} />
      )}
      renderRow={(segment) => (
        <>
          <span className={classes["what"]}>
            <Link to="/contacts/segments/$segment_id" params={{ segment_id: segment.id }} dir="auto">
              {segment.name}
            </Link>
            <small>{SEGMENTS.conditions(countConditions(segment))}</small>
          </span>
          <span className={classes["soft"]}>
            {SEGMENTS.changed} <Ago time={segment.updated_at} />
          </span>
          <ThingMenu
            name={segment.name}
            items={[
              {
                label: SEGMENTS.show,
                icon: <IconUsers size={16} aria-hidden />,
                run: () => void navigate({ to: "/contacts", search: { segment: segment.id } }),
              },
              {
                label: SEGMENTS.duplicate,
                icon: <IconCopy size={16} aria-hidden />,
                run: () => duplicate.mutate(segment),
              },
              {
                label: NAMING.remove,
                icon: <IconTrash size={16} aria-hidden />,
                run: () => remove(segment),
                danger: true,
              },
            ]}
          />
        </>
      )}
    >
      {removed && (
        <RemoveDialog
          kind="segment"
          id={removed.id}
          name={removed.name}
          title={SEGMENTS.remove(removed.name)}
          text={SEGMENTS.remove_text}
          remove={() => call("DELETE /api/v1/segments/:id", { params: { id: removed.id } }).then(again)}
          onClose={() => remove(null)}
        />
      )}
    </ThingsPage>
  );
}

const countConditions = ({ rule }: Segment): number =>
  rule.groups.flat().reduce((sum, each) => sum + (each.on === "any" ? each.groups.flat().length : 1), 0);
