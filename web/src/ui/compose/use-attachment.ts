import { useEffect, useRef, useState } from "react";
import { wordsOf } from "../../lib/api.ts";
import { upload, type Uploads } from "../../lib/upload.ts";

export interface Attachment<Stored = unknown> {
  file: File;
  /** 0 to 1. */
  progress: number;
  media: Stored | null;
  problem: string | null;
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
    setAttachment({ file, progress: 0, media: null, problem: null });
    const patch = (changes: Partial<Attachment<Stored>>) => {
      if (!controller.signal.aborted) setAttachment((now) => now && { ...now, ...changes });
    };
    void upload(place, file, (progress) => patch({ progress }), controller.signal).then(
      (media) => patch({ progress: 1, media }),
      (error: Error) => patch({ problem: wordsOf(error) }),
    );
  };
  const detach = () => {
    under_way.current?.abort();
    setAttachment(null);
  };
  return { attachment, attach, detach };
}
