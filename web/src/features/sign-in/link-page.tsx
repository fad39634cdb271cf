import { Button } from "@mantine/core";
import { useTitle } from "../../lib/title.ts";
import classes from "./frame.module.css";
import { Frame } from "./frame.tsx";

/** Where a one-time link leads: it is used up by the button, and not by what only looks at links. */
export function LinkPage() {
  useTitle("Sign in");
  return (
    <Frame title="Sign in" lead="This link signs you in once. Then you choose a password.">
      <form className={classes["form"]} method="post" action={window.location.pathname}>
        <Button type="submit" size="md" autoFocus>
          Sign in
        </Button>
      </form>
    </Frame>
  );
}
