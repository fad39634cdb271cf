import { Button, Menu } from "@mantine/core";
import { IconBan, IconChevronDown, IconHistory, IconRestore, IconSend } from "@tabler/icons-react";
import { useState } from "react";
import type { Endpoint } from "../../../lib/types.ts";
import { RECOVER } from "../delivery-texts.ts";
import type { DeliveryFilter } from "../model/model.ts";
import { CancelPendingDialog } from "./cancel-pending-dialog.tsx";
import { RecoverDialog } from "./recover-dialog.tsx";

/** What can be done about many deliveries at once; each shows first how many they are. */
export function RecoveryMenu({
  endpoint,
  filter,
  onMatching,
}: {
  endpoint: Endpoint;
  filter: DeliveryFilter;
  onMatching: (to: "resend" | "cancel") => void;
}) {
  const [open, setOpen] = useState<"failed" | "missing" | "cancel" | null>(null);
  const close = () => setOpen(null);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <>
      <Menu position="bottom-end" width={290}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconRestore size={17} />}
            rightSection={<IconChevronDown size={15} />}
          >
            {RECOVER.menu}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconRestore size={17} stroke={1.7} />} onClick={() => setOpen("failed")}>
            {RECOVER.menu_failed}
          </Menu.Item>
          <Menu.Item leftSection={<IconHistory size={17} stroke={1.7} />} onClick={() => setOpen("missing")}>
            {RECOVER.menu_missing}
          </Menu.Item>
          {filtered && (
            <Menu.Item leftSection={<IconSend size={17} stroke={1.7} />} onClick={() => onMatching("resend")}>
              {RECOVER.menu_matching}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconBan size={17} stroke={1.7} />} onClick={() => setOpen("cancel")}>
            {RECOVER.menu_cancel}
          </Menu.Item>
          {filtered && (
            <Menu.Item leftSection={<IconBan size={17} stroke={1.7} />} onClick={() => onMatching("cancel")}>
              {RECOVER.menu_cancel_matching}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {open === "cancel" ? (
        <CancelPendingDialog endpoint={endpoint} onClose={close} />
      ) : (
        open && <RecoverDialog endpoint={endpoint} what={open} onClose={close} />
      )}
    </>
  );
}
