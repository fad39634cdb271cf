import { Button } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTitle } from "../../lib/page/title.ts";
import classes from "./frame.module.css";
import { Frame } from "./frame.tsx";
import { keepsCookies } from "./cookies.ts";
import { Problem } from "./problem.tsx";
import { COOKIES, LINK, SIGN_IN } from "./texts.ts";

/** Where a one-time link leads: it is used up by the button, and not by what only looks at links. */
export function LinkPage() {
  const [sent, setSent] = useState(false);
  // Without them the link would be used up in vain.
  const [keeps_cookies] = useState(keepsCookies);
  const submit = (event: FormEvent) => {
    // A second click would find the link used by the first, before the first one's session is known.
    if (sent) event.preventDefault();
    setSent(true);
  };
  useTitle(SIGN_IN.title);
  return (
    <Frame title={LINK.title} lead={LINK.lead}>
      <form className={classes["form"]} method="post" action={window.location.pathname} onSubmit={submit}>
        {!keeps_cookies && <Problem>{COOKIES}</Problem>}
        <Button type="submit" size="md" autoFocus loading={sent} disabled={!keeps_cookies}>
          {LINK.submit}
        </Button>
      </form>
    </Frame>
  );
}
