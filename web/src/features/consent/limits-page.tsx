import { Button, NumberInput, Switch } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { meQuery } from "../../lib/server/queries.ts";
import { manages } from "../../lib/server/setup.ts";
import { useTitle } from "../../lib/page/title.ts";
import { toast } from "../../lib/page/toast.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { Check } from "./check.tsx";
import classes from "./consent.module.css";
import { Skeletons } from "./ledger-page.tsx";
import { LimitsExample } from "./limits-example.tsx";
import { type Policy, policyQuery } from "./queries.ts";
import { QuietFields, TimeZoneField, USUAL_QUIET } from "./quiet-fields.tsx";
import { Section } from "./section.tsx";
import { ConsentTabs } from "./tabs.tsx";
import { LIMITS, OWNERS, SAVE, SAVED, TABS } from "./texts.ts";

/** One policy over all campaigns and automations. */
export function LimitsPage() {
  useTitle(TABS.limits);
  const { data: me } = useSuspenseQuery(meQuery);
  const query = useQuery(policyQuery);
  const owner = manages(me, "audience");
  return (
    <Page
      above={<ConsentTabs at="/contacts/limits" />}
      title={TABS.limits}
      lead={owner ? LIMITS.lead : `${LIMITS.lead} ${OWNERS}`}
    >
      {query.isError ? (
        <Card>
          <Failure error={query.error} retry={() => void query.refetch()} />
        </Card>
      ) : query.data ? (
        <LimitsForm key={query.data.changed_at} policy={query.data} owner={owner} />
      ) : (
        <Card>
          <Skeletons />
        </Card>
      )}
    </Page>
  );
}

const USUAL_CAP = { messages: 2, days: 7 };

function LimitsForm({ policy, owner }: { policy: Policy; owner: boolean }) {
  const client = useQueryClient();
  const [cap, setCap] = useState(policy.cap);
  const [quiet, setQuiet] = useState(policy.quiet);
  const [time_zone, setZone] = useState(
    policy.changed_at === null ? new Intl.DateTimeFormat().resolvedOptions().timeZone : policy.time_zone,
  );
  const [people, setPeople] = useState(policy.people);
  const save = useAction({
    mutationFn: () => call("PATCH /api/v1/marketing_policy", { body: { cap, quiet, time_zone, people } }),
    onSuccess: (changed) => {
      client.setQueryData(policyQuery.queryKey, changed);
      toast("good", SAVED, LIMITS.saved_text);
    },
    onError: (error) => toast("bad", LIMITS.not_saved, wordsOf(error)),
  });
  return (
    <form
      className={classes["sections"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (owner) save.mutate();
      }}
    >
      <Section id="cap" title={LIMITS.cap} lead={LIMITS.cap_lead}>
        <CapFields cap={cap} put={setCap} usual={policy.cap ?? USUAL_CAP} disabled={!owner} />
      </Section>
      <Section id="quiet" title={LIMITS.quiet} lead={LIMITS.quiet_lead}>
        <div className={classes["form"]}>
          <Switch
            label={LIMITS.quiet_on}
            checked={quiet !== null}
            disabled={!owner}
            onChange={({ currentTarget: { checked } }) =>
              setQuiet(checked ? (policy.quiet ?? USUAL_QUIET) : null)
            }
          />
          {quiet && <QuietFields quiet={quiet} put={setQuiet} disabled={!owner} />}
          {quiet && <TimeZoneField zone={time_zone} put={setZone} disabled={!owner} />}
        </div>
      </Section>
      <Section id="scope" title={LIMITS.scope} lead={LIMITS.scope_lead}>
        <Check label={LIMITS.people} checked={people} disabled={!owner} put={setPeople} />
      </Section>
      <LimitsExample cap={cap} quiet={quiet} />
      {owner && (
        <div className={classes["save"]}>
          <Button type="submit" loading={save.isPending}>
            {SAVE}
          </Button>
          {policy.user && <small>{LIMITS.changed(policy.user.name)}</small>}
        </div>
      )}
    </form>
  );
}

const count = (value: string | number, most: number) => Math.min(Math.max(Number(value) || 1, 1), most);

function CapFields({
  cap,
  put,
  usual,
  disabled,
}: {
  cap: Policy["cap"];
  put: (cap: Policy["cap"]) => void;
  usual: NonNullable<Policy["cap"]>;
  disabled: boolean;
}) {
  return (
    <div className={classes["form"]}>
      <Switch
        label={LIMITS.cap_on}
        checked={cap !== null}
        disabled={disabled}
        onChange={({ currentTarget: { checked } }) => put(checked ? usual : null)}
      />
      {cap && (
        <div className={classes["sentence"]}>
          <span>{LIMITS.at_most}</span>
          <NumberInput
            aria-label={LIMITS.messages_label}
            min={1}
            max={100}
            allowDecimal={false}
            hideControls
            disabled={disabled}
            value={cap.messages}
            onChange={(value) => put({ ...cap, messages: count(value, 100) })}
          />
          <span>{`${LIMITS.messages} ${LIMITS.in}`}</span>
          <NumberInput
            aria-label={LIMITS.days_label}
            min={1}
            max={90}
            allowDecimal={false}
            hideControls
            disabled={disabled}
            value={cap.days}
            onChange={(value) => put({ ...cap, days: count(value, 90) })}
          />
          <span>{LIMITS.days}</span>
        </div>
      )}
    </div>
  );
}
