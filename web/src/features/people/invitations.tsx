import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { roleLabel } from "../../lib/role-texts.ts";
import { date, exactTime } from "../../lib/words/time.ts";
import { Card } from "../../ui/page.tsx";
import { Tag } from "../../ui/tag.tsx";
import classes from "./people.module.css";
import { type Invitation, invitationsQuery, type MadeInvitation } from "./queries.ts";
import { scopeWords } from "./rights-fields.tsx";
import { INVITATIONS } from "./texts.ts";

/** Who is invited and has not come yet. */
export function Invitations({ may, onMade }: { may: boolean; onMade: (made: MadeInvitation) => void }) {
  const { data } = useQuery(invitationsQuery);
  if (!data) return null;
  return (
    <section className={classes["part"]} aria-labelledby="invitations">
      <h2 id="invitations">{INVITATIONS.title}</h2>
      <Card>
        {data.data.length === 0 ? (
          <p className={classes["quiet"]}>{INVITATIONS.none}</p>
        ) : (
          <table className={classes["table"]}>
            <thead>
              <tr>
                {INVITATIONS.heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {data.data.map((invitation) => (
                <Row key={invitation.id} invitation={invitation} may={may} onMade={onMade} />
              ))}
            </tbody>
          </table>
        )}
      </Card>
    </section>
  );
}

function Row({
  invitation,
  may,
  onMade,
}: {
  invitation: Invitation;
  may: boolean;
  onMade: (made: MadeInvitation) => void;
}) {
  const client = useQueryClient();
  const { id, email, expires_at } = invitation;
  const refresh = () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  const renew = useAction({
    mutationFn: () => call("POST /api/v1/invitations/:id/resend", { params: { id } }),
    onSuccess: onMade,
    onError: (error) => toast("bad", INVITATIONS.resend, wordsOf(error)),
    onSettled: refresh,
  });
  const revoke = useAction({
    mutationFn: () => call("DELETE /api/v1/invitations/:id", { params: { id } }),
    onSuccess: () => toast("good", INVITATIONS.revoked, email),
    onError: (error) => toast("bad", INVITATIONS.revoke, wordsOf(error)),
    onSettled: refresh,
  });
  return (
    <tr>
      <td>
        <b>{email}</b>
        <small>{INVITATIONS.by(invitation.invited_by)}</small>
      </td>
      <td data-head={INVITATIONS.heads[1]}>{roleLabel(invitation.role_name)}</td>
      <td data-head={INVITATIONS.heads[2]}>{scopeWords(invitation)}</td>
      <td data-head={INVITATIONS.heads[3]}>
        {invitation.is_expired ? (
          <Tag tone="bad">{INVITATIONS.expired}</Tag>
        ) : (
          <time dateTime={expires_at} title={exactTime(expires_at)}>
            {date(expires_at)}
          </time>
        )}
      </td>
      <td>
        {may && (
          <span className={classes["actions"]}>
            <Button
              size="xs"
              variant="default"
              loading={renew.isPending}
              aria-label={INVITATIONS.resend_named(email)}
              onClick={() => renew.mutate()}
            >
              {INVITATIONS.resend}
            </Button>
            <Button
              size="xs"
              variant="default"
              loading={revoke.isPending}
              aria-label={INVITATIONS.revoke_named(email)}
              onClick={() => revoke.mutate()}
            >
              {INVITATIONS.revoke}
            </Button>
          </span>
        )}
      </td>
    </tr>
  );
}
