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
import { lazyPart } from "../lib/chunks.ts";
import { signOut } from "../lib/auth.ts";
import { countUnsent } from "../lib/outbox.ts";
import { queryClient } from "../lib/queries.ts";
import type { Me } from "../lib/types.ts";
import { NAVIGATION } from "./texts.ts";
import { UserButton } from "./user-button.tsx";

const Confirm = lazyPart(() => import("../ui/confirm.tsx"), "Confirm");

const SCHEMES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "System", icon: IconDeviceDesktop },
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
  const one = unsent === 1;
  return (
    <Menu position="top-start" width={236} defaultOpened={defaultOpened}>
      <Suspense>
        {unsent > 0 && (
          <Confirm
            opened
            title={one ? "A message has not been sent" : `${unsent} messages have not been sent`}
            yes="Sign out"
            onClose={() => setUnsent(0)}
            onYes={() => void leave()}
          >
            <p>
              {one ? "It stays" : "They stay"} in this browser and {one ? "goes" : "go"} out when you sign in
              again here.
            </p>
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
          Settings
        </Menu.Item>
        <Menu.Item
          leftSection={<IconBook size={17} stroke={1.7} />}
          onClick={() => void navigate({ to: "/docs" })}
        >
          {NAVIGATION.docs}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {SCHEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={17} stroke={1.7} />}
            rightSection={colorScheme === value ? <IconCheck size={16} aria-label="chosen" /> : null}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={17} stroke={1.7} />} onClick={ask}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
