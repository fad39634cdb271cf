import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import { START } from "./texts.ts";

export function Step({
  title,
  text,
  action,
  done,
  next,
  link,
}: {
  title: string;
  text: string;
  action: string;
  done: boolean;
  /** The first that is not done: its button stands out. */
  next: boolean;
  link: string;
}) {
  return (
    <li data-done={done || undefined}>
      {done ? (
        <IconCircleCheckFilled size={24} aria-label={START.done} />
      ) : (
        <IconCircle size={24} stroke={1.6} aria-label={START.open} />
      )}
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      {!done && (
        <Button component={Link} to={link} variant={next ? "filled" : "default"}>
          {action}
        </Button>
      )}
    </li>
  );
}
