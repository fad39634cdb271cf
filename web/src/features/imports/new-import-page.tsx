import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { IconDownload, IconFileSpreadsheet } from "@tabler/icons-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useTitle } from "../../lib/page/title.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { upload } from "../../lib/server/upload.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Progress } from "../../ui/progress.tsx";
import { Back } from "./back.tsx";
import classes from "./imports.module.css";
import { importQuery } from "./queries.ts";
import { CONTACTS, SAMPLE_CSV, UPLOAD } from "./texts.ts";

const route = getRouteApi("/shell/contacts/imports/$import_id");

type Upload = { part: number; name: string } | { failed: string; name: string } | null;

/** Takes the file, by a drop or a dialog, and shows how far it is. */
export function NewImportPage() {
  useTitle(UPLOAD.title, CONTACTS);
  const { campaign, kind: wanted } = route.useSearch();
  const kind = wanted === "blacklist" ? wanted : undefined;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [state, setState] = useState<Upload>(null);
  const sending = useRef<AbortController | null>(null);
  useEffect(() => () => sending.current?.abort(), []);

  const send = (file: File) => {
    const { name } = file;
    const controller = new AbortController();
    sending.current = controller;
    setState({ part: 0, name });
    upload("/api/v1/imports", file, (part) => setState({ part, name }), controller.signal)
      .then((added) =>
        campaign === undefined && kind === undefined
          ? added
          : call("PATCH /api/v1/imports/:id", {
              params: { id: added.id },
              body: campaign === undefined ? { kind } : { kind: "campaign", campaign_id: campaign },
            }),
      )
      .then((added) => {
        client.setQueryData(importQuery(added.id).queryKey, added);
        void client.invalidateQueries({ queryKey: ["imports", "list"] });
        return navigate({
          to: "/contacts/imports/$import_id",
          params: { import_id: added.id },
          replace: true,
        });
      })
      .catch((error: Error) => setState({ failed: wordsOf(error), name }));
  };
  const stop = () => {
    sending.current?.abort();
    setState(null);
  };
  return (
    <Page
      above={<Back />}
      title={kind ? UPLOAD.blacklist : UPLOAD.title}
      lead={kind ? UPLOAD.blacklist_lead : UPLOAD.lead}
    >
      <Card className={classes["upload"]}>
        {state !== null && "part" in state ? (
          <Uploading state={state} onCancel={stop} />
        ) : (
          <Drop onFile={send} failed={state} />
        )}
      </Card>
      <Card className={classes["block"]}>
        <Sample />
      </Card>
    </Page>
  );
}

function Drop({
  onFile,
  failed,
}: {
  onFile: (file: File) => void;
  failed: { failed: string; name: string } | null;
}) {
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    <div
      className={classes["drop"]}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        ref={chooser}
        type="file"
        hidden
        accept=".csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values"
        aria-label={UPLOAD.choose}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
          event.currentTarget.value = "";
        }}
      />
      <span className={classes["icon"]} aria-hidden>
        <IconFileSpreadsheet size={30} stroke={1.5} />
      </span>
      {failed !== null && (
        <div role="alert" className={classes["refused"]}>
          <b>{UPLOAD.failed}</b>
          <p dir="auto">{failed.name}</p>
          <p>{failed.failed}</p>
        </div>
      )}
      <p className={classes["dropText"]}>
        <b>{UPLOAD.drop}</b> {UPLOAD.or}
      </p>
      <Button onClick={() => chooser.current?.click()}>
        {failed === null ? UPLOAD.choose : UPLOAD.again}
      </Button>
      <p className={classes["soft"]}>{UPLOAD.limits}</p>
    </div>
  );
}

function Uploading({ state, onCancel }: { state: { part: number; name: string }; onCancel: () => void }) {
  const reading = state.part >= 1;
  const label = reading ? UPLOAD.reading : UPLOAD.uploading(Math.round(state.part * 100));
  return (
    <div className={classes["drop"]} role="status">
      <p className={classes["dropText"]} dir="auto">
        <b>{state.name}</b>
      </p>
      <p>{label}</p>
      <div className={classes["bar"]}>
        <Progress label={label} done={Math.round(state.part * 100)} total={100} />
      </div>
      {reading ? (
        <p className={classes["soft"]}>{UPLOAD.reading_text}</p>
      ) : (
        <Button variant="default" size="xs" onClick={onCancel}>
          {UPLOAD.cancel}
        </Button>
      )}
    </div>
  );
}

const sampleUrl = `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${SAMPLE_CSV}`)}`;

function Sample() {
  return (
    <>
      <a href={sampleUrl} download={UPLOAD.sample_name} className={classes["link"]}>
        <IconDownload size={17} aria-hidden /> {UPLOAD.sample}
      </a>
      <p className={classes["soft"]}>{UPLOAD.sample_text}</p>
      <p className={classes["soft"]}>{UPLOAD.excel}</p>
    </>
  );
}
