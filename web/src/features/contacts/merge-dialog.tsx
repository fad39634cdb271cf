import { Button, Modal, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Reply } from "../../../../src/contract/contract.ts";
import { Avatar } from "../../conversation/marks/avatar.tsx";
import { secondLine } from "../../conversation/model/people.ts";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import type { ContactDetail } from "../../lib/types.ts";
import { useDebouncedValue } from "@mantine/hooks";
import classes from "./contacts.module.css";
import { CONTACTS } from "./queries.ts";
import { CANCEL, MERGE } from "./texts.ts";

interface Person {
  id: string;
  display_name: string;
}
type Preview = Reply<"GET /api/v1/contacts/:id/merge">;

/** Finds the other contact, says what merging both would do, and does it. */
export function MergeDialog({ contact, onClose }: { contact: ContactDetail; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [other, choose] = useState<Person | null>(null);
  const preview = useQuery({
    queryKey: ["contact", contact.id, "merge", other?.id] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/contacts/:id/merge", {
        params: { id: contact.id },
        query: { from_id: other?.id ?? "" },
        signal,
      }),
    enabled: other !== null,
    staleTime: 0,
  });
  const merge = useAction({
    mutationFn: () =>
      call("POST /api/v1/contacts/:id/merge", {
        params: { id: contact.id },
        body: { from_id: other?.id ?? "" },
      }),
    onSuccess: ({ id }) => {
      toast("good", MERGE.done, MERGE.done_text(preview.data?.stays.display_name ?? contact.display_name));
      void client.invalidateQueries({ queryKey: [CONTACTS] });
      void client.invalidateQueries({ queryKey: ["contact", id] });
      onClose();
      void navigate({ to: "/contacts/$contact_id", params: { contact_id: id }, replace: true });
    },
    onError: (error) => toast("bad", MERGE.failed, wordsOf(error)),
  });
  return (
    <Modal opened onClose={onClose} title={MERGE.title} size={520}>
      <div className={classes["form"]}>
        <p>{MERGE.lead}</p>
        <Other of={contact.id} chosen={other !== null} choose={choose} />
        {other !== null && <What preview={preview.data} />}
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {CANCEL}
          </Button>
          <Button
            color="red"
            loading={merge.isPending}
            disabled={!preview.data || preview.data.refused !== null}
            onClick={() => merge.mutate()}
          >
            {MERGE.yes}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

/** The search for the other contact. */
function Other({
  of,
  chosen,
  choose,
}: {
  of: string;
  chosen: boolean;
  choose: (person: Person | null) => void;
}) {
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 300);
  const found = useQuery({
    queryKey: [CONTACTS, "merge", search] as const,
    queryFn: ({ signal }) => call("GET /api/v1/contacts", { query: { search, limit: 8 }, signal }),
    enabled: search !== "",
  });
  const others = (found.data?.data ?? []).filter(({ id }) => id !== of);
  return (
    <>
      <TextInput
        data-autofocus
        type="search"
        label={MERGE.search}
        placeholder={MERGE.search_hint}
        maxLength={200}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          choose(null);
        }}
      />
      {!chosen && search !== "" && found.data && others.length === 0 && <p role="status">{MERGE.none}</p>}
      {!chosen && (
        <ul className={classes["people"]}>
          {others.map((each) => (
            <li key={each.id}>
              <button type="button" aria-label={MERGE.choose(each.display_name)} onClick={() => choose(each)}>
                <Avatar id={each.id} name={each.display_name} size={32} />
                <span>
                  <b dir="auto">{each.display_name}</b>
                  {secondLine(each) !== null && <small>{secondLine(each)}</small>}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function What({ preview }: { preview: Preview | undefined }) {
  if (!preview) return <p role="status">{MERGE.checking}</p>;
  if (preview.refused !== null)
    return (
      <p role="alert" className={classes["wrong"]}>
        {MERGE.refused[preview.refused]}
      </p>
    );
  const parts = (["conversations", "messages", "tags", "lists"] as const).flatMap((name) =>
    preview[name] > 0 ? [MERGE[name](preview[name])] : [],
  );
  return (
    <ul className={classes["says"]} role="status">
      <li>{MERGE.stays(preview.stays.display_name)}</li>
      <li>{MERGE.goes(preview.goes.display_name)}</li>
      <li>{parts.length === 0 ? MERGE.comes_nothing : MERGE.comes(parts.join(", "))}</li>
    </ul>
  );
}
