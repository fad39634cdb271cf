import { Button, Modal, Radio, TextInput } from "@mantine/core";
import "@mantine/core/styles/Radio.css";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { toast } from "../../../lib/page/toast.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import common from "../../../ui/form-blocks.module.css";
import { automationQuery, type Exchanged, imported, recipesQuery, tidy } from "../model/model.ts";
import { CREATE } from "../texts.ts";
import classes from "./list.module.css";

/** `empty`, `file`, or the key of a recipe. */
type From = "empty" | "file" | { recipe: string };

/**
 * A new automation: empty, from a recipe, or from a file.
 *
 * Long: one form of three ways, of which one is chosen.
 */
export function NewDialog({ recipe, onClose }: { recipe: string | null; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data } = useQuery(recipesQuery);
  const recipes = data?.data ?? [];
  const [from, setFrom] = useState<From>(recipe === null ? "empty" : { recipe });
  const { file, read, problems, readFile } = useFile();
  const [typed, type] = useState<string | null>(null);
  const chosen = typeof from === "object" ? recipes.find(({ key }) => key === from.recipe) : undefined;
  const name = typed ?? chosen?.name ?? (from === "file" && file ? file.name : "");
  const create = useAction({
    mutationFn: () => {
      // Without one the server makes a trigger alone.
      const flow = from === "file" ? read?.flow : chosen && tidy(chosen.flow);
      return call("POST /api/v1/automations", {
        body: { name: name.trim() || CREATE.unnamed, ...(flow && { flow }) },
      });
    },
    onSuccess: (automation) => {
      client.setQueryData(automationQuery(automation.id).queryKey, automation);
      void client.invalidateQueries({ queryKey: ["automations"] });
      return navigate({
        to: "/automations/$automation_id",
        params: { automation_id: automation.id },
        search: {},
      });
    },
    onError: (error) => toast("bad", CREATE.failed, wordsOf(error)),
  });
  const ready = from !== "file" || (read?.flow ?? null) !== null;
  return (
    <Modal opened onClose={onClose} title={CREATE.title} size={620}>
      <form
        className={common["dialog"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) create.mutate();
        }}
      >
        <TextInput
          data-autofocus
          dir="auto"
          label={CREATE.name}
          description={CREATE.name_hint}
          maxLength={100}
          value={name}
          onChange={({ currentTarget: { value } }) => type(value)}
        />
        <div className={classes["choices"]} role="radiogroup" aria-label={CREATE.from}>
          <Choice
            choice={{ name: CREATE.empty, hint: CREATE.empty_hint }}
            checked={from === "empty"}
            onChoose={() => setFrom("empty")}
          />
          {recipes.map(({ key, name: title, description, flow }) => (
            <Choice
              key={key}
              choice={{ name: title, hint: `${description} ${CREATE.steps(flow.nodes.length)}.` }}
              checked={chosen?.key === key}
              onChoose={() => setFrom({ recipe: key })}
            />
          ))}
          <Choice
            choice={{ name: CREATE.file, hint: file ? CREATE.chosen_file(file.name) : CREATE.file_hint }}
            checked={from === "file"}
            onChoose={() => setFrom("file")}
          />
        </div>
        {from === "file" && <FileButton onRead={readFile} />}
        {from === "file" && problems.length > 0 && (
          <div role="alert" className={common["wrong"]}>
            {read?.flow && <p>{CREATE.damaged}</p>}
            <ul className={classes["damaged"]}>
              {problems.map((says) => (
                <li key={says} dir="auto">
                  {says}
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className={common["dialogButtons"]}>
          <Button variant="default" onClick={onClose}>
            {CREATE.cancel}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={!ready}>
            {CREATE.create}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** The file that was chosen, and what of it the server can read. */
function useFile() {
  const [file, setFile] = useState<Exchanged | null>(null);
  const [wrong, setWrong] = useState(false);
  const reading = useAction({
    mutationFn: (flow: unknown) => call("POST /api/v1/automation_files", { body: { flow } }),
    onError: (error) => toast("bad", CREATE.failed, wordsOf(error)),
  });
  const read = file === null ? undefined : reading.data;
  return {
    file,
    read,
    problems: wrong ? [CREATE.wrong_file] : (read?.problems ?? []).map(({ says }) => says),
    readFile: (text: string) => {
      const chosen = imported(text);
      setWrong(chosen === null);
      setFile(chosen);
      if (chosen !== null) reading.mutate(chosen.flow);
    },
  };
}

function Choice({
  choice,
  checked,
  onChoose,
}: {
  choice: { name: string; hint: string };
  checked: boolean;
  onChoose: () => void;
}) {
  return (
    <div data-chosen={checked || undefined}>
      <Radio
        name="from"
        label={choice.name}
        description={choice.hint}
        checked={checked}
        onChange={onChoose}
      />
    </div>
  );
}

function FileButton({ onRead }: { onRead: (text: string) => void }) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <div>
      <input
        ref={chooser}
        type="file"
        hidden
        accept="application/json,.json"
        aria-label={CREATE.choose_file}
        onChange={({ currentTarget }) => {
          const chosen = currentTarget.files?.[0];
          if (chosen) void chosen.text().then(onRead, () => onRead(""));
          currentTarget.value = "";
        }}
      />
      <Button variant="default" onClick={() => chooser.current?.click()}>
        {CREATE.choose_file}
      </Button>
    </div>
  );
}
