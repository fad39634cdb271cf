import {
  type Difference,
  type Fact,
  factsOf,
  type Flow,
  isNoDifference,
  type Names,
  nodeOf,
  portWords,
  settingFacts,
  titleOf,
} from "../model/model.ts";
import { NodeIcon } from "../parts/parts.ts";
import { DIFF } from "../version-texts.ts";
import classes from "./versions.module.css";

/** The facts that are others than before. */
function changedFacts(before: readonly Fact[], after: readonly Fact[]) {
  const labels = [...new Set([...before, ...after].map(([label]) => label))];
  const of = (facts: readonly Fact[], label: string) => facts.find(([each]) => each === label)?.[1] ?? "";
  return labels
    .map((label) => ({ label, was: of(before, label), is: of(after, label) }))
    .filter(({ was, is }) => was !== is);
}

/** What one flow has that another has not, in words. */
export function DifferenceList({
  difference,
  before,
  after,
  names,
}: {
  difference: Difference;
  before: Flow;
  after: Flow;
  names: Names;
}) {
  if (isNoDifference(difference)) return <p className={classes["hint"]}>{DIFF.none}</p>;
  const nameIn = (flow: Flow) => (id: string | null) => {
    const node = nodeOf(flow, id);
    return node ? titleOf(node, names) : DIFF.nowhere;
  };
  const [was, is] = [nameIn(before), nameIn(after)];
  return (
    <div className={classes["difference"]}>
      <Nodes title={DIFF.added} tone="good" nodes={difference.added} nameOf={is} />
      <Nodes title={DIFF.removed} tone="bad" nodes={difference.removed} nameOf={was} />
      {difference.changed.length > 0 && (
        <section>
          <h3>{DIFF.changed}</h3>
          <ul>
            {difference.changed.map((each) => (
              <li key={each.after.id}>
                <NodeIcon type={each.after.type} node={each.after} size={15} />
                <div>
                  <b dir="auto">{is(each.after.id)}</b>
                  <Facts before={factsOf(each.before, names, was)} after={factsOf(each.after, names, is)} />
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {difference.ways.length > 0 && (
        <section>
          <h3>{DIFF.ways}</h3>
          <ul>
            {difference.ways.map(({ node, port, before: from, after: to }) => (
              <li key={`${node.id} ${port}`}>
                <NodeIcon type={node.type} node={node} size={15} />
                <div>
                  <b dir="auto">{is(node.id)}</b>
                  <span>{DIFF.way(portWords(node, port), was(from?.id ?? null), is(to?.id ?? null))}</span>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {difference.settings && (
        <section>
          <h3>{DIFF.settings}</h3>
          <Facts before={settingFacts(before.settings, names)} after={settingFacts(after.settings, names)} />
        </section>
      )}
    </div>
  );
}

function Nodes({
  title,
  tone,
  nodes,
  nameOf,
}: {
  title: string;
  tone: "good" | "bad";
  nodes: Difference["added"];
  nameOf: (id: string | null) => string;
}) {
  if (nodes.length === 0) return null;
  return (
    <section data-tone={tone}>
      <h3>{title}</h3>
      <ul>
        {nodes.map(({ id, type }) => (
          <li key={id}>
            <NodeIcon type={type} size={15} />
            <b dir="auto">{nameOf(id)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ before, after }: { before: readonly Fact[]; after: readonly Fact[] }) {
  return (
    <dl>
      {changedFacts(before, after).map(({ label, was, is }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd dir="auto">
            <del aria-label={`${DIFF.before}: ${was || DIFF.empty}`}>{was || DIFF.empty}</del>{" "}
            <ins aria-label={`${DIFF.after}: ${is || DIFF.empty}`}>{is || DIFF.empty}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
