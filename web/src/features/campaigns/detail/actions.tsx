import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconCopy,
  IconDots,
  IconGauge,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
} from "@tabler/icons-react";
import { useState } from "react";
import type { Campaign } from "../model/model.ts";
import { ACTIONS } from "../result-texts.ts";
import { CancelDialog } from "./cancel-dialog.tsx";
import classes from "./detail.module.css";
import { RateDialog } from "./rate-dialog.tsx";
import { RetryDialog } from "./retry-dialog.tsx";
import { useCampaignAction } from "./use-campaign-action.ts";
import { useDuplicate } from "./use-duplicate.ts";

const OPEN = ["SCHEDULED", "RUNNING", "PAUSED", "HELD"];

/** What one can do with a campaign as it stands: the likely thing as a button, the rest in a menu. */
export function Actions({ campaign }: { campaign: Campaign }) {
  const { id, state, hold, retryable } = campaign;
  const [asking, setAsking] = useState<"cancel" | "rate" | "retry" | null>(null);
  const pause = useCampaignAction(id, "pause");
  const resume = useCampaignAction(id, "resume");
  const is_open = OPEN.includes(state);
  const close = () => setAsking(null);
  return (
    <div className={classes["actions"]}>
      {(state === "RUNNING" || state === "SCHEDULED" || hold?.reason === "canary") && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          loading={pause.isPending}
          onClick={() => pause.mutate()}
        >
          {ACTIONS.pause}
        </Button>
      )}
      {(state === "PAUSED" || (state === "HELD" && (hold?.reason !== "approval" || hold.code === "off"))) && (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={resume.isPending}
          onClick={() => resume.mutate()}
        >
          {hold?.reason === "missed_start" ? ACTIONS.start_now : ACTIONS.resume}
        </Button>
      )}
      {is_open && (
        <Button
          variant="outline"
          color="red"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => setAsking("cancel")}
        >
          {ACTIONS.cancel}
        </Button>
      )}
      {state === "COMPLETED" && retryable > 0 && (
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => setAsking("retry")}
        >
          {ACTIONS.retry(retryable)}
        </Button>
      )}
      <More campaign={campaign} is_open={is_open} changeRate={() => setAsking("rate")} />
      {asking === "cancel" && <CancelDialog campaign={campaign} onClose={close} />}
      {asking === "rate" && <RateDialog campaign={campaign} onClose={close} />}
      {asking === "retry" && <RetryDialog campaign={campaign} onClose={close} />}
    </div>
  );
}

function More({
  campaign: { id, archived },
  is_open,
  changeRate,
}: {
  campaign: Campaign;
  is_open: boolean;
  changeRate: () => void;
}) {
  const archive = useCampaignAction(id, archived ? "unarchive" : "archive");
  const duplicate = useDuplicate(id);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={ACTIONS.more}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {is_open && (
          <Menu.Item leftSection={<IconGauge size={16} aria-hidden />} onClick={changeRate}>
            {ACTIONS.rate}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => duplicate.mutate()}>
          {ACTIONS.duplicate}
        </Menu.Item>
        {!is_open && (
          <Menu.Item
            leftSection={
              archived ? <IconArchiveOff size={16} aria-hidden /> : <IconArchive size={16} aria-hidden />
            }
            onClick={() => archive.mutate()}
          >
            {archived ? ACTIONS.unarchive : ACTIONS.archive}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
