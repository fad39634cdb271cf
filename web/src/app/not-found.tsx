import { IconCompass } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTitle } from "../lib/title.ts";
import { Empty } from "../ui/page-state.tsx";

export function NotFound() {
  useTitle("Page not found");
  return (
    <Empty
      icon={<IconCompass size={28} stroke={1.6} />}
      title="There is no such page"
      action={<Link to="/inbox">Go to Inbox</Link>}
    >
      The address may be mistyped, or the page has moved.
    </Empty>
  );
}
