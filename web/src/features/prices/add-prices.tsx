import { Button, FileButton, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconExternalLink, IconFileUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { Card } from "../../ui/page.tsx";
import common from "../../ui/form-blocks.module.css";
import classes from "./prices.module.css";
import { rateCardQuery, type AddedPrices, type RateCard } from "./queries.ts";
import { PRICES } from "./texts.ts";

const META_LISTS = "https://developers.facebook.com/docs/whatsapp/pricing";
const MOST_BYTES = 500_000;
/** What the server names at most. */
const MOST_FAULTS = 100;
const today = () => new Date().toISOString().slice(0, 10);

/** A price list, pasted or from a file: all of it is saved, or nothing. */
export function AddPrices({ card }: { card: RateCard }) {
  const client = useQueryClient();
  const [csv, setCsv] = useState("");
  const [from, setFrom] = useState(today);
  const [currency, setCurrency] = useState(card.currency ?? "USD");
  const [wrong, setWrong] = useState<string | null>(null);
  const [faults, setFaults] = useState<AddedPrices["faults"]>([]);
  // The same prices twice harm nothing, and a corrected line is saved at once.
  const add = useAction(
    {
      mutationFn: () =>
        call("POST /api/v1/rate_card/csv", { body: { csv, from, currency: currency.trim().toUpperCase() } }),
      onSuccess: (added) => {
        setFaults(added.faults);
        if (added.faults.length > 0) return;
        setCsv("");
        client.setQueryData(rateCardQuery.queryKey, added.card);
        void client.invalidateQueries({ queryKey: ["campaign-review"] });
        toast("good", PRICES.saved, PRICES.saved_text(added.added, added.changed, added.unchanged));
      },
      onError: (error) => toast("bad", PRICES.not_saved, wordsOf(error)),
    },
    0,
  );
  const read = async (file: File | null) => {
    if (file === null) return;
    setWrong(file.size > MOST_BYTES ? PRICES.too_large : null);
    if (file.size <= MOST_BYTES) setCsv(await file.text());
  };
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
          setWrong(csv.trim() === "" ? PRICES.missing : null);
          if (csv.trim() !== "") add.mutate();
        }}
      >
        <Textarea
          label={PRICES.text}
          description={PRICES.text_hint}
          placeholder={PRICES.example}
          rows={7}
          className={classes["text"]}
          value={csv}
          error={wrong}
          spellCheck={false}
          onChange={({ currentTarget: { value } }) => setCsv(value)}
        />
        <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(file) => void read(file)}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              className={classes["start"]}
              leftSection={<IconFileUpload size={16} aria-hidden />}
            >
              {PRICES.upload}
            </Button>
          )}
        </FileButton>
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
        {faults.length > 0 && (
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
        )}
        <Button type="submit" className={classes["start"]} loading={add.isPending}>
          {PRICES.save}
        </Button>
      </form>
    </Card>
  );
}
