import { Problem } from "../../base/base.ts";
import { checkMedium, checkSize, mediaLimit_bytes } from "../../meta/meta.ts";
import type { PlayedMedium, PlayInput, Simulator } from "../webhooks/webhooks.ts";
import type { GraphStandIn, KnownMedium } from "../graph/graph.ts";
import { playedOf, type SaidOfFile, takeMedium } from "../scenario/scenario.ts";
import { MEDIA_TYPES, type MediaType } from "../world/world.ts";

/** A file as the phone names it: the sample of its type, or one that was put on the shelf before. */
export interface SaidMedium extends SaidOfFile {
  sample?: true | undefined;
  id?: string | undefined;
}
export type SaidInput = Omit<PlayInput, MediaType> & { [type in MediaType]?: SaidMedium | undefined };

/** The customer's phone: what a page or a program does as a person, in values that can cross processes. */
export interface Phone {
  describe: Simulator["describe"];
  /** Problems: INVALID_REQUEST, or MEDIA_INVALID for a file that can't go as what it is said to be. */
  play(input: SaidInput): ReturnType<Simulator["play"]>;
  /** Puts a file on the shelf, to be played by its id. Problem: MEDIA_INVALID. */
  putMedia(body: AsyncIterable<Uint8Array>, file: { mime_type: string }): Promise<KnownMedium>;
}

export function createPhone(deps: {
  simulator: Simulator;
  graph: GraphStandIn;
  /** How often each webhook is posted; once when left out. */
  repeat?: () => number;
}): Phone {
  const { simulator, graph, repeat = () => 1 } = deps;

  async function fileOf(type: MediaType, said: SaidMedium): Promise<PlayedMedium> {
    const { sample, id, ...rest } = said;
    if (sample) return takeMedium(graph, type, rest);
    const known = graph.findMedia(id ?? "");
    if (!known)
      throw new Problem("INVALID_REQUEST", `\`${type}.id\`: no such file is there; upload it (again) first.`);
    // People send any file as a document.
    const problems = type === "document" ? [] : checkMedium({ ...known, type });
    if (problems.length > 0) throw new Problem("MEDIA_INVALID", problems.join(" "));
    return playedOf(rest, known);
  }

  return {
    describe: () => simulator.describe(),
    async play(input) {
      const files: Partial<Record<MediaType, PlayedMedium>> = {};
      for (const type of MEDIA_TYPES) {
        const said = input[type];
        if (said) files[type] = await fileOf(type, said);
      }
      return simulator.play({ ...(input as Omit<PlayInput, MediaType>), ...files }, { repeat: repeat() });
    },
    async putMedia(body, { mime_type }) {
      const chunks: Uint8Array[] = [];
      let size_bytes = 0;
      for await (const chunk of body) {
        chunks.push(chunk);
        size_bytes += chunk.length;
        if (size_bytes > mediaLimit_bytes("document")) break;
      }
      const problems = checkSize({ type: "document", size_bytes });
      if (problems.length > 0) throw new Problem("MEDIA_INVALID", problems.join(" "));
      const { id, sha256 } = graph.putMedia({ bytes: Buffer.concat(chunks, size_bytes), mime_type });
      return { id, sha256, mime_type, size_bytes };
    },
  };
}
