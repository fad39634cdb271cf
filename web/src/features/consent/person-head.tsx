import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconArrowLeft, IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { ChangeConsent } from "../../conversation/consent/change-consent.tsx";
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
        <ChangeConsent id={id} name={proof.contact.display_name} onClose={() => setChanging(false)} />
      )}
    </section>
  );
}
