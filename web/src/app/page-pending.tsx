import { Loader } from "@mantine/core";
import { useLiveState } from "../lib/live.ts";
import { Empty } from "../ui/page-state.tsx";

/** While a page takes more than a moment to come. */
export function PagePending() {
  const live = useLiveState() === "live";
  return (
    <Empty icon={<Loader size="sm" />} title={live ? "Loading" : "Wharf can't be reached"}>
      {live ? null : "The page opens by itself as soon as Wharf answers."}
    </Empty>
  );
}
