import { Button, CloseButton, Textarea } from "@mantine/core";
import { IconAlertTriangleFilled, IconCornerDownRight, IconNote, IconPlus } from "@tabler/icons-react";
import { CANVAS, COUNTS, EDITOR, OUTLINE, TYPES } from "../flow-texts.ts";
import {
  addNote,
  type Branch,
  changeNote,
  type Flow,
  insertAt,
  type Line,
  lineOf,
  outlineOf,
  portWords,
  nodeOf,
  remove,
  type Step,
} from "../model/model.ts";
import { AddMenu, checksOf, focusPanel, focusStep, NodeIcon, Numbers, useDrawing } from "../parts/parts.ts";
import classes from "./outline.module.css";

/** The flow as a list: for phones, for screen readers, and for who likes lists. */
export function Outline() {
  const { flow } = useDrawing();
  const { main, loose } = outlineOf(flow);
  return (
    <section className={classes["outline"]} aria-label={OUTLINE.label}>
      <Steps line={main} />
      <Notes />
      {loose.length > 0 && (
        <div className={classes["loose"]}>
          <h2>{OUTLINE.loose}</h2>
          <p>{OUTLINE.loose_hint}</p>
          {loose.map((line) => (
            <Steps key={line.steps[0]?.node.id} line={line} />
          ))}
        </div>
      )}
    </section>
  );
}

/** What was noted on the canvas, for those who draw. */
function Notes() {
  const { flow, put } = useDrawing();
  return (
    <div className={classes["notes"]}>
      {flow.notes.length > 0 && (
        <>
          <h2>{OUTLINE.notes}</h2>
          <p>{OUTLINE.notes_hint}</p>
        </>
      )}
      {flow.notes.map((note) => (
        <div key={note.id} className={classes["note"]}>
          <Textarea
            dir="auto"
            autosize
            minRows={2}
            maxLength={2_000}
            aria-label={CANVAS.note_label}
            placeholder={CANVAS.note_hint}
            value={note.text}
            onChange={({ currentTarget: { value } }) =>
              put(changeNote(flow, note.id, value), `note ${note.id}`)
            }
          />
          <CloseButton
            aria-label={CANVAS.remove_note}
            onClick={() => put(remove(flow, new Set([note.id])))}
          />
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconNote size={15} aria-hidden />}
        onClick={() => put(addNote(flow, besides(flow)).flow)}
      >
        {OUTLINE.add_note}
      </Button>
    </div>
  );
}

/** Where a note of the list stands on the canvas: left of the flow, below those that are there. */
const besides = ({ nodes, notes }: Flow) => ({
  x: Math.min(0, ...nodes.map(({ x }) => x)) - 320,
  y: Math.max(-160, ...notes.map(({ y }) => y)) + 160,
});

function Steps({ line: { steps, open, leads_to } }: { line: Line }) {
  return (
    <ol className={classes["steps"]}>
      {steps.map((step) => (
        <StepItem key={step.node.id} step={step} />
      ))}
      {(open !== null || leads_to !== null) && <End open={open} leads_to={leads_to} />}
    </ol>
  );
}

/** Where a line ends: at a step that stands elsewhere, or where the next one is added. */
function End({ open: at, leads_to }: Pick<Line, "open" | "leads_to">) {
  const { nameOf } = useDrawing();
  if (leads_to !== null)
    return (
      <li className={classes["end"]}>
        <button type="button" className={classes["leads"]} onClick={() => focusStep(leads_to)}>
          <IconCornerDownRight size={16} aria-hidden /> {OUTLINE.goes_on(nameOf(leads_to))}
        </button>
      </li>
    );
  return at === null ? null : (
    <li className={classes["end"]}>
      <Add {...at} />
    </li>
  );
}

function Add({ node, port, between = false }: { node: string; port: string; between?: boolean }) {
  const { flow, put, open, nameOf } = useDrawing();
  const from = nodeOf(flow, node);
  const words = from ? portWords(from, port) : "";
  const name = port === "next" ? CANVAS.add_after(nameOf(node)) : CANVAS.add_at(nameOf(node), words);
  return (
    <AddMenu
      onChoose={(type) => {
        const made = insertAt(flow, { node, port }, type);
        put(made.flow);
        open(made.id);
        focusPanel();
      }}
    >
      <button type="button" className={classes["add"]} data-between={between || undefined} aria-label={name}>
        <IconPlus size={15} stroke={2.2} aria-hidden /> {!between && OUTLINE.add}
      </button>
    </AddMenu>
  );
}

function StepItem({ step: { node, branches } }: { step: Step }) {
  const { names, nameOf, checks, counts, opened, open, flow } = useDrawing();
  const { errors } = checksOf(checks, node.id);
  const { stopped = null, held = null } = counts.get(node.id) ?? {};
  const title = nameOf(node.id);
  const line = lineOf(node, names, nameOf);
  const goes_on = flow.edges.some(({ from, port }) => from === node.id && port === "next");
  return (
    <li className={classes["step"]} data-stopped={stopped !== null || held !== null || undefined}>
      <div className={classes["card"]} data-opened={opened === node.id || undefined}>
        <button
          type="button"
          data-node={node.id}
          className={classes["open"]}
          aria-expanded={opened === node.id}
          onClick={() => {
            open(node.id);
            focusPanel();
          }}
        >
          <NodeIcon type={node.type} node={node} />
          <span>
            {title !== TYPES[node.type] && <small>{TYPES[node.type]}</small>}
            <b dir="auto">{title}</b>
            {line !== "" && line !== title && <span dir="auto">{line}</span>}
          </span>
          {errors.length > 0 && (
            <IconAlertTriangleFilled
              size={16}
              role="img"
              aria-label={CANVAS.problems(errors.length)}
              className={classes["wrong"]}
            />
          )}
        </button>
        {stopped && (
          <p className={classes["stopped"]}>
            {EDITOR.blocked} · {COUNTS.stopped(stopped.people)}
          </p>
        )}
        {held && (
          <p className={classes["stopped"]}>
            {EDITOR.not_connected} · {COUNTS.held(held.people)}
          </p>
        )}
        <Numbers node_id={node.id} />
      </div>
      {branches.map((branch) => (
        <BranchPart key={branch.port.id} step={node.id} branch={branch} />
      ))}
      {goes_on && <Add node={node.id} port="next" between />}
    </li>
  );
}

function BranchPart({ step, branch }: { step: string; branch: Branch }) {
  const { flow } = useDrawing();
  const node = nodeOf(flow, step);
  const name = node ? portWords(node, branch.port.id) : "";
  return (
    <div className={classes["branch"]} data-tone={branch.port.tone} role="group" aria-label={name}>
      <h3 dir="auto">{name}</h3>
      <Steps line={branch} />
    </div>
  );
}
