import { Skeleton } from "@mantine/core";
import { IconArrowRight, IconInbox } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Persona, Sandbox } from "../../lib/types.ts";
import { ConversationView } from "../../conversation/conversation-view.tsx";
import { Empty } from "../../ui/page-state.tsx";
import { Missing } from "./missing.tsx";
import { Phone } from "./phone.tsx";
import classes from "./sandbox.module.css";
import { texts } from "./texts.ts";
import type { useSandbox } from "./use-sandbox.ts";

/** The customer's side: their phone, and what did not come to it. */
export function Stage({
  sandbox,
  persona,
  number,
}: {
  sandbox: ReturnType<typeof useSandbox>;
  persona: Persona | undefined;
  number: Sandbox["numbers"][number] | undefined;
}) {
  return (
    <div className={classes["stage"]}>
      {persona && number ? (
        <Phone
          key={`${persona.wa_id} ${number.phone_number_id}`}
          persona={persona}
          number={number}
          messages={sandbox.messages}
          deliveries={sandbox.deliveries}
          loading={sandbox.loading}
          onSend={sandbox.send}
          onAgain={sandbox.again}
        />
      ) : (
        <Skeleton className={classes["blank"] ?? ""} radius={46} />
      )}
      <Missing key={sandbox.conversation?.id ?? ""} messages={sandbox.missing} />
    </div>
  );
}

/** The business's side of the same conversation. */
export function Inbox({
  sandbox: { conversation, loading },
  persona,
}: {
  sandbox: ReturnType<typeof useSandbox>;
  persona: Persona | undefined;
}) {
  return (
    <section className={classes["pane"]} aria-label={texts.inbox}>
      {conversation ? (
        <ConversationView
          id={conversation.id}
          after={
            <Link
              to="/inbox/$conversation_id"
              params={{ conversation_id: conversation.id }}
              className={classes["open"]}
              aria-label={texts.open_in_inbox}
              title={texts.open_in_inbox}
            >
              <IconArrowRight size={18} />
            </Link>
          }
        />
      ) : (
        !loading && (
          <Empty icon={<IconInbox size={28} stroke={1.6} />} title={texts.waiting.title}>
            {texts.waiting.advice(persona?.name)}
          </Empty>
        )
      )}
    </section>
  );
}
