import { SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useState } from "react";
import { sandboxQuery } from "../../lib/server/queries.ts";
import { useTitle } from "../../lib/page/title.ts";
import type { Persona } from "../../lib/types.ts";
import { Empty, Failure } from "../../ui/page-state.tsx";
import { PersonaBar } from "./persona-bar.tsx";
import classes from "./sandbox.module.css";
import { Inbox, Stage } from "./sides.tsx";
import { texts } from "./texts.ts";
import { useSandbox } from "./use-sandbox.ts";

/** A phone to play a customer on, and the Inbox beside it. */
export function SandboxPage() {
  useTitle(texts.title);
  const query = useQuery(sandboxQuery);
  const [own, setOwn] = useState<Persona[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [chosen_number, setNumber] = useState<string>();
  const [side, setSide] = useState<"phone" | "inbox">("phone");
  const narrow = useMediaQuery("(max-width: 960px)", false, { getInitialValueInEffect: false });

  const personas = [...(query.data?.personas ?? []), ...own];
  const numbers = query.data?.numbers ?? [];
  const persona = personas.find((each) => each.wa_id === chosen) ?? personas[0];
  const number = numbers.find((each) => each.phone_number_id === chosen_number) ?? numbers[0];
  const moved = async (from: string, to: string) => {
    setOwn((all) => all.map((each) => (each.wa_id === from ? { ...each, wa_id: to } : each)));
    // The simulator knows its own people by their new numbers, too.
    await query.refetch();
    setChosen(to);
  };
  const sandbox = useSandbox(persona, number?.phone_number_id, (from, to) => void moved(from, to));

  if (query.isError && !query.data) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data && !number) {
    return (
      <Empty icon={<IconPlugConnectedX size={28} stroke={1.6} />} title={texts.no_number.title}>
        {texts.no_number.advice}
      </Empty>
    );
  }
  return (
    <div className={classes["sandbox"]}>
      <header className={classes["intro"]}>
        <div>
          <h1>{texts.title}</h1>
          <p>{texts.lead(!narrow)}</p>
        </div>
        <PersonaBar
          personas={personas}
          persona={persona}
          onPersona={setChosen}
          onOwn={(each) => {
            setOwn((all) => [...all.filter(({ wa_id }) => wa_id !== each.wa_id), each]);
            setChosen(each.wa_id);
          }}
          numbers={numbers}
          number={number}
          onNumber={setNumber}
        />
        {narrow && (
          <SegmentedControl
            fullWidth
            aria-label={texts.side}
            value={side}
            onChange={(value) => setSide(value)}
            data={[
              { value: "phone", label: texts.phone },
              { value: "inbox", label: texts.inbox },
            ]}
          />
        )}
      </header>
      <div className={classes["sides"]}>
        {(!narrow || side === "phone") && <Stage sandbox={sandbox} persona={persona} number={number} />}
        {(!narrow || side === "inbox") && <Inbox sandbox={sandbox} persona={persona} />}
      </div>
    </div>
  );
}
