import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MessageStatus, type Progress } from "../../../conversation/marks/message-status.tsx";
import { duration, exactTime, localTimes } from "../../../lib/words/time.ts";
import { STATUS } from "../../../ui/texts.ts";
import { WAY } from "../activity-texts.ts";
import { TYPES } from "../flow-texts.ts";
import {
  type Activity,
  type FlowNodeType,
  nodeOf,
  portWords,
  type Run,
  runQuery,
  type RunWithActivity,
} from "../model/model.ts";
import { NodeIcon, useDrawing } from "../parts/parts.ts";
import classes from "./activity.module.css";
import { Actions } from "./actions.tsx";
import { StatusTag } from "./tags.tsx";

/** Every step that a person has gone, with what was decided there and from what. */
export function Way({ run }: { run: Run }) {
  const { data, error } = useQuery(runQuery(run.automation_id, run.id));
  return (
    <div className={classes["way"]}>
      <Actions run={run} />
      {!data && !error && <Skeleton h={90} radius={10} role="status" aria-label={WAY.loading} />}
      {error && <p role="alert">{error.message}</p>}
      {data?.activity.length === 0 && <p>{WAY.none}</p>}
      {data && data.activity.length > 0 && <Visits label={WAY.title(run.contact.display_name)} run={data} />}
    </div>
  );
}

/** Each step that was begun, in its order. */
const Visits = ({ label, run }: { label: string; run: RunWithActivity }) => (
  <ol aria-label={label}>
    {run.activity.map((activity) => (
      <Visit key={activity.visit} activity={activity} conversation_id={run.conversation_id} />
    ))}
  </ol>
);

/** The same where no run is opened around them. */
export const VisitsAlone = (props: Parameters<typeof Visits>[0]) => (
  <div className={classes["way"]} data-bare>
    <Visits {...props} />
  </div>
);

const isProgress = (status: string | null): status is Progress =>
  status !== null && Object.hasOwn(STATUS, status);

function Visit({ activity, conversation_id }: { activity: Activity; conversation_id: string | null }) {
  const { flow, nameOf } = useDrawing();
  const { node_id, node_type, status, says, started_at, ended_at, due_at, message_id, message_status, port } =
    activity;
  const node = nodeOf(flow, node_id);
  const type = Object.hasOwn(TYPES, node_type) ? (node_type as FlowNodeType) : "end";
  const took = ended_at === null ? 0 : Date.parse(ended_at) - Date.parse(started_at);
  const way = node && port !== null && port !== "next" ? portWords(node, port) : "";
  return (
    <li data-status={status}>
      <NodeIcon type={type} node={node} size={15} />
      <div>
        <p className={classes["visit"]}>
          <b dir="auto">{node ? nameOf(node_id) : TYPES[type]}</b>
          <StatusTag status={status} />
          {isProgress(message_status) && (
            <span className={classes["message"]}>
              <MessageStatus progress={message_status} size={15} />
              {message_id !== null && conversation_id !== null ? (
                <Link
                  to="/inbox/$conversation_id"
                  params={{ conversation_id }}
                  search={{ status: "ALL", message: message_id }}
                >
                  {STATUS[message_status]}
                </Link>
              ) : (
                STATUS[message_status]
              )}
            </span>
          )}
        </p>
        {says !== null && <p dir="auto">{localTimes(says)}</p>}
        {way !== "" && <p>{WAY.went_by(way)}</p>}
        <small>
          <time dateTime={started_at}>{exactTime(started_at)}</time>
          {took >= 1_000 && ` · ${WAY.took(duration(took))}`}
          {status === "SCHEDULED" && due_at !== null && ` · ${WAY.until(exactTime(due_at))}`}
        </small>
      </div>
    </li>
  );
}
