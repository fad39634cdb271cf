import { Button, Menu, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconArrowLeft, IconDots, IconEraser, IconGitMerge } from "@tabler/icons-react";
import { useState } from "react";
import { Avatar } from "../../conversation/marks/avatar.tsx";
import { secondLine } from "../../conversation/model/people.ts";
import { useTitle } from "../../lib/page/title.ts";
import { contactQuery } from "../../lib/server/queries.ts";
import type { ContactDetail } from "../../lib/types.ts";
import { Page } from "../../ui/page.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import classes from "./contact.module.css";
import { About, Fields } from "./contact-fields.tsx";
import { Activity, Campaigns, Conversations, Events } from "./contact-history.tsx";
import { Notes } from "./contact-notes.tsx";
import { Consent, Identities, Memberships } from "./contact-sides.tsx";
import { EraseDialog } from "./erase-dialog.tsx";
import { MergeDialog } from "./merge-dialog.tsx";
import { profileQuery } from "./queries.ts";
import { PAGE, TITLE } from "./texts.ts";

const route = getRouteApi("/shell/contacts/$contact_id");

/** One person: who they are, what the workspace keeps of them, and what happened between both. */
export function ContactPage() {
  const { contact_id } = route.useParams();
  const query = useQuery(contactQuery(contact_id));
  useTitle(query.data?.display_name, TITLE);
  return (
    <Page
      above={<Back />}
      title={query.data ? <Head contact={query.data} /> : TITLE}
      action={query.data && <Actions contact={query.data} />}
    >
      {query.data ? (
        <Details contact={query.data} />
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <div role="status" aria-busy aria-label={PAGE.loading} className={classes["columns"]}>
          <Skeleton h={320} radius={16} />
          <Skeleton h={320} radius={16} />
        </div>
      )}
    </Page>
  );
}

const Back = () => (
  <Link to="/contacts" className={classes["back"]}>
    <IconArrowLeft size={16} aria-hidden /> {PAGE.back}
  </Link>
);

function Head({ contact }: { contact: ContactDetail }) {
  const second = secondLine(contact);
  return (
    <span className={classes["head"]}>
      <Avatar id={contact.id} name={contact.display_name} size={52} />
      <span>
        <span dir="auto">{contact.display_name}</span>
        {second !== null && <small>{second}</small>}
      </span>
    </span>
  );
}

function Actions({ contact }: { contact: ContactDetail }) {
  const [dialog, open] = useState<"merge" | "erase" | null>(null);
  if (contact.group || contact.marketing_state === "REDACTED") return null;
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button variant="default" rightSection={<IconDots size={17} aria-hidden />}>
            {PAGE.actions}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconGitMerge size={16} aria-hidden />} onClick={() => open("merge")}>
            {PAGE.merge}
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconEraser size={16} aria-hidden />}
            onClick={() => open("erase")}
          >
            {PAGE.erase}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === "merge" && <MergeDialog contact={contact} onClose={() => open(null)} />}
      {dialog === "erase" && <EraseDialog contact={contact} onClose={() => open(null)} />}
    </>
  );
}

function Details({ contact }: { contact: ContactDetail }) {
  const profile = useQuery(profileQuery(contact.id));
  if (contact.group)
    return (
      <>
        <Empty icon={null} title={PAGE.group}>
          {PAGE.group_text}
        </Empty>
        <Conversations id={contact.id} />
      </>
    );
  const erased = contact.marketing_state === "REDACTED";
  return (
    <div className={classes["columns"]}>
      <div className={classes["column"]}>
        {erased ? (
          <section className={classes["block"]} role="note">
            <h2>{PAGE.erased}</h2>
            <p>{PAGE.erased_text}</p>
          </section>
        ) : (
          profile.data && (
            <>
              <About contact={contact} profile={profile.data} />
              <Fields id={contact.id} profile={profile.data} />
            </>
          )
        )}
        {profile.isError && <Failure error={profile.error} retry={() => void profile.refetch()} />}
        {!erased && <Notes id={contact.id} />}
        <Conversations id={contact.id} />
        <Campaigns id={contact.id} />
        <Events id={contact.id} />
      </div>
      <div className={classes["column"]}>
        {!erased && profile.data && <Memberships id={contact.id} profile={profile.data} />}
        <Consent contact={contact} />
        {profile.data && <Activity contact={contact} profile={profile.data} />}
        {!erased && <Identities contact={contact} />}
      </div>
    </div>
  );
}
