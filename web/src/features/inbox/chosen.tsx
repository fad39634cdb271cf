import { ActionIcon } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { IconArrowLeft, IconLayoutSidebarRight } from "@tabler/icons-react";
import { soonPart } from "../../lib/page/chunks.ts";
import { conversationQuery } from "../../lib/server/queries.ts";
import { ConversationView } from "../../conversation/conversation-view.tsx";
import { Hint } from "../../ui/hint.tsx";
import { Panel } from "../../ui/panel.tsx";
import classes from "./inbox.module.css";
import { PAGE } from "./texts.ts";
import { useContactPanel } from "./use-contact-panel.ts";

const route = getRouteApi("/shell/inbox");

const ContactPanel = soonPart(() => import("./contact-panel.tsx"), "ContactPanel");

/** The conversation that is open, with its contact beside it or over it. */
export function Chosen({ id }: { id: string }) {
  const { message } = route.useSearch();
  const navigate = useNavigate();
  const [panel, setPanel] = useContactPanel();
  const { data: conversation, isError } = useQuery(conversationQuery(id));
  return (
    <div className={classes["thread"]}>
      <ConversationView
        id={id}
        target={message}
        before={
          <ActionIcon
            className={classes["back"] ?? ""}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={PAGE.back}
            onClick={() =>
              void navigate({
                to: "/inbox",
                search: (now) => ({ ...now, message: undefined, contact: undefined }),
              })
            }
          >
            <IconArrowLeft size={21} />
          </ActionIcon>
        }
        after={
          <Hint label={panel ? PAGE.hide_contact : PAGE.show_contact}>
            <ActionIcon
              className={classes["toggle"] ?? ""}
              variant="subtle"
              color="gray"
              size={32}
              aria-label={PAGE.contact_details}
              aria-expanded={panel}
              onClick={() => setPanel(!panel)}
            >
              <IconLayoutSidebarRight size={19} stroke={1.7} />
            </ActionIcon>
          </Hint>
        }
      />
      {panel && !isError && !conversation && <aside aria-hidden />}
      {panel && conversation && (
        <Panel name={PAGE.contact} of={id} fallback={<aside aria-hidden />}>
          <ContactPanel conversation_id={id} onClose={() => setPanel(false)} />
        </Panel>
      )}
    </div>
  );
}
