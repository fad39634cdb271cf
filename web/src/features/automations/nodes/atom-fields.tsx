import { CloseButton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ConditionRow } from "../../../conversation/conditions/condition-row.tsx";
import { conditionOf, draftOf } from "../../../conversation/conditions/rule-model.ts";
import { fieldsQuery } from "../../../lib/server/audience.ts";
import { ATOMS, STATUSES } from "../flow-texts.ts";
import { type Atom, newAtom } from "../model/model.ts";
import { CONDITION, TRIGGER } from "../setting-texts.ts";
import { Choose, HoursField, MinutesField, optionsOf, WordsField } from "./fields.tsx";
import classes from "./nodes.module.css";
import { PayloadTest } from "./payload-test.tsx";
import { OfAnswer, OfMessage, Pick } from "./pick.tsx";

/** One question that is answered YES or NO. */
export function AtomFields({
  atom,
  put,
  remove,
}: {
  atom: Atom;
  put: (atom: Atom) => void;
  remove: () => void;
}) {
  return (
    <div className={classes["item"]} role="group" aria-label={ATOMS[atom.is]}>
      <div className={classes["itemHead"]}>
        <Choose
          aria-label={CONDITION.about}
          value={atom.is}
          data={optionsOf(ATOMS)}
          put={(is) => put(newAtom(is as Atom["is"]))}
        />
        <Choose
          aria-label={CONDITION.way}
          value={String(atom.not)}
          data={[
            { value: "false", label: CONDITION.is },
            { value: "true", label: CONDITION.is_not },
          ]}
          put={(not) => put({ ...atom, not: not === "true" })}
        />
        <CloseButton aria-label={CONDITION.remove} onClick={remove} />
      </div>
      <Fields atom={atom} put={put} />
    </div>
  );
}

function Fields({ atom, put }: { atom: Atom; put: (atom: Atom) => void }) {
  switch (atom.is) {
    case "delivery_status":
      return (
        <>
          <Choose
            label={CONDITION.status}
            value={atom.status}
            data={optionsOf(STATUSES)}
            put={(status) => put({ ...atom, status: status as typeof atom.status })}
          />
          <OfMessage value={atom.of} put={(of) => put({ ...atom, of })} />
        </>
      );
    case "replied":
      return <ReplyFields atom={atom} put={put} />;
    case "contact":
      return <ContactFields atom={atom} put={put} />;
    case "segment":
      return (
        <Pick
          kind="segment"
          label={CONDITION.segment}
          value={atom.segment_id}
          put={(segment_id) => put({ ...atom, segment_id })}
        />
      );
    case "window_open":
      return null;
    case "time":
      return <HoursField value={atom.hours} put={(hours) => put({ ...atom, hours })} />;
    case "payload":
      return <PayloadTest atom={atom} put={put} />;
    case "answer":
      return (
        <>
          <OfAnswer value={atom.of} put={(of) => put({ ...atom, of })} />
          <PayloadTest
            atom={atom}
            put={put}
            label={CONDITION.answer_path}
            description={CONDITION.answer_hint}
          />
        </>
      );
    case "event":
      return (
        <TextInput
          label={CONDITION.event}
          description={CONDITION.event_note}
          placeholder={TRIGGER.event_hint}
          maxLength={100}
          value={atom.name}
          onChange={({ currentTarget: { value } }) => put({ ...atom, name: value })}
        />
      );
  }
}

function ReplyFields({ atom, put }: { atom: Extract<Atom, { is: "replied" }>; put: (atom: Atom) => void }) {
  return (
    <>
      <OfMessage value={atom.of} put={(of) => put({ ...atom, of })} />
      <Choose
        label={CONDITION.within}
        value={atom.within_min === null ? "any" : "time"}
        data={[
          { value: "any", label: CONDITION.any_time },
          { value: "time", label: CONDITION.in_time },
        ]}
        put={(within) => put({ ...atom, within_min: within === "any" ? null : 1_440 })}
      />
      {atom.within_min !== null && (
        <MinutesField
          label={CONDITION.within}
          value={atom.within_min}
          put={(within_min) => put({ ...atom, within_min })}
        />
      )}
      <WordsField label={CONDITION.texts} value={atom.texts} put={(texts) => put({ ...atom, texts })} />
      <WordsField
        label={CONDITION.payloads}
        value={atom.payloads}
        put={(payloads) => put({ ...atom, payloads })}
      />
    </>
  );
}

/** As a segment asks; what is not complete yet is kept here, and the flow has the last complete one. */
function ContactFields({ atom, put }: { atom: Extract<Atom, { is: "contact" }>; put: (atom: Atom) => void }) {
  const { data } = useQuery(fieldsQuery);
  const fields = data?.data ?? [];
  const [draft, setDraft] = useState(() => draftOf(atom.condition));
  const incomplete = data !== undefined && conditionOf(draft, fields) === null;
  return (
    <>
      <ConditionRow
        draft={draft}
        fields={fields}
        put={(next) => {
          setDraft(next);
          const condition = conditionOf(next, fields);
          if (condition) put({ ...atom, condition });
        }}
      />
      {incomplete && (
        <p role="status" className={classes["wrong"]}>
          {CONDITION.incomplete}
        </p>
      )}
    </>
  );
}
