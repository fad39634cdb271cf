import { Button, FileButton, Textarea } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import classes from "./prices.module.css";
import { PRICES } from "./texts.ts";

/** The list's text: pasted, or read from a file. */
export function ListField({
  csv,
  wrong,
  onChange,
  onFile,
}: {
  csv: string;
  wrong: string | null;
  onChange: (csv: string) => void;
  onFile: (file: File | null) => Promise<void>;
}) {
  return (
    <>
      <Textarea
        label={PRICES.text}
        description={PRICES.text_hint}
        placeholder={PRICES.example}
        rows={7}
        className={classes["text"]}
        value={csv}
        error={wrong}
        spellCheck={false}
        onChange={({ currentTarget: { value } }) => onChange(value)}
      />
      <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(file) => void onFile(file)}>
        {(props) => (
          <Button
            {...props}
            variant="default"
            className={classes["start"]}
            leftSection={<IconFileUpload size={16} aria-hidden />}
          >
            {PRICES.upload}
          </Button>
        )}
      </FileButton>
    </>
  );
}
