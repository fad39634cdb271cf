import { Fragment, type ReactNode, useMemo } from "react";
import { readRichText, type RichNode } from "../lib/rich-text.ts";
import classes from "./rich-text.module.css";

/** WhatsApp-formatted text as React nodes. */
export function RichText({ text }: { text: string }) {
  const nodes = useMemo(() => readRichText(text), [text]);
  return <span className={classes["text"]}>{nodes.map(render)}</span>;
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
