import { useQuery } from "@tanstack/react-query";
import common from "../campaigns.module.css";
import { type CampaignVariable, type Draft, fieldsQuery, type Place } from "../model/model.ts";
import { VARIABLES } from "../wizard-texts.ts";
import { FileSource } from "./file-source.tsx";
import { LocationFields } from "./location-fields.tsx";
import { SourceFields } from "./source-fields.tsx";

/** Each place of the template, and what is to stand in it. */
export function VariableFields({
  draft: { campaign, form, put },
  places,
}: {
  draft: Draft;
  places: readonly Place[];
}) {
  const { data } = useQuery(fieldsQuery);
  return places.map((place) => {
    const variable = form.variables[place.key];
    const set = (next: CampaignVariable | null) => {
      const { [place.key]: _, ...others } = form.variables;
      put({ variables: next === null ? others : { ...others, [place.key]: next } });
    };
    const all = { place, variable, set };
    return (
      <div key={place.key} className={common["item"]} role="group" aria-label={place.label}>
        <div className={common["itemHead"]}>
          <h3>{place.label}</h3>
          {place.example !== "" && <small dir="auto">{VARIABLES.example(place.example)}</small>}
        </div>
        {place.takes === "text" ? (
          <SourceFields {...all} columns={campaign.columns} fields={data?.data ?? []} />
        ) : place.takes === "location" ? (
          <LocationFields {...all} />
        ) : (
          <FileSource {...all} kind={place.takes} columns={campaign.columns} fields={data?.data ?? []} />
        )}
      </div>
    );
  });
}
