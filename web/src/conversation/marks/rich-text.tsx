import { Fragment, type ReactNode, useMemo, useState } from "react";
import { readBlocks, type RichBlock } from "../../lib/words/rich-blocks.ts";
import { readRichText, type RichNode } from "../../lib/words/rich-text.ts";
import classes from "./rich-text.module.css";
import { READ_MORE } from "../../ui/texts.ts";

/** Customers can write 65,536 characters; a thread of such texts would take seconds to lay out. */
const SHOWN_CHARACTERS = 3_000;

/** WhatsApp-formatted text as React nodes; a very long one by its beginning, until more is wished. */
export function RichText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const cut = !whole && text.length > SHOWN_CHARACTERS;
  const shown = cut ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  const blocks = useMemo(() => readBlocks(shown), [shown]);
  return (
    <span className={classes["text"]}>
      {blocks.map(block)}
      {cut && (
        <button type="button" className={classes["more"]} onClick={() => setWhole(true)}>
          {READ_MORE}
        </button>
      )}
    </span>
  );
}

function block(of: RichBlock, index: number): ReactNode {
  switch (of.kind) {
    case "text":
      return <Fragment key={index}>{readRichText(of.text).map(render)}</Fragment>;
    case "quote":
      return (
        <blockquote key={index} dir="auto">
          {readRichText(of.text).map(render)}
        </blockquote>
      );
    case "list": {
      // Read once, and never in another order.
      const items = of.items.map((item, at) => <li key={at}>{readRichText(item).map(render)}</li>);
      return of.ordered ? (
        <ol key={index} start={of.start}>
          {items}
        </ol>
      ) : (
        <ul key={index}>{items}</ul>
      );
    }
  }
}

function render(node: RichNode, index: number): ReactNode {
  switch (node.kind) {
    case "text":
      return <Fragment key={index}>{node.text}</Fragment>;
    case "bold":
      return <strong key={index}>{node.children.map(render)}</strong>;
    case "italic":
      return <em key={index}>{node.children.map(render)}</em>;
    case "strike":
      return <s key={index}>{node.children.map(render)}</s>;
    case "code":
      return (
        <code key={index} className={node.block ? classes["block"] : classes["code"]}>
          {node.text}
        </code>
      );
    case "link":
      return (
        <a key={index} href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {node.text}
        </a>
      );
  }
}
