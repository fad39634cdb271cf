import { call, wordsOf } from "../../../lib/server/api.ts";
import type { Offer } from "../../../conversation/model/offers.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Persona } from "../../../lib/types.ts";
import { CallSheet, ListSheet, NumberSheet } from "./answer-sheets.tsx";
import { AttachSheet } from "./attach-sheet.tsx";
import { FlowSheet } from "./flow-sheet.tsx";
import { MoreSheet } from "./more-sheet.tsx";
import type { Play } from "../plays.ts";
import { texts } from "../texts.ts";
import type { Customer } from "../use-customer.ts";

/** What lies over the lower part of the screen. */
export type OpenSheet =
  | { sheet: "share" | "more" | "number" }
  | { sheet: "list"; wamid: string; offer: Extract<Offer, { kind: "list" }> }
  | { sheet: "flow"; wamid: string; offer: Extract<Offer, { kind: "flow" }> }
  | { sheet: "call"; wamid: string };

/** Where an offer of a message asks for more than a tap. */
export function sheetOf(offer: Offer, wamid: string): OpenSheet | null {
  if (offer.kind === "call_permission") return { sheet: "call", wamid };
  if (offer.kind === "list") return { sheet: "list", wamid, offer };
  return offer.kind === "flow" ? { sheet: "flow", wamid, offer } : null;
}

export function PhoneSheet({
  open,
  persona,
  customer,
  onOpen,
  onChoose,
}: {
  open: OpenSheet;
  persona: Persona;
  customer: Customer;
  onOpen: (open: OpenSheet | null) => void;
  /** A file of one's own. */
  onChoose: () => void;
}) {
  const { along, setAlong, play, share } = customer;
  const close = () => onOpen(null);
  const answer = (context_wamid: string) => (each: Play) => play({ ...each, context_wamid });
  switch (open.sheet) {
    case "share":
      return (
        <AttachSheet
          onPlay={share}
          onChoose={onChoose}
          onMore={() => onOpen({ sheet: "more" })}
          onClose={close}
        />
      );
    case "more":
      return (
        <MoreSheet
          along={along}
          onAlong={setAlong}
          onPlay={play}
          onNumber={() => onOpen({ sheet: "number" })}
          onOutage={startOutage}
          onClose={close}
        />
      );
    case "number":
      return <NumberSheet persona={persona} onPlay={play} onClose={close} />;
    case "list":
      return <ListSheet offer={open.offer} onPlay={answer(open.wamid)} onClose={close} />;
    case "call":
      return <CallSheet onPlay={answer(open.wamid)} onClose={close} />;
    case "flow":
      return <FlowSheet offer={open.offer} name={persona.name} onPlay={answer(open.wamid)} onClose={close} />;
  }
}

/** For a minute Meta has no files. */
function startOutage(): void {
  call("POST /api/v1/sandbox/simulator/steps", { body: { outage: 60, of: "media" } }).then(
    () => toast("good", texts.files_out.title, texts.files_out.message),
    (error: Error) => toast("bad", texts.not_done, wordsOf(error)),
  );
}
