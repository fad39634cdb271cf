import { Button, FileButton, Textarea } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import common from "../../../ui/form-blocks.module.css";
import { LEFT_OUT } from "../wizard-texts.ts";
import type { Kind } from "./paste-kinds.ts";
import type { usePaste } from "./use-paste.ts";

/** A field for the numbers, and a button for a file of them where there may be one. */
export function PasteFields({
  kind: { texts, takes_files },
  paste: { text, setText, file, choose, people, add },
}: {
  kind: Kind;
  paste: ReturnType<typeof usePaste>;
}) {
  return (
    <>
      <p className={common["hint"]}>{texts.paste_hint}</p>
      {takes_files && (
        <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(chosen) => void choose(chosen)}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              disabled={add.isPending}
              leftSection={<IconFileUpload size={16} aria-hidden />}
            >
              {LEFT_OUT.choose_file}
            </Button>
          )}
        </FileButton>
      )}
      {file ? (
        <p role="status">{LEFT_OUT.file(file.name, people.length)}</p>
      ) : (
        <Textarea
          data-autofocus
          label={texts.numbers}
          placeholder={texts.numbers_example}
          autosize
          minRows={7}
          maxRows={14}
          value={text}
          disabled={add.isPending}
          onChange={({ currentTarget: { value } }) => setText(value)}
        />
      )}
    </>
  );
}
