import { useCallbackRef } from "@mantine/hooks";
import { IconBatteryFilled, IconBuildingStore, IconDownload, IconWifi } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { Offer } from "../../conversation/model/offers.ts";
import { withPlus } from "../../conversation/model/people.ts";
import { clockTime } from "../../lib/words/time.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Message, Persona, Sandbox } from "../../lib/types.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { Chat } from "./chat.tsx";
import { Composer } from "./composer.tsx";
import { type OpenSheet, PhoneSheet, sheetOf } from "./sheets/sheets.tsx";
import classes from "./phone.module.css";
import { answerTo, type Play } from "./plays.ts";
import { texts } from "./texts.ts";
import { useCustomer } from "./use-customer.ts";
import { useDropped } from "./use-dropped.ts";
import type { Delivery } from "./sent-plays.ts";

const LIMIT_BYTES = 100 * 1024 * 1024;

/** The customer's phone, with their side of the conversation. */
export function Phone({
  persona,
  number,
  messages,
  deliveries,
  loading,
  onSend,
  onAgain,
}: {
  persona: Persona;
  number: Sandbox["numbers"][number];
  messages: Message[];
  deliveries: ReadonlyMap<string, { key: string; delivery: Delivery }>;
  loading: boolean;
  /** With the file, where it is one of one's own. */
  onSend: (play: Play, file?: File) => void;
  onAgain: (key: string) => void;
}) {
  const customer = useCustomer(onSend);
  const [open, setOpen] = useState<OpenSheet | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const tap = ({ wamid }: Message, offer: Offer) => {
    if (wamid === null) return;
    const answer = answerTo(offer, persona);
    if (answer) return customer.play({ ...answer, context_wamid: wamid });
    const sheet = sheetOf(offer, wamid);
    if (sheet) setOpen(sheet);
  };
  const take = (files: FileList | null) => {
    const [file] = files ?? [];
    if (!file) return;
    setOpen(null);
    if (customer.writing.kind === "edit") customer.write({ kind: "new" });
    if (file.size > LIMIT_BYTES) toast("bad", texts.too_large.title, texts.too_large.message);
    else customer.attach(file);
  };
  // The same at each drawing.
  const said = {
    onPlay: useCallbackRef(customer.play),
    onTap: useCallbackRef(tap),
    onWrite: useCallbackRef(customer.write),
    onAgain: useCallbackRef(onAgain),
  };
  const { over, handlers } = useDropped(take);
  const inert = open !== null;
  return (
    <section className={classes["phone"]} aria-label={texts.phone} {...handlers}>
      <input
        ref={chooser}
        type="file"
        hidden
        data-testid="phone-file"
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
      <div className={classes["screen"]}>
        <Top number={number} />
        <Chat messages={messages} deliveries={deliveries} loading={loading} inert={inert} {...said} />
        <Composer customer={customer} inert={inert} onShare={() => setOpen({ sheet: "share" })} />
        {open && (
          <PhoneSheet
            open={open}
            persona={persona}
            customer={customer}
            onOpen={setOpen}
            onChoose={() => chooser.current?.click()}
          />
        )}
        {over && (
          <div className={classes["drop"]}>
            <IconDownload size={30} stroke={1.6} aria-hidden />
            {texts.drop}
          </div>
        )}
      </div>
    </section>
  );
}

/** The phone's own line, and the business that one writes to. */
function Top({ number }: { number: Sandbox["numbers"][number] }) {
  const now = useNow();
  return (
    <>
      <div className={classes["status"]} aria-hidden>
        <span>{clockTime(new Date(now).toISOString())}</span>
        <i />
        <span>
          <IconWifi size={15} />
          <IconBatteryFilled size={17} />
        </span>
      </div>
      <div className={classes["top"]}>
        <span className={classes["shop"]}>
          <IconBuildingStore size={20} stroke={1.7} aria-hidden />
        </span>
        <div>
          <b>{texts.business}</b>
          <span>{withPlus(number.display_phone_number)}</span>
        </div>
      </div>
    </>
  );
}
