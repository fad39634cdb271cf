import { Button, Modal, NativeSelect, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconArrowLeft, IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import { Failure } from "../../ui/page-state.tsx";
import classes from "./consent.module.css";
import { StateTag } from "./entry-row.tsx";
import { proofQuery } from "./queries.ts";
import { PERSON } from "./texts.ts";

/** One person: what is known now, the proof as a file, and a change with its reason. */
export function PersonHead({ id }: { id: string }) {
  const query = useQuery(proofQuery(id));
  const [changing, setChanging] = useState(false);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  const proof = query.data;
  return (
    <section className={classes["personHead"]} aria-label={PERSON.title(proof?.contact.display_name ?? "")}>
      <Link to="/contacts/consent" className={classes["back"]}>
        <IconArrowLeft size={16} aria-hidden /> {PERSON.back}
      </Link>
      {proof && (
        <div className={classes["personLine"]}>
          <h2>
            <bdi>{proof.contact.display_name}</bdi>
          </h2>
          <span className={classes["now"]}>
            {PERSON.now} <StateTag state={proof.state} />
          </span>
          <div className={classes["buttons"]}>
            <Button size="xs" onClick={() => setChanging(true)}>
              {PERSON.change}
            </Button>
            <span>{PERSON.proof}</span>
            <a href={`/api/v1/contacts/${id}/consent.csv`} download>
              <IconDownload size={15} aria-hidden /> {PERSON.csv}
            </a>
            <a href={`/api/v1/contacts/${id}/consent`} download={`consent-${id}.json`}>
              <IconDownload size={15} aria-hidden /> {PERSON.json}
            </a>
          </div>
        </div>
      )}
      {proof && changing && (
        <ChangeDialog id={id} name={proof.contact.display_name} onClose={() => setChanging(false)} />
      )}
    </section>
  );
}

function ChangeDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const client = useQueryClient();
  const [state, setState] = useState<(typeof PERSON.states)[number]["value"]>("UNSUBSCRIBED");
  const [reason, setReason] = useState("");
  const save = useAction({
    mutationFn: () => call("POST /api/v1/contacts/:id/consent", { params: { id }, body: { state, reason } }),
    onSuccess: () => {
      toast("good", PERSON.changed, PERSON.changed_text);
      onClose();
    },
    onError: (error) => toast("bad", PERSON.not_changed, wordsOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ["contacts"] }),
  });
  return (
    <Modal opened onClose={onClose} title={PERSON.dialog(name)} centered size={460}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== "") save.mutate();
        }}
      >
        <NativeSelect
          label={PERSON.state}
          rightSection={chevron}
          data={PERSON.states}
          value={state}
          onChange={({ currentTarget: { value } }) =>
            setState(PERSON.states.find((one) => one.value === value)!.value)
          }
        />
        <Textarea
          label={PERSON.reason}
          placeholder={PERSON.reason_hint}
          required
          withAsterisk={false}
          maxLength={500}
          autosize
          minRows={2}
          value={reason}
          onChange={({ currentTarget: { value } }) => setReason(value)}
        />
        <Button type="submit" disabled={reason.trim() === ""} loading={save.isPending}>
          {PERSON.change}
        </Button>
      </form>
    </Modal>
  );
}
