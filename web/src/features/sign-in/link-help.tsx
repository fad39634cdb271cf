import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { CopyButton } from "../../ui/copy-button.tsx";
import classes from "./frame.module.css";
import { LINK_HELP } from "./texts.ts";

type Way = keyof typeof LINK_HELP.ways;

const commands = (email: string): Record<Way, { find: string | null; make: string }> => {
  const make = `npx wharf user link ${email}`;
  return {
    terminal: { find: null, make },
    docker: { find: 'docker logs CONTAINER 2>&1 | grep "Sign in"', make: `docker exec CONTAINER ${make}` },
    systemd: { find: 'journalctl -u wharf | grep "Sign in"', make: `sudo -u wharf ${make}` },
  };
};

/** Where the one-time link is, and how to make another. `email` is told only before anyone has set a password. */
export function LinkHelp({ email }: { email: string | null }) {
  const [way, setWay] = useState<Way>("terminal");
  const { find, make } = commands(email ?? "EMAIL")[way];
  return (
    <div className={classes["help"]}>
      <SegmentedControl
        fullWidth
        aria-label={LINK_HELP.installed}
        data={Object.entries(LINK_HELP.ways).map(([value, label]) => ({ value: value as Way, label }))}
        value={way}
        onChange={setWay}
      />
      <section>
        <h2>{LINK_HELP.find}</h2>
        {find === null ? <p>{LINK_HELP.terminal_find}</p> : <Command text={find} what={LINK_HELP.find} />}
      </section>
      <section>
        <h2>{LINK_HELP.make}</h2>
        <p>{LINK_HELP.make_lead}</p>
        <Command text={make} what={LINK_HELP.make} />
        {email === null && <p>{LINK_HELP.unknown_email}</p>}
      </section>
      <p>{LINK_HELP.ask}</p>
    </div>
  );
}

function Command({ text, what }: { text: string; what: string }) {
  return (
    <div className={classes["command"]}>
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </div>
  );
}
