import { call } from "../../../lib/server/api.ts";
import { AUDIENCE, LEFT_OUT } from "../wizard-texts.ts";
import { type Pasted, readNumbers, readPasted } from "./pasted.ts";

interface Sent {
  added: number;
  /** They were there already. */
  known: number;
  refused: { index: number; says: string }[];
}

/** What is done with the numbers: they are added to the campaign, or left out of it. */
export interface Kind {
  texts: typeof AUDIENCE | typeof LEFT_OUT;
  read: (text: string) => Pasted[];
  send: (id: string, people: readonly Pasted[]) => Promise<Sent>;
  /** A longer text belongs into a file, where files are imported. */
  most: number;
  takes_files: boolean;
}

export const KINDS: Record<"include" | "exclude", Kind> = {
  include: {
    texts: AUDIENCE,
    read: readPasted,
    most: 50_000,
    takes_files: false,
    async send(id, people) {
      const recipients = people.map(({ phone, values }) => ({ phone, values }));
      const answer = await call("POST /api/v1/campaigns/:id/recipients", {
        params: { id },
        body: { recipients },
      });
      return { ...answer, known: answer.updated };
    },
  },
  exclude: {
    texts: LEFT_OUT,
    read: readNumbers,
    most: 500_000,
    takes_files: true,
    send: (id, people) =>
      call("POST /api/v1/campaigns/:id/exclusions", {
        params: { id },
        body: { phones: people.map(({ phone }) => phone.slice(0, 100)) },
      }),
  },
};
