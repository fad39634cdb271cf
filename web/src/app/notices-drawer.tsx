import { Drawer, SegmentedControl, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  IconAlertOctagonFilled,
  IconAlertTriangleFilled,
  IconBellCheck,
  IconCircleCheckFilled,
  IconInfoCircleFilled,
  IconX,
} from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../lib/server/action.ts";
import { call, wordsOf } from "../lib/server/api.ts";
import { type Notice, noticesQuery, type NoticeState } from "../lib/server/notices.ts";
import { withPlus } from "../conversation/model/people.ts";
import { meQuery } from "../lib/server/queries.ts";
import { manages } from "../lib/server/setup.ts";
import { toast } from "../lib/page/toast.ts";
import { Ago } from "../ui/ago.tsx";
import { Empty, Failure, Older } from "../ui/page-state.tsx";
import classes from "./notices-drawer.module.css";
import { NOTICES } from "./notices-texts.ts";

const ICONS = {
  info: IconInfoCircleFilled,
  warning: IconAlertTriangleFilled,
  critical: IconAlertOctagonFilled,
};

/** What an operator must know, newest first; what was dismissed can be read again. */
export function NoticesDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [state, setState] = useState<NoticeState>("open");
  const query = useInfiniteQuery({ ...noticesQuery(state), enabled: opened });
  const rows = (query.data?.pages ?? []).flatMap((page) => page.data);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={480}
      title={NOTICES.title}
      closeButtonProps={{ "aria-label": NOTICES.close }}
      overlayProps={{ backgroundOpacity: 0.25 }}
    >
      <div className={classes["notices"]}>
        <SegmentedControl
          aria-label={NOTICES.which}
          data={[
            { value: "open", label: NOTICES.open },
            { value: "dismissed", label: NOTICES.dismissed },
          ]}
          value={state}
          onChange={(value) => setState(value)}
        />
        {query.isPending ? (
          <Skeleton h={160} radius="md" aria-label={NOTICES.loading} />
        ) : query.isError && rows.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty
            icon={<IconBellCheck size={26} stroke={1.6} />}
            title={state === "open" ? NOTICES.none_open : NOTICES.none_dismissed}
          >
            {NOTICES.none_text}
          </Empty>
        ) : (
          <ul className={classes["list"]}>
            {rows.map((notice) => (
              <Item key={notice.id} notice={notice} onLeave={onClose} />
            ))}
          </ul>
        )}
        <Older query={query}>{NOTICES.older}</Older>
      </div>
    </Drawer>
  );
}

function Item({ notice, onLeave }: { notice: Notice; onLeave: () => void }) {
  const client = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery);
  const dismiss = useAction({
    mutationFn: () => call("POST /api/v1/notices/:id/dismiss", { params: { id: notice.id } }),
    onError: (error) => toast("bad", NOTICES.not_dismissed, wordsOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ["notices"] }),
  });
  const Icon = notice.resolved ? IconCircleCheckFilled : ICONS[notice.severity];
  const about = notice.display_phone_number ? withPlus(notice.display_phone_number) : notice.waba_id;
  return (
    <li data-tone={notice.resolved ? "good" : notice.severity}>
      <Icon
        size={20}
        className={classes["icon"]}
        aria-label={NOTICES.severity[notice.resolved ? "resolved" : notice.severity]}
      />
      <div className={classes["words"]}>
        <b dir="auto">{notice.title}</b>
        {notice.detail && <p dir="auto">{notice.detail}</p>}
        <small>
          {about && <span>{about}</span>}
          <Ago time={notice.occurred_at} />
          {notice.conversation_id ? (
            <Link
              to="/inbox/$conversation_id"
              params={{ conversation_id: notice.conversation_id }}
              search={{ status: "ALL" }}
              onClick={onLeave}
            >
              {NOTICES.conversation}
            </Link>
          ) : (
            notice.contact_id && (
              <Link to="/contacts/$contact_id" params={{ contact_id: notice.contact_id }} onClick={onLeave}>
                {NOTICES.contact}
              </Link>
            )
          )}
          {notice.journal_id && (
            <Link to="/journal/$webhook_id" params={{ webhook_id: notice.journal_id }} onClick={onLeave}>
              {NOTICES.webhook}
            </Link>
          )}
        </small>
      </div>
      {!notice.dismissed && manages(me) && (
        <button
          type="button"
          aria-label={NOTICES.dismiss_named(notice.title)}
          title={NOTICES.dismiss}
          disabled={dismiss.isPending}
          onClick={() => dismiss.mutate()}
        >
          <IconX size={17} aria-hidden />
        </button>
      )}
    </li>
  );
}
