import { CloseButton } from "@mantine/core";
import type { Source } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { FLOW } from "../setting-texts.ts";
import classes from "./nodes.module.css";
import { PickSource } from "./pick.tsx";

/** Who is kept out. */
export function Exclusions({
  sources,
  put,
}: {
  sources: readonly Source[];
  put: (sources: Source[]) => void;
}) {
  const { names } = useDrawing();
  return (
    <div className={classes["section"]}>
      <h3>{FLOW.exclude}</h3>
      <p className={classes["hint"]}>{FLOW.exclude_hint}</p>
      {sources.length > 0 && (
        <ul className={classes["chosen"]}>
          {sources.map((source) => {
            const name = names[source.kind](source.id);
            return (
              <li key={`${source.kind} ${source.id}`}>
                <span dir="auto">{name}</span>
                <CloseButton
                  size="sm"
                  aria-label={FLOW.remove_source(name)}
                  onClick={() => put(sources.filter((each) => each !== source))}
                />
              </li>
            );
          })}
        </ul>
      )}
      <PickSource
        label={FLOW.add_source}
        value={null}
        without={sources}
        put={(source) => source && put([...sources, source])}
      />
    </div>
  );
}
