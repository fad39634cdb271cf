import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { getRouteApi, useNavigate } from "@tanstack/react-router";

const route = getRouteApi("/shell/inbox");

/**
 * Beside the thread it stays as one left it. Where it lies over the thread it is closed until asked for, and is a place
 * of its own: Back closes it.
 */
export function useContactPanel(): [shown: boolean, show: (shown: boolean) => void] {
  const beside = useMediaQuery("(min-width: 1241px)", true, { getInitialValueInEffect: false });
  const kept = useLocalStorage({
    key: "wharf.contact-panel",
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const { contact } = route.useSearch();
  const navigate = useNavigate();
  if (beside) return [kept[0], kept[1]];
  return [
    contact === "shown",
    (shown) =>
      void navigate({
        to: ".",
        search: (now) => ({ ...now, contact: shown ? ("shown" as const) : undefined }),
        replace: !shown,
      }),
  ];
}
