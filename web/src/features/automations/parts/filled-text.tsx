import { Button, Menu, Textarea } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRef } from "react";
import { isCalling } from "../model/model.ts";
import { useDrawing } from "./drawing.ts";
import { ACTION } from "../setting-texts.ts";
import classes from "./parts.module.css";

/** A text for the team or another system; what fills it in is put where the cursor stands. */
export function FilledText({
  label,
  description,
  value,
  put,
}: {
  label: string;
  description?: string;
  value: string;
  put: (text: string) => void;
}) {
  const box = useRef<HTMLTextAreaElement>(null);
  const { flow, nameOf } = useDrawing();
  const insert = (place: string) => {
    const at = box.current?.selectionStart ?? value.length;
    put(`${value.slice(0, at)}{{${place}}}${value.slice(at)}`.slice(0, 2_000));
    box.current?.focus();
  };
  return (
    <>
      <Textarea
        ref={box}
        dir="auto"
        label={label}
        description={description}
        rows={4}
        maxLength={2_000}
        value={value}
        onChange={({ currentTarget }) => put(currentTarget.value)}
      />
      <div className={classes["adds"]}>
        <Menu position="bottom-start" width={260} returnFocus={false}>
          <Menu.Target>
            <Button variant="default" size="xs" leftSection={<IconPlus size={15} aria-hidden />}>
              {ACTION.fill}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => insert("contact.name")}>{ACTION.fills.name}</Menu.Item>
            <Menu.Item onClick={() => insert("contact.phone")}>{ACTION.fills.phone}</Menu.Item>
            <Menu.Item onClick={() => insert("payload.order.id")}>{ACTION.fills.payload}</Menu.Item>
            {flow.nodes.filter(isCalling).map(({ id }) => (
              <Menu.Item key={id} onClick={() => insert(`answer.${id}.body.code`)}>
                {ACTION.fill_answer(nameOf(id))}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      <p className={classes["hint"]}>{ACTION.filled}</p>
    </>
  );
}
