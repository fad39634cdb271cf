import { useQuery } from "@tanstack/react-query";
import { fieldsQuery } from "../../lib/server/audience.ts";
import common from "../../ui/form-blocks.module.css";
import { FileSource } from "./file-source.tsx";
import { LocationFields } from "./location-fields.tsx";
import type { Place } from "./places.ts";
import type { Sources, Variable } from "./place-props.ts";
import { SourceFields } from "./source-fields.tsx";
import { VARIABLES } from "./texts.ts";

/** Each place of the template, and what is to stand in it. */
export function VariableFields({
  places,
  variables,
  put,
  ...sources
}: Sources & {
  places: readonly Place[];
  variables: Readonly<Record<string, Variable>>;
  put: (variables: Record<string, Variable>) => void;
}) {
  const { data } = useQuery(fieldsQuery);
  return places.map((place) => {
    const variable = variables[place.key];
    const set = (next: Variable | null) => {
      const { [place.key]: _, ...others } = variables;
      put(next === null ? others : { ...others, [place.key]: next });
    };
    const all = { place, variable, set };
    const fields = data?.data ?? [];
    return (
      <div key={place.key} className={common["item"]} role="group" aria-label={place.label}>
        <div className={common["itemHead"]}>
          <h3>{place.label}</h3>
          {place.example !== "" && <small dir="auto">{VARIABLES.example(place.example)}</small>}
        </div>
        {place.takes === "text" ? (
          <SourceFields {...all} {...sources} fields={fields} />
        ) : place.takes === "location" ? (
          <LocationFields {...all} />
        ) : (
          <FileSource {...all} {...sources} kind={place.takes} fields={fields} />
        )}
      </div>
    );
  });
}
