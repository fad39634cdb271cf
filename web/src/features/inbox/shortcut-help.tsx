import { Kbd, Modal, Switch } from "@mantine/core";
import classes from "./inbox.module.css";
import { KEYS } from "./texts.ts";

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
    <Modal
      opened
      onClose={onClose}
      title={KEYS.title}
      centered
      size={460}
      closeButtonProps={{ "aria-label": KEYS.close }}
    >
      <dl className={classes["keys"]}>
        {KEYS.list.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <Switch
        label={KEYS.single}
        description={KEYS.kept}
        checked={enabled}
        onChange={(event) => onEnable(event.currentTarget.checked)}
      />
    </Modal>
  );
}
