import { Button, type ButtonProps } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { copyText } from "../lib/page/copy.ts";
import { COPY } from "./texts.ts";

const SAID_MS = 1_500;

/** Copies a text as it is, and says whether it did. `what` tells several of them apart for those who don't see. */
export function CopyButton({
  text,
  what,
  label = COPY.label,
  onCopied,
  ...rest
}: { text: string; what: string; label?: string; onCopied?: () => void } & ButtonProps) {
  const [said, setSaid] = useState<"copied" | "by_hand" | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (button: HTMLElement) => {
    const copied = await copyText(text, button.parentElement ?? document.body);
    setSaid(copied ? "copied" : "by_hand");
    if (copied) onCopied?.();
  };
  const shown = said === null ? label : COPY[said];
  return (
    <Button
      size="xs"
      variant="default"
      {...rest}
      aria-label={`${shown}: ${what}`}
      leftSection={said === "copied" ? <IconCheck size={15} /> : <IconCopy size={15} />}
      onClick={(event) => void copy(event.currentTarget)}
    >
      {shown}
    </Button>
  );
}
