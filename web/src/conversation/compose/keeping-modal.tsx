import { Modal } from "@mantine/core";
import { type ReactNode, Suspense, useState } from "react";
import { lazyPart } from "../../lib/page/chunks.ts";
import { KEEP } from "./texts.ts";

const Confirm = lazyPart(() => import("../../ui/confirm.tsx"), "Confirm");

/** A dialog that asks before it throws away what was filled in. */
export function KeepingModal({
  title,
  size,
  filled,
  onClose,
  children,
}: {
  title: string;
  size: number;
  /** Something would be lost. */
  filled: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const [asking, setAsking] = useState(false);
  return (
    <Modal opened centered size={size} title={title} onClose={() => (filled ? setAsking(true) : onClose())}>
      {children}
      {asking && (
        <Suspense>
          <Confirm opened title={KEEP.title} yes={KEEP.yes} onYes={onClose} onClose={() => setAsking(false)}>
            <p>{KEEP.text}</p>
          </Confirm>
        </Suspense>
      )}
    </Modal>
  );
}
