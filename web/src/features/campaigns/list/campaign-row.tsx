import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { useNow } from "../../../lib/page/use-now.ts";
import { ahead, exactTime } from "../../../lib/words/time.ts";
import { Ago } from "../../../ui/ago.tsx";
import { Progress } from "../../../ui/progress.tsx";
import { type ListedCampaign, progressOf, share } from "../model/model.ts";
import { StateTag } from "../parts/parts.ts";
import { LIST, waitWords } from "../texts.ts";
import classes from "./list.module.css";

/** A campaign with how far it is; a draft opens where one goes on writing it. */
export function CampaignRow({ campaign }: { campaign: ListedCampaign }) {
  const { id, name, state, hold, stalled, waits, counts } = campaign;
  const says =
    state === "HELD" ? hold?.says : state === "RUNNING" ? (stalled ?? (waits && waitWords(waits))) : null;
  const inner = (
    <>
      <span className={classes["what"]}>
        <b dir="auto" title={name}>
          {name}
        </b>
        <span dir="auto">{says ?? fromAndWhat(campaign)}</span>
      </span>
      <span className={classes["tags"]}>
        <StateTag campaign={campaign} />
      </span>
      <Sent campaign={campaign} />
      <Figure name={LIST.delivered} quiet={counts.sent === 0}>
        {share(counts.delivered, counts.sent)}
      </Figure>
      <Figure name={LIST.read} quiet={counts.delivered === 0}>
        {share(counts.read, counts.delivered)}
      </Figure>
      <Figure name={LIST.failed} quiet={counts.failed === 0} bad={counts.failed > 0}>
        {formatNumber(counts.failed)}
      </Figure>
      <Made campaign={campaign} />
    </>
  );
  const to = { params: { campaign_id: id }, className: classes["row"] };
  return (
    <li>
      {state === "DRAFT" ? (
        <Link to="/campaigns/$campaign_id/edit" {...to}>
          {inner}
        </Link>
      ) : (
        <Link to="/campaigns/$campaign_id" {...to}>
          {inner}
        </Link>
      )}
    </li>
  );
}

/** `+1 555 0100 · spring_sale`, as far as it is chosen. */
function fromAndWhat({ phone_number, template, template_group }: ListedCampaign): string {
  const message = template?.name ?? (template_group && LIST.group(template_group.name));
  return [phone_number?.display, message].filter(Boolean).join(" · ") || LIST.nothing_chosen;
}

function Sent({ campaign }: { campaign: ListedCampaign }) {
  const { name, state, counts } = campaign;
  if (state === "DRAFT" || counts.audience === 0) return <span className={classes["progress"]} />;
  const { got, without } = progressOf(campaign);
  return (
    <span className={classes["progress"]} title={LIST.without(without)}>
      <Progress label={LIST.progress(name)} done={got} without={without} total={counts.audience} />
      <small>{LIST.sent_of(counts.sent, counts.audience)}</small>
    </span>
  );
}

function Figure({
  name,
  quiet,
  bad = false,
  children,
}: {
  name: string;
  quiet: boolean;
  bad?: boolean;
  children: ReactNode;
}) {
  return (
    <span className={classes["figure"]} data-quiet={quiet || undefined} data-bad={bad || undefined}>
      <small>{name}</small> {children}
    </span>
  );
}

function Made({ campaign: { state, starts_at, created_at, user } }: { campaign: ListedCampaign }) {
  const now = useNow();
  return (
    <span className={classes["made"]}>
      {state === "SCHEDULED" && starts_at !== null ? (
        <time dateTime={starts_at} title={exactTime(starts_at)}>
          {LIST.starts(ahead(starts_at, now))}
        </time>
      ) : (
        <Ago time={created_at} />
      )}
      {user && (
        <small dir="auto" title={user.name}>
          {user.name}
        </small>
      )}
    </span>
  );
}
