import { useEffect, useRef, useState } from "react";
import { ApiProblem, wordsOf } from "../../lib/server/api.ts";
import { liveState, watchLiveState } from "../../lib/live/live.ts";
import { upload, type Uploads } from "../../lib/server/upload.ts";

export interface Attachment<Stored = unknown> {
  file: File;
  /** 0 to 1. */
  progress: number;
  media: Stored | null;
  problem: string | null;
  /** There was no line to Wharf: it is uploaded again when there is one. */
  cut_off: boolean;
  again: () => void;
}

/** A file that goes with the next message: it is uploaded as soon as it is chosen. */
export function useAttachment<Place extends keyof Uploads>(place: Place) {
  type Stored = Uploads[Place];
  const [attachment, setAttachment] = useState<Attachment<Stored> | null>(null);
  const under_way = useRef<AbortController>(undefined);
  useEffect(() => () => under_way.current?.abort(), []);
  const attach = (file: File) => {
    under_way.current?.abort();
    const controller = new AbortController();
    under_way.current = controller;
    const again = () => attach(file);
    setAttachment({ file, progress: 0, media: null, problem: null, cut_off: false, again });
    const patch = (changes: Partial<Attachment<Stored>>) => {
      if (!controller.signal.aborted) setAttachment((now) => now && { ...now, ...changes });
    };
    void upload(place, file, (progress) => patch({ progress }), controller.signal).then(
      (media) => patch({ progress: 1, media }),
      (error: Error) =>
        patch({ problem: wordsOf(error), cut_off: error instanceof ApiProblem && error.status === 0 }),
    );
  };
  const waiting = attachment?.cut_off ? attachment.again : undefined;
  useEffect(() => {
    if (waiting) return watchLiveState(() => liveState() === "live" && waiting());
    return undefined;
  }, [waiting]);
  const detach = () => {
    under_way.current?.abort();
    setAttachment(null);
  };
  return { attachment, attach, detach };
}
