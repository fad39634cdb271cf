import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { rateCardQuery, type AddedPrices, type RateCard } from "./queries.ts";
import { PRICES } from "./texts.ts";

const MOST_BYTES = 500_000;
const today = () => new Date().toISOString().slice(0, 10);

/** The list before it is saved, what is wrong with it, and its saving. */
export function useAddPrices(card: RateCard) {
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
  const submit = () => {
    setWrong(csv.trim() === "" ? PRICES.missing : null);
    if (csv.trim() !== "") add.mutate();
  };
  return {
    csv,
    setCsv,
    from,
    setFrom,
    currency,
    setCurrency,
    wrong,
    faults,
    read,
    submit,
    adding: add.isPending,
  };
}
