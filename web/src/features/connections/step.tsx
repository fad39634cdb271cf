import { IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { GUIDE } from "./texts.ts";

/** A step of the guide, with its mark. */
export function Step({ title, done, children }: { title: string; done: boolean; children: ReactNode }) {
  return (
    <li data-done={done || undefined} aria-label={title}>
      {done ? (
        <IconCircleCheckFilled size={24} aria-label={GUIDE.done} />
      ) : (
        <IconCircle size={24} stroke={1.6} aria-label={GUIDE.open} />
      )}
      <div>
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  );
}
