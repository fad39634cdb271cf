import { Loader } from "@mantine/core";
import { useLiveState } from "../lib/live/live.ts";
import { Empty } from "../ui/page-state.tsx";
import { PAGE } from "./texts.ts";

/** While a page takes more than a moment to come. */
export function PagePending() {
  const live = useLiveState() === "live";
  return (
    <Empty icon={<Loader size="sm" />} title={live ? PAGE.loading : PAGE.away}>
      {live ? null : PAGE.away_text}
    </Empty>
  );
}
