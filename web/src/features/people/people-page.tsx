import { Button, Skeleton } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconPlus, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { useTitle } from "../../lib/page/title.ts";
import { meQuery } from "../../lib/server/queries.ts";
import { manages } from "../../lib/server/setup.ts";
import { roleLabel } from "../../lib/role-texts.ts";
import { Ago } from "../../ui/ago.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import { Tag } from "../../ui/tag.tsx";
import { Invitations } from "./invitations.tsx";
import { InviteDialog, LinkDialog } from "./invite-dialog.tsx";
import { MemberDialog } from "./member-dialog.tsx";
import classes from "./people.module.css";
import { type MadeInvitation, type Member, membersQuery } from "./queries.ts";
import { scopeWords } from "./rights-fields.tsx";
import { COMMON, PEOPLE, SETTINGS } from "./texts.ts";

/** Who is in the workspace, with which rights, and who is invited. */
export function PeoplePage() {
  useTitle(PEOPLE.title, SETTINGS);
  const { data: me } = useSuspenseQuery(meQuery);
  const query = useQuery({ ...membersQuery, enabled: me.permissions.people !== "none" });
  const [inviting, setInviting] = useState(false);
  const [made, setMade] = useState<MadeInvitation | null>(null);
  const [edited, setEdited] = useState<Member | null>(null);
  const may = manages(me, "people");
  const above = (
    <Link to="/settings" className={classes["crumb"]}>
      {SETTINGS}
    </Link>
  );
  if (me.permissions.people === "none")
    return (
      <Page above={above} title={PEOPLE.title}>
        <Card>
          <Empty icon={<IconUsers size={28} stroke={1.6} />} title={PEOPLE.title}>
            {PEOPLE.no_one}
          </Empty>
        </Card>
      </Page>
    );
  const lead = (
    <span className={classes["lead"]}>
      {PEOPLE.lead} <Link to="/settings/roles">{PEOPLE.roles}</Link>
    </span>
  );
  const invite = may && (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setInviting(true)}>
      {PEOPLE.invite}
    </Button>
  );
  return (
    <Page above={above} title={PEOPLE.title} lead={lead} action={invite}>
      <Card>
        {query.isPending ? (
          <Skeleton h={180} radius={0} aria-label={COMMON.loading} />
        ) : query.isError ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : (
          <table className={classes["table"]}>
            <thead>
              <tr>
                {PEOPLE.heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {query.data.data.map((member) => (
                <Row
                  key={member.id}
                  member={member}
                  is_me={member.id === me.user?.id}
                  {...(may ? { onEdit: () => setEdited(member) } : {})}
                />
              ))}
            </tbody>
          </table>
        )}
      </Card>
      <Invitations may={may} onMade={setMade} />
      <InviteDialog opened={inviting} onClose={() => setInviting(false)} onMade={setMade} />
      <LinkDialog made={made} onDone={() => setMade(null)} />
      {edited && (
        <MemberDialog
          key={edited.id}
          member={edited}
          me={me}
          others={query.data?.data ?? []}
          onClose={() => setEdited(null)}
        />
      )}
    </Page>
  );
}

function Row({ member, is_me, onEdit }: { member: Member; is_me: boolean; onEdit?: () => void }) {
  return (
    <tr data-gone={member.deactivated_at !== null || undefined}>
      <td>
        <b>
          <bdi>{member.name}</bdi> {is_me && <Tag tone="quiet">{PEOPLE.you}</Tag>}
          {member.deactivated_at !== null && <Tag tone="bad">{PEOPLE.deactivated}</Tag>}
        </b>
        <small>{member.email}</small>
      </td>
      <td data-head={PEOPLE.heads[1]}>{roleLabel(member.role_name)}</td>
      <td data-head={PEOPLE.heads[2]}>
        {scopeWords(member)}
        {member.conversations > 0 && <small>{PEOPLE.open(member.conversations)}</small>}
      </td>
      <td data-head={PEOPLE.heads[3]}>
        {member.last_seen_at ? <Ago time={member.last_seen_at} /> : PEOPLE.never}
      </td>
      <td>
        {onEdit && (
          <Button size="xs" variant="default" aria-label={PEOPLE.edit_named(member.name)} onClick={onEdit}>
            {PEOPLE.edit}
          </Button>
        )}
      </td>
    </tr>
  );
}
