import { Button, Skeleton } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTitle } from "../../lib/page/title.ts";
import { meQuery } from "../../lib/server/queries.ts";
import { manages } from "../../lib/server/setup.ts";
import { roleLabel, roleText } from "../../lib/role-texts.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { Tag } from "../../ui/tag.tsx";
import { AREA_NAMES } from "./area-names.ts";
import classes from "./people.module.css";
import { type Role, rolesQuery } from "./queries.ts";
import { RoleDialog } from "./role-dialog.tsx";
import { AREA_LABELS, COMMON, LEVEL_LABELS, LEVELS_LEAD, ROLES, SETTINGS } from "./texts.ts";

const TONES = { read: "quiet", work: "accent", manage: "good" } as const;

/** The table of roles and areas, and roles of the workspace's own. */
export function RolesPage() {
  useTitle(ROLES.title, SETTINGS);
  const { data: me } = useSuspenseQuery(meQuery);
  const query = useQuery(rolesQuery);
  const [edited, setEdited] = useState<Role | "new" | null>(null);
  const may = manages(me, "people");
  const above = (
    <Link to="/settings" className={classes["crumb"]}>
      {SETTINGS}
    </Link>
  );
  const make = may && (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setEdited("new")}>
      {ROLES.make}
    </Button>
  );
  return (
    <Page above={above} title={ROLES.title} lead={`${ROLES.lead} ${LEVELS_LEAD}`} action={make}>
      <Card>
        {query.isPending ? (
          <Skeleton h={320} radius={0} aria-label={COMMON.loading} />
        ) : query.isError ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Matrix roles={query.data.data} {...(may ? { onEdit: setEdited } : {})} />
        )}
      </Card>
      {edited !== null && (
        <RoleDialog
          role={edited === "new" ? null : edited}
          roles={query.data?.data ?? []}
          onClose={() => setEdited(null)}
        />
      )}
    </Page>
  );
}

function Matrix({ roles, onEdit }: { roles: readonly Role[]; onEdit?: (role: Role) => void }) {
  return (
    <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={ROLES.title}>
      <table className={classes["matrix"]}>
        <thead>
          <tr>
            <th scope="col">{ROLES.role}</th>
            {AREA_NAMES.map((area) => (
              <th key={area} scope="col">
                {AREA_LABELS[area]}
              </th>
            ))}
            <th scope="col">{ROLES.numbers}</th>
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => (
            <tr key={role.id}>
              <th scope="row">
                <b dir="auto">{role.standard ? roleLabel(role.name) : role.name}</b>
                <small>
                  {role.standard
                    ? roleText(role.name)
                    : role.uses === 0
                      ? ROLES.unused
                      : ROLES.used(role.uses)}
                </small>
                {!role.standard && onEdit && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={ROLES.edit_named(role.name)}
                    onClick={() => onEdit(role)}
                  >
                    {ROLES.edit}
                  </Button>
                )}
              </th>
              {AREA_NAMES.map((area) => (
                <td key={area} data-level={role.permissions[area]}>
                  {role.permissions[area] === "none" ? (
                    <small>{LEVEL_LABELS.none}</small>
                  ) : (
                    <Tag tone={TONES[role.permissions[area]]}>{LEVEL_LABELS[role.permissions[area]]}</Tag>
                  )}
                </td>
              ))}
              <td data-level={role.sees_numbers ? "read" : "none"}>
                <Tag tone="quiet">{role.sees_numbers ? ROLES.shown : ROLES.hidden}</Tag>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
