import { Drawer, SegmentedControl, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
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
import { call, wordsOf } from "../lib/api.ts";
import { type Notice, noticesQuery, type NoticeState } from "../lib/notices.ts";
import { withPlus } from "../lib/people.ts";
import { toast } from "../lib/toast.ts";
import { Ago } from "../ui/ago.tsx";
import { Empty, Failure, Older } from "../ui/page-state.tsx";
import classes from "./notices-drawer.module.css";

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
      title="Notices"
      closeButtonProps={{ "aria-label": "Close" }}
      overlayProps={{ backgroundOpacity: 0.25 }}
    >
      <div className={classes["notices"]}>
        <SegmentedControl
          aria-label="Which notices"
          data={[
            { value: "open", label: "Open" },
            { value: "dismissed", label: "Dismissed" },
          ]}
          value={state}
          onChange={(value) => setState(value)}
        />
        {query.isPending ? (
          <Skeleton h={160} radius="md" aria-label="Loading notices" />
        ) : query.isError && rows.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty
            icon={<IconBellCheck size={26} stroke={1.6} />}
            title={state === "open" ? "Nothing to tell" : "Nothing was dismissed"}
          >
            What Meta says of your accounts and numbers appears here: restrictions, names, limits, security.
          </Empty>
        ) : (
          <ul className={classes["list"]}>
            {rows.map((notice) => (
              <Item key={notice.id} notice={notice} onLeave={onClose} />
            ))}
          </ul>
        )}
        <Older query={query}>Show older notices</Older>
      </div>
    </Drawer>
  );
}

function Item({ notice, onLeave }: { notice: Notice; onLeave: () => void }) {
  const client = useQueryClient();
  const dismiss = useMutation({
    mutationFn: () => call("POST /api/v1/notices/:id/dismiss", { params: { id: notice.id } }),
    onError: (error) => toast("bad", "Not dismissed", wordsOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ["notices"] }),
  });
  const Icon = notice.resolved ? IconCircleCheckFilled : ICONS[notice.severity];
  const about = notice.display_phone_number ? withPlus(notice.display_phone_number) : notice.waba_id;
  return (
    <li data-tone={notice.resolved ? "good" : notice.severity}>
      <Icon
        size={20}
        className={classes["icon"]}
        aria-label={notice.resolved ? "resolved" : notice.severity}
      />
      <div className={classes["words"]}>
        <b>{notice.title}</b>
        {notice.detail && <p>{notice.detail}</p>}
        <small>
          {about && <span>{about}</span>}
          <Ago time={notice.occurred_at} />
          {notice.journal_id && (
            <Link to="/journal/$webhook_id" params={{ webhook_id: notice.journal_id }} onClick={onLeave}>
              Its webhook
            </Link>
          )}
        </small>
      </div>
      {!notice.dismissed && (
        <button
          type="button"
          aria-label={`Dismiss: ${notice.title}`}
          title="Dismiss"
          disabled={dismiss.isPending}
          onClick={() => dismiss.mutate()}
        >
          <IconX size={17} aria-hidden />
        </button>
      )}
    </li>
  );
}
