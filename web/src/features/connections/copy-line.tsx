import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CopyButton } from "../../ui/copy-button.tsx";
import classes from "./connections.module.css";
import { verifyTokenQuery } from "./queries.ts";
import { CARD } from "./texts.ts";

/** A text to copy as it is. */
export function CopyLine({ text, what }: { text: string; what: string }) {
  return (
    <span className={classes["copied"]}>
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}

/** Fetched when it is asked for, or at once where it has to be copied. */
export function VerifyToken({ id, at_once = false }: { id: string; at_once?: boolean }) {
  const [shown, setShown] = useState(at_once);
  const { data, isFetching } = useQuery({ ...verifyTokenQuery(id), enabled: shown });
  if (!shown || data === undefined)
    return (
      <Button size="xs" variant="default" loading={shown && isFetching} onClick={() => setShown(true)}>
        {CARD.show}
      </Button>
    );
  return data.verify_token === null ? (
    CARD.no_verify_token
  ) : (
    <CopyLine text={data.verify_token} what={CARD.verify_token} />
  );
}
