import { Button, TextInput } from "@mantine/core";
import { IconArrowLeft, IconFolderOpen, IconPhoto, IconUpload, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { previewOf, typeLabel } from "../../lib/words/message.ts";
import { filled, readSheet, type Sheet, templateContent } from "../model/templates.ts";
import type { Media, Outgoing, Template } from "../../lib/types.ts";
import { bytes } from "../../lib/words/time.ts";
import type { LibraryFile } from "../filling/library-queries.ts";
import { MessageIcon } from "../marks/message-icon.tsx";
import { RichText } from "../marks/rich-text.tsx";
import { Attached } from "./attached.tsx";
import classes from "./compose.module.css";
import { KeptFiles } from "./kept-files.tsx";
import { FILE, KEPT, TEMPLATES } from "./texts.ts";
import { type Attachment, useAttachment } from "./use-attachment.ts";

export type Named = Template & { name: string; language: string };

/** What Meta takes in the header of a template. */
const ACCEPTED = {
  image: "image/jpeg,image/png",
  video: "video/mp4,video/3gpp",
  document: ".pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt",
} as const;

/** What is filled into a template, and how the customer will see it. */
export function TemplateFill({
  template,
  onFilled,
  onBack,
  onSend,
}: {
  template: Named;
  /** Whether there is something to lose. */
  onFilled: (filled: boolean) => void;
  onBack: () => void;
  onSend: (content: Outgoing, text: string) => void;
}) {
  const sheet = readSheet(template.components);
  const [values, setValues] = useState<Record<string, string>>({});
  const { attachment, attach, detach } = useAttachment("/api/v1/media");
  const [kept, setKept] = useState<LibraryFile | null>(null);
  const body = sheet.body === null ? null : filled(sheet.body, "body", values);
  const media = kept ? { id: kept.id, filename: kept.name } : (attachment?.media ?? null);
  const filled_in =
    kept !== null || attachment !== null || Object.values(values).some((value) => value.trim() !== "");
  useEffect(() => onFilled(filled_in), [filled_in, onFilled]);
  const missing =
    sheet.blanks.some((blank) => !values[blank.key]?.trim()) || (sheet.file !== null && media === null);
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (missing) return;
        const text = body ?? previewOf({ type: "template", text: null });
        onSend(templateContent(template, sheet, values, media), text);
      }}
    >
      {sheet.file !== null && (
        <HeaderFile
          kind={sheet.file}
          attachment={attachment}
          attach={attach}
          detach={detach}
          kept={kept}
          setKept={setKept}
        />
      )}
      {sheet.blanks.map((blank, index) => (
        <TextInput
          key={blank.key}
          data-autofocus={(index === 0 && sheet.file === null) || undefined}
          label={blank.label}
          dir="auto"
          placeholder={blank.example === null ? "" : TEMPLATES.example(blank.example)}
          required
          withAsterisk={false}
          maxLength={blank.as === "copy_code" ? 15 : 1024}
          value={values[blank.key] ?? ""}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setValues((now) => ({ ...now, [blank.key]: value }));
          }}
        />
      ))}
      <Preview sheet={sheet} body={body} values={values} attachment={attachment} kept={kept} />
      <div className={classes["buttons"]}>
        <Button variant="default" leftSection={<IconArrowLeft size={16} />} onClick={onBack}>
          {TEMPLATES.back}
        </Button>
        <Button type="submit" disabled={missing} data-autofocus={sheet.blanks.length === 0 || undefined}>
          {TEMPLATES.send}
        </Button>
      </div>
    </form>
  );
}

function HeaderFile({
  kind,
  attachment,
  attach,
  detach,
  kept,
  setKept,
}: {
  kind: NonNullable<Sheet["file"]>;
  /** Of the media library. */
  kept: LibraryFile | null;
  setKept: (file: LibraryFile | null) => void;
} & ReturnType<typeof useAttachment<"/api/v1/media">>) {
  const chooser = useRef<HTMLInputElement>(null);
  const [choosing, setChoosing] = useState(false);
  if (kept)
    return (
      <div className={classes["about"]}>
        <span>
          <b dir="auto">{kept.name}</b>
          <span role="status">{FILE.ready(bytes(kept.size_bytes))}</span>
        </span>
        <button type="button" aria-label={KEPT.remove} title={KEPT.remove} onClick={() => setKept(null)}>
          <IconX size={16} />
        </button>
      </div>
    );
  if (choosing)
    return (
      <KeptFiles
        kind={kind}
        onChoose={(file) => {
          setKept(file);
          setChoosing(false);
        }}
        onClose={() => setChoosing(false)}
      />
    );
  return (
    <div className={classes["headerFile"]}>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={ACCEPTED[kind]}
        aria-label={TEMPLATES.header_file(typeLabel(kind))}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) attach(file);
          event.currentTarget.value = "";
        }}
      />
      {attachment ? (
        <Attached attachment={attachment} onRemove={detach} />
      ) : (
        <Button
          fullWidth
          variant="default"
          data-autofocus
          leftSection={<IconUpload size={16} />}
          onClick={() => chooser.current?.click()}
        >
          {TEMPLATES.choose_file(typeLabel(kind).toLowerCase())}
        </Button>
      )}
      {!attachment && (
        <Button
          fullWidth
          variant="default"
          leftSection={<IconFolderOpen size={16} />}
          onClick={() => setChoosing(true)}
        >
          {KEPT.open}
        </Button>
      )}
    </div>
  );
}

function Preview({
  sheet,
  body,
  values,
  attachment,
  kept,
}: {
  sheet: Sheet;
  body: string | null;
  values: Readonly<Record<string, string>>;
  attachment: Attachment<Media> | null;
  kept: LibraryFile | null;
}) {
  return (
    <div className={classes["preview"]} aria-label={TEMPLATES.preview} role="group">
      <div>
        {sheet.file !== null && <PreviewFile kind={sheet.file} attachment={attachment} kept={kept} />}
        {sheet.header && <b>{filled(sheet.header, "header", values)}</b>}
        {body === null ? <em>{TEMPLATES.unknown_body}</em> : <RichText text={body} />}
        {sheet.footer && <small>{sheet.footer}</small>}
      </div>
      {sheet.buttons.map((label) => (
        <span key={label}>{label}</span>
      ))}
    </div>
  );
}

function PreviewFile({
  kind,
  attachment,
  kept,
}: {
  kind: NonNullable<Sheet["file"]>;
  attachment: Attachment<Media> | null;
  kept: LibraryFile | null;
}) {
  const url = kept?.url ?? attachment?.media?.url ?? null;
  const name = kept?.name ?? attachment?.file.name;
  if (kind === "image" && url !== null) return <img src={url} alt={name ?? typeLabel(kind)} />;
  return (
    <div className={classes["noFile"]}>
      {kind === "image" ? <IconPhoto size={30} stroke={1.4} /> : <MessageIcon type={kind} size={30} />}
      {name && <span dir="auto">{name}</span>}
    </div>
  );
}
