import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import classes from "./consent.module.css";
import { BLACKLIST } from "./texts.ts";

/** Whether a number is on the blacklist, in whatever spelling it is given. */
export function CheckNumber() {
  const [phone, setPhone] = useState("");
  const check = useAction(
    {
      mutationFn: (wanted: string) => call("GET /api/v1/blacklist/check", { query: { phone: wanted } }),
    },
    0,
  );
  const { data, error } = check;
  return (
    <form
      className={classes["checkNumber"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (phone.trim() !== "") check.mutate(phone);
      }}
    >
      <TextInput
        aria-label={BLACKLIST.check}
        placeholder={BLACKLIST.check_hint}
        maxLength={100}
        inputMode="tel"
        value={phone}
        onChange={({ currentTarget: { value } }) => setPhone(value)}
      />
      <Button type="submit" variant="default" loading={check.isPending}>
        {BLACKLIST.check_button}
      </Button>
      <span role="status" data-bad={data?.blacklisted || error !== null || undefined}>
        {error !== null
          ? wordsOf(error)
          : data &&
            (data.blacklisted
              ? BLACKLIST.listed(data.phone)
              : data.contact_id === null
                ? BLACKLIST.unknown(data.phone)
                : BLACKLIST.not_listed(data.phone))}
      </span>
    </form>
  );
}
