import { NativeSelect } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call } from "../../../lib/server/api.ts";
import { chevron } from "../../../ui/filter-bar.tsx";
import { ACTIVITY, BULK } from "../activity-texts.ts";
import { automationKey, type RunChoice } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import classes from "./activity.module.css";

/** Where each of those who move would go on; who has no place there is given one, or stays. */
export function MoveText({
  automation_id,
  choice,
  lands,
  setLands,
}: {
  automation_id: string;
  choice: RunChoice;
  lands: Record<string, string>;
  setLands: (lands: Record<string, string>) => void;
}) {
  const { flow, nameOf } = useDrawing();
  const { data } = useQuery({
    queryKey: [...automationKey(automation_id), "move", choice, lands] as const,
    queryFn: ({ signal }) =>
      call("POST /api/v1/automations/:id/runs/move/preview", {
        params: { id: automation_id },
        body: { ...choice, lands },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  if (!data) return null;
  return (
    <div className={classes["move"]}>
      <p>{BULK.move_text(data.version)}</p>
      <ul>
        {data.groups.map(({ version, node_id, people, says, lands: on }) => (
          <li key={`${version} ${node_id}`}>
            <span>
              {says ||
                BULK.from_node(node_id === null ? ACTIVITY.unknown_step : nameOf(node_id), version, people)}
            </span>
            {node_id !== null && (on === null || node_id in lands) && (
              <NativeSelect
                size="xs"
                aria-label={BULK.lands}
                rightSection={chevron}
                data={[
                  { value: "", label: BULK.no_place },
                  ...flow.nodes
                    .filter(({ type }) => type !== "trigger")
                    .map(({ id }) => ({ value: id, label: nameOf(id) })),
                ]}
                value={lands[node_id] ?? ""}
                onChange={({ currentTarget: { value } }) => {
                  const { [node_id]: _, ...others } = lands;
                  setLands(value === "" ? others : { ...others, [node_id]: value });
                }}
              />
            )}
          </li>
        ))}
      </ul>
      {data.stay > 0 && <p>{BULK.stay(data.stay)}</p>}
    </div>
  );
}
