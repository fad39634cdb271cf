import { Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconBook,
  IconCheck,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSettings,
  IconSun,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { lazyPart } from "../lib/page/chunks.ts";
import { signOut } from "../lib/server/auth.ts";
import { countUnsent } from "../conversation/outbox/outbox.ts";
import { queryClient } from "../lib/server/queries.ts";
import type { Me } from "../lib/types.ts";
import { UserButton } from "./user-button.tsx";
import { Workspaces } from "./workspaces.tsx";
import { NAVIGATION, USER_MENU } from "./texts.ts";

const Confirm = lazyPart(() => import("../ui/confirm.tsx"), "Confirm");

const SCHEMES = [
  { value: "light", icon: IconSun },
  { value: "dark", icon: IconMoon },
  { value: "auto", icon: IconDeviceDesktop },
] as const;

export function UserMenu({ me, defaultOpened = false }: { me: Me; defaultOpened?: boolean }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const [unsent, setUnsent] = useState(0);
  const leave = async () => {
    await signOut();
    await navigate({ to: "/sign-in", search: {} });
    // Not `clear`: what the sign-in page has just asked for would never be answered.
    queryClient.removeQueries({ type: "inactive" });
  };
  const ask = () => {
    const count = countUnsent();
    if (count === 0) void leave();
    else setUnsent(count);
  };
  return (
    <Menu position="top-start" width={236} defaultOpened={defaultOpened}>
      <Suspense>
        {unsent > 0 && (
          <Confirm
            opened
            title={USER_MENU.unsent(unsent)}
            yes={USER_MENU.sign_out}
            onClose={() => setUnsent(0)}
            onYes={() => void leave()}
          >
            <p>{USER_MENU.unsent_text(unsent)}</p>
          </Confirm>
        )}
      </Suspense>
      <Menu.Target>
        <UserButton me={me} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconSettings size={17} stroke={1.7} />}
          onClick={() => void navigate({ to: "/settings" })}
        >
          {USER_MENU.settings}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconBook size={17} stroke={1.7} />}
          onClick={() => void navigate({ to: "/docs" })}
        >
          {NAVIGATION.docs}
        </Menu.Item>
        <Workspaces me={me} />
        <Menu.Divider />
        <Menu.Label>{USER_MENU.appearance}</Menu.Label>
        {SCHEMES.map(({ value, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={17} stroke={1.7} />}
            rightSection={
              colorScheme === value ? <IconCheck size={16} aria-label={USER_MENU.chosen} /> : null
            }
            onClick={() => setColorScheme(value)}
          >
            {USER_MENU.schemes[value]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={17} stroke={1.7} />} onClick={ask}>
          {USER_MENU.sign_out}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
