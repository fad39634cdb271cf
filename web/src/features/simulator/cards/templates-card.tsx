import { tableOf } from "../../../lib/table-of.ts";
import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { SimulatorState } from "../../../lib/types.ts";
import { Tag, type Tone } from "../../../ui/tag.tsx";
import { Section, Setting, Settings, ShareSlider } from "../parts/parts.ts";
import { texts } from "../texts.ts";
import classes from "./templates-card.module.css";
import type { Simulator } from "../model/model.ts";

type Template = SimulatorState["templates"][number];

const { templates: says } = texts;

const TONES: Record<keyof typeof says.statuses, Tone> = {
  APPROVED: "good",
  PENDING: "accent",
  REJECTED: "bad",
  PAUSED: "warn",
  DISABLED: "bad",
  IN_APPEAL: "accent",
  ARCHIVED: "quiet",
};
const isKnown = (status: string): status is keyof typeof TONES => Object.hasOwn(TONES, status);
const statusOf = (status: string) =>
  isKnown(status)
    ? { label: says.statuses[status], tone: TONES[status] }
    : { label: status, tone: "quiet" as const };

type Event = keyof typeof says.events;

/** What can come next, the likeliest first. */
const AFTER = tableOf<readonly Event[]>({
  PENDING: ["APPROVED"],
  APPROVED: ["PAUSED", "FLAGGED", "DISABLED"],
  REJECTED: ["IN_APPEAL", "APPROVED"],
  IN_APPEAL: ["APPROVED"],
  PAUSED: ["REINSTATED", "DISABLED"],
  DISABLED: ["REINSTATED"],
});
const REJECTABLE = new Set(["PENDING", "APPROVED", "IN_APPEAL"]);

/** Meta's review of templates, decided here. */
export function TemplatesCard({ simulator: { state, change, take, playing } }: { simulator: Simulator }) {
  const decide = ({ id, name, language, category }: Template, event: string, reason?: string) =>
    void take({
      send: [
        {
          do: "template",
          event,
          template_id: Number(id),
          name,
          language,
          category,
          ...(reason === undefined ? {} : { reason }),
        },
      ],
    });
  return (
    <Section id="templates" title={texts.parts.templates} says={says.says}>
      <ShareSlider
        label={says.approved}
        says={says.approved_says}
        value={state.graph.approved}
        disabled={playing}
        onChange={(approved) => change({ graph: { approved } })}
      />
      {state.templates.length === 0 && <p className={classes["none"]}>{says.none}</p>}
      <Settings>
        {state.templates.map((template) => {
          const { id, name, language, category, status, rejected_reason } = template;
          const { label, tone } = statusOf(status);
          return (
            <Setting
              key={id}
              title={name}
              says={[
                language,
                category.toLowerCase(),
                ...(status === "REJECTED" ? [says.reasons[rejected_reason]] : []),
              ]
                .filter(Boolean)
                .join(" · ")}
            >
              <Tag tone={tone}>{label}</Tag>
              <Menu position="bottom-end" width={300}>
                <Menu.Target>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={says.decide_on(name)}
                    rightSection={<IconChevronDown size={14} />}
                  >
                    {says.decide}
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {(AFTER[status] ?? ["APPROVED"]).map((event) => (
                    <Menu.Item key={event} onClick={() => decide(template, event)}>
                      {says.events[event]}
                    </Menu.Item>
                  ))}
                  {REJECTABLE.has(status) && (
                    <>
                      <Menu.Label>{says.reject}</Menu.Label>
                      {Object.entries(says.reasons).map(([reason, words]) => (
                        <Menu.Item key={reason} onClick={() => decide(template, "REJECTED", reason)}>
                          {words}
                        </Menu.Item>
                      ))}
                    </>
                  )}
                </Menu.Dropdown>
              </Menu>
            </Setting>
          );
        })}
      </Settings>
    </Section>
  );
}
