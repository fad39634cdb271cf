import type { SimulatorState } from "../../../lib/types.ts";
import { Tag, type Tone } from "../../../ui/tag.tsx";
import { texts } from "../texts.ts";

type Posted = SimulatorState["posted"][number];

/** Wharf's newest answer to a webhook. That a forged one is refused is as it should be. */
export function AnswerTag({ posted }: { posted: Posted }) {
  const { status, signature, again_at } = posted;
  const isForged = signature !== "right";
  const tone: Tone = isForged
    ? status === 401
      ? "good"
      : "bad"
    : status === 200
      ? "good"
      : again_at === null
        ? "bad"
        : "warn";
  const words =
    status === 0 ? texts.log.no_answer : isForged && status === 401 ? texts.log.refused : String(status);
  return <Tag tone={tone}>{words}</Tag>;
}
