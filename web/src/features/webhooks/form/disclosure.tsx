import { IconChevronDown } from "@tabler/icons-react";
import classes from "./form.module.css";

/** What is rarely needed, behind its name. */
export function Disclosure({
  label,
  open,
  onOpen,
  children,
}: {
  label: string;
  open?: boolean;
  onOpen?: (open: boolean) => void;
  children: React.ReactNode;
}) {
  return (
    <details
      className={classes["disclosure"]}
      open={open}
      onToggle={(event) => onOpen?.(event.currentTarget.open)}
    >
      <summary>
        <IconChevronDown size={16} aria-hidden />
        {label}
      </summary>
      <div>{children}</div>
    </details>
  );
}
