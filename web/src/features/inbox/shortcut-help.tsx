import { Kbd, Modal, Switch } from "@mantine/core";
import classes from "./inbox.module.css";

const KEYS = [
  ["j", "Next conversation"],
  ["k", "Previous conversation"],
  ["r", "Reply, or choose a template when the window is closed"],
  ["e", "Resolve, and go to the next conversation"],
  ["/", "Search"],
  ["?", "Show these keys"],
  ["Enter", "Send what is written"],
  ["Shift + Enter", "New line"],
  ["Esc", "Leave the field, close a dialog"],
] as const;

/** The keys of the Inbox, and the switch that turns the single ones off. */
export function ShortcutHelp({
  enabled,
  onEnable,
  onClose,
}: {
  enabled: boolean;
  onEnable: (enabled: boolean) => void;
  onClose: () => void;
}) {
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" centered size={460}>
      <dl className={classes["keys"]}>
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <Switch
        label="Single keys work in the Inbox"
        description="Kept in this browser."
        checked={enabled}
        onChange={(event) => onEnable(event.currentTarget.checked)}
      />
    </Modal>
  );
}
