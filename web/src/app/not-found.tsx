import { IconCompass } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTitle } from "../lib/page/title.ts";
import { Empty } from "../ui/page-state.tsx";
import { PAGE } from "./texts.ts";

export function NotFound() {
  useTitle(PAGE.not_found);
  return (
    <Empty
      icon={<IconCompass size={28} stroke={1.6} />}
      title={PAGE.no_such}
      action={<Link to="/inbox">{PAGE.to_inbox}</Link>}
    >
      {PAGE.no_such_text}
    </Empty>
  );
}
