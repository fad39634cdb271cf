import { CatchBoundary, type ErrorComponentProps } from "@tanstack/react-router";
import { IconMoodSad } from "@tabler/icons-react";
import { createContext, type ReactNode, Suspense, use } from "react";
import { Empty } from "./page-state.tsx";
import { STATE } from "./texts.ts";

const PanelName = createContext("");

/** A part of a page that fails alone: what stands beside it goes on. `of` names what it shows; a change tries again. */
export function Panel({
  name,
  of = "",
  fallback = null,
  children,
}: {
  name: string;
  of?: string | undefined;
  fallback?: ReactNode;
  children: ReactNode;
}) {
  return (
    <PanelName value={name}>
      <CatchBoundary getResetKey={() => of} errorComponent={Failed}>
        <Suspense fallback={fallback}>{children}</Suspense>
      </CatchBoundary>
    </PanelName>
  );
}

function Failed({ reset }: ErrorComponentProps) {
  return (
    <Empty
      icon={<IconMoodSad size={26} stroke={1.6} />}
      title={STATE.panel(use(PanelName))}
      action={
        <button type="button" onClick={reset}>
          {STATE.again}
        </button>
      }
    >
      {STATE.panel_text}
    </Empty>
  );
}
