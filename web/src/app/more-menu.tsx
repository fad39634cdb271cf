import { Menu } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { Count } from "./count.tsx";
import { MoreButton } from "./more-button.tsx";
import type { Place } from "./place.ts";

/** The pages that have no place of their own in the bar of a phone. */
export function MoreMenu({
  places,
  defaultOpened = false,
}: {
  places: readonly Place[];
  defaultOpened?: boolean;
}) {
  const navigate = useNavigate();
  return (
    <Menu position="top-end" width={216} defaultOpened={defaultOpened}>
      <Menu.Target>
        <MoreButton places={places} />
      </Menu.Target>
      <Menu.Dropdown>
        {places.map(({ to, label, icon: Icon, alert }) => (
          <Menu.Item
            key={to}
            leftSection={<Icon size={19} stroke={1.7} />}
            rightSection={<Count {...alert} trouble />}
            onClick={() => void navigate({ to })}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
