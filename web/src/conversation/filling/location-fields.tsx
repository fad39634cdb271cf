import { NumberInput, TextInput } from "@mantine/core";
import "@mantine/core/styles/NumberInput.css";
import common from "../../ui/form-blocks.module.css";
import { VARIABLES } from "./texts.ts";
import type { PlaceProps } from "./place-props.ts";

/** The place that a header shows on a map. */
export function LocationFields({ variable, set }: PlaceProps) {
  const location =
    variable?.from === "location"
      ? variable
      : { from: "location" as const, latitude: 0, longitude: 0, name: "", address: "" };
  const number = (name: "latitude" | "longitude", most: number) => (
    <NumberInput
      label={VARIABLES[name]}
      min={-most}
      max={most}
      decimalScale={6}
      hideControls
      value={variable?.from === "location" ? location[name] : ""}
      onChange={(value) => typeof value === "number" && set({ ...location, [name]: value })}
    />
  );
  return (
    <>
      <div className={common["pair"]}>
        {number("latitude", 90)}
        {number("longitude", 180)}
      </div>
      <div className={common["pair"]}>
        <TextInput
          dir="auto"
          label={VARIABLES.place_name}
          maxLength={1_000}
          value={location.name}
          onChange={({ currentTarget: { value } }) => set({ ...location, name: value })}
        />
        <TextInput
          dir="auto"
          label={VARIABLES.address}
          maxLength={1_000}
          value={location.address}
          onChange={({ currentTarget: { value } }) => set({ ...location, address: value })}
        />
      </div>
      {variable === undefined && <p className={common["wrong"]}>{VARIABLES.location_missing}</p>}
    </>
  );
}
