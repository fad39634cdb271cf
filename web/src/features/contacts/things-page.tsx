import { ActionIcon, Button, Menu } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { IconDots, IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import classes from "./contacts.module.css";
import { type ContactTab, ContactTabs } from "../../ui/contact-tabs.tsx";
import { NAMING, TITLE } from "./texts.ts";

/** A page of things with names: tags, lists, segments, fields. */
export function ThingsPage<Thing extends { id: string; name: string }>({
  at,
  texts,
  icon,
  query,
  create,
  renderCreate,
  renderRow,
  children,
}: {
  at: ContactTab;
  texts: { title: string; lead: string; create: string; empty: string; empty_text: string };
  icon: ReactNode;
  query: UseQueryResult<{ data: Thing[] }>;
  /** One of the two: what the button does, or a link to where one is made. */
  create?: () => void;
  renderCreate?: (props: object) => ReactNode;
  renderRow: (thing: Thing) => ReactNode;
  children?: ReactNode;
}) {
  useTitle(texts.title, TITLE);
  const things = query.data?.data ?? [];
  return (
    <Page
      above={<ContactTabs at={at} />}
      title={texts.title}
      lead={texts.lead}
      action={
        <Button
          leftSection={<IconPlus size={17} aria-hidden />}
          {...(renderCreate ? { renderRoot: renderCreate } : { onClick: create })}
        >
          {texts.create}
        </Button>
      }
    >
      <Card className={classes["list"]}>
        {query.isPending ? (
          <ListSkeleton />
        ) : query.isError && things.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : things.length === 0 ? (
          <Empty icon={icon} title={texts.empty}>
            {texts.empty_text}
          </Empty>
        ) : (
          <ul className={classes["rows"]} aria-label={texts.title}>
            {things.map((thing) => (
              <li key={thing.id} className={classes["thing"]}>
                {renderRow(thing)}
              </li>
            ))}
          </ul>
        )}
      </Card>
      {children}
    </Page>
  );
}

/** What can be done with one of them. */
export function ThingMenu({
  name,
  items,
}: {
  name: string;
  items: { label: string; icon: ReactNode; run: () => void; danger?: boolean }[];
}) {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={NAMING.more(name)}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ label, icon, run, danger }) => (
          <Menu.Item key={label} leftSection={icon} onClick={run} {...(danger ? { color: "red" } : {})}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
