import { Button, TextInput } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { Card } from "../../ui/page.tsx";
import common from "../../ui/form-blocks.module.css";
import { ListField } from "./list-field.tsx";
import classes from "./prices.module.css";
import type { AddedPrices, RateCard } from "./queries.ts";
import { PRICES } from "./texts.ts";
import { useAddPrices } from "./use-add-prices.ts";

const META_LISTS = "https://developers.facebook.com/docs/whatsapp/pricing";
/** What the server names at most. */
const MOST_FAULTS = 100;

/** A price list, pasted or from a file: all of it is saved, or nothing. */
export function AddPrices({ card }: { card: RateCard }) {
  const { csv, setCsv, from, setFrom, currency, setCurrency, wrong, faults, read, submit, adding } =
    useAddPrices(card);
  return (
    <Card className={common["block"]}>
      <h2>{PRICES.add}</h2>
      <p className={common["hint"]}>
        {PRICES.add_lead}{" "}
        <a href={META_LISTS} target="_blank" rel="noreferrer" className={classes["link"]}>
          {PRICES.meta_list} <IconExternalLink size={14} aria-hidden />
        </a>
      </p>
      <form
        className={common["dialog"]}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <ListField csv={csv} wrong={wrong} onChange={setCsv} onFile={read} />
        <div className={classes["two"]}>
          <TextInput
            label={PRICES.from}
            description={PRICES.from_hint}
            type="date"
            required
            withAsterisk={false}
            value={from}
            onChange={({ currentTarget: { value } }) => setFrom(value)}
          />
          <TextInput
            label={PRICES.currency}
            description={PRICES.currency_hint}
            maxLength={3}
            required
            withAsterisk={false}
            value={currency}
            onChange={({ currentTarget: { value } }) => setCurrency(value)}
          />
        </div>
        {faults.length > 0 && <Faults faults={faults} />}
        <Button type="submit" className={classes["start"]} loading={adding}>
          {PRICES.save}
        </Button>
      </form>
    </Card>
  );
}

/** The lines that were refused, each with its reason. */
function Faults({ faults }: { faults: AddedPrices["faults"] }) {
  return (
    <div className={common["wrong"]} role="alert">
      <p>{PRICES.wrong}</p>
      <ul className={classes["faults"]}>
        {faults.map(({ line, says }) => (
          <li key={`${line} ${says}`} dir="auto">
            {PRICES.line(line, says)}
          </li>
        ))}
      </ul>
      {faults.length >= MOST_FAULTS && <p>{PRICES.more_faults}</p>}
    </div>
  );
}
