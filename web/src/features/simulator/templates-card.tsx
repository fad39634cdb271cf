import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { SimulatorState } from "../../lib/types.ts";
import { Tag, type Tone } from "../../ui/tag.tsx";
import { ShareSlider } from "./fields.tsx";
import { Section } from "./section.tsx";
import { Setting, Settings } from "./settings.tsx";
import classes from "./templates-card.module.css";
import type { Simulator } from "./use-simulator.ts";

type Template = SimulatorState["templates"][number];

const STATUSES: Record<string, { label: string; tone: Tone }> = {
  APPROVED: { label: "Approved", tone: "good" },
  PENDING: { label: "In review", tone: "accent" },
  REJECTED: { label: "Rejected", tone: "bad" },
  PAUSED: { label: "Paused", tone: "warn" },
  DISABLED: { label: "Disabled", tone: "bad" },
  IN_APPEAL: { label: "In appeal", tone: "accent" },
  ARCHIVED: { label: "Archived", tone: "quiet" },
};
const statusOf = (status: string) => STATUSES[status] ?? { label: status, tone: "quiet" as const };

const EVENTS = {
  APPROVED: "Approve",
  REINSTATED: "Reinstate",
  FLAGGED: "Flag: people complain, it may still be sent",
  PAUSED: "Pause",
  DISABLED: "Disable",
  IN_APPEAL: "Take the appeal",
} as const;
type Event = keyof typeof EVENTS;

const REASONS: Record<string, string> = {
  INVALID_FORMAT: "its form is wrong",
  INCORRECT_CATEGORY: "its category is wrong",
  TAG_CONTENT_MISMATCH: "its content doesn’t fit its category",
  PROMOTIONAL: "it promotes",
  ABUSIVE_CONTENT: "it is abusive",
  SCAM: "it is a scam",
};

/** What can come next, the likeliest first. */
const AFTER: Record<string, readonly Event[]> = {
  PENDING: ["APPROVED"],
  APPROVED: ["PAUSED", "FLAGGED", "DISABLED"],
  REJECTED: ["IN_APPEAL", "APPROVED"],
  IN_APPEAL: ["APPROVED"],
  PAUSED: ["REINSTATED", "DISABLED"],
  DISABLED: ["REINSTATED"],
};
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
    <Section id="templates" title="Templates" says="Decide as Meta’s review. Wharf hears of it by a webhook.">
      <ShareSlider
        label="Approved"
        says="of the templates that go to review by themselves"
        value={state.graph.approved}
        disabled={playing}
        onChange={(approved) => change({ graph: { approved } })}
      />
      {state.templates.length === 0 && (
        <p className={classes["none"]}>There is none. What Wharf creates at Meta stands here.</p>
      )}
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
                ...(status === "REJECTED" ? [REASONS[rejected_reason]] : []),
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
                    aria-label={`Decide on ${name}`}
                    rightSection={<IconChevronDown size={14} />}
                  >
                    Decide
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {(AFTER[status] ?? ["APPROVED"]).map((event) => (
                    <Menu.Item key={event} onClick={() => decide(template, event)}>
                      {EVENTS[event]}
                    </Menu.Item>
                  ))}
                  {REJECTABLE.has(status) && (
                    <>
                      <Menu.Label>Reject, because</Menu.Label>
                      {Object.entries(REASONS).map(([reason, words]) => (
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
