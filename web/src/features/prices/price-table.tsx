import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconCoin, IconSearch, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { timeFormat } from "../../lib/words/intl.ts";
import { unitPrice } from "../../lib/words/money.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Card } from "../../ui/page.tsx";
import { Empty } from "../../ui/page-state.tsx";
import common from "../../ui/form-blocks.module.css";
import classes from "./prices.module.css";
import { rateCardQuery, type RateCard } from "./queries.ts";
import { categoryName, marketName, PRICES } from "./texts.ts";

const MOST_ROWS = 200;
const dayName = timeFormat({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** A card has some hundreds of prices: the page has all of them, and searches by itself. */
export function PriceTable({ card, owner }: { card: RateCard; owner: boolean }) {
  const [search, setSearch] = useState("");
  const { currency, rates } = card;
  if (currency === null || rates.length === 0)
    return (
      <Card>
        <Empty icon={<IconCoin size={28} stroke={1.6} />} title={PRICES.none}>
          {PRICES.none_text}
        </Empty>
      </Card>
    );
  const wanted = search.trim().toLowerCase();
  const named = rates.map((rate) => ({
    ...rate,
    market: marketName(rate.market),
    category: categoryName(rate.category),
  }));
  const found = named
    .filter(({ market, category }) => `${market} ${category}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => a.market.localeCompare(b.market, "en"));
  return (
    <Card className={common["block"]}>
      <h2>
        {PRICES.yours} <small>{PRICES.yours_lead(rates.length, currency)}</small>
      </h2>
      <TextInput
        type="search"
        aria-label={PRICES.search}
        placeholder={PRICES.search}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={({ currentTarget: { value } }) => setSearch(value)}
      />
      <table className={classes["table"]}>
        <thead>
          <tr>
            {PRICES.heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.slice(0, MOST_ROWS).map(({ market, category, from, price }) => (
            <tr key={`${market} ${category} ${from}`}>
              <th scope="row">{market}</th>
              <td>{category}</td>
              <td>{dayName.format(new Date(`${from}T00:00Z`))}</td>
              <td>{unitPrice(price, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length === 0 && <p className={common["hint"]}>{PRICES.nothing_found}</p>}
      {found.length > MOST_ROWS && <p className={common["hint"]}>{PRICES.shown(MOST_ROWS, found.length)}</p>}
      {owner && <RemoveAll />}
    </Card>
  );
}

function RemoveAll() {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useAction({
    mutationFn: () => call("DELETE /api/v1/rate_card", {}),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: rateCardQuery.queryKey });
      toast("good", PRICES.removed, PRICES.removed_text);
    },
    onError: (error) => {
      setAsking(false);
      toast("bad", PRICES.not_removed, wordsOf(error));
    },
  });
  return (
    <>
      <Button
        variant="default"
        className={classes["start"]}
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {PRICES.remove}
      </Button>
      <Confirm
        opened={asking}
        title={PRICES.ask_remove}
        yes={PRICES.remove}
        danger
        loading={remove.isPending}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{PRICES.remove_text}</p>
      </Confirm>
    </>
  );
}
