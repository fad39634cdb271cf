import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconFilter, IconList, IconPlus, IconTag, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { ChooseDialog } from "../../../conversation/filling/choose-dialog.tsx";
import { type Segment, segmentCountQuery } from "../model/model.ts";
import { AUDIENCE } from "../wizard-texts.ts";
import classes from "./audience.module.css";
import { isSame, type KnownSource, type Source, useSources } from "./sources.ts";

const ICONS = { list: IconList, segment: IconFilter, tag: IconTag };

/** Lists, segments and tags that were chosen, and a dialog to add more. */
export function SourcePicker({
  label,
  sources,
  put,
}: {
  label: string;
  sources: readonly Source[];
  put: (sources: Source[]) => void;
}) {
  const [choosing, setChoosing] = useState(false);
  const known = useSources();
  return (
    <>
      {sources.length > 0 && (
        <ul className={classes["sources"]} aria-label={label}>
          {sources.map((source) => (
            <Chosen
              key={`${source.kind} ${source.id}`}
              source={known?.find((each) => isSame(each, source)) ?? source}
              reading={known === undefined}
              remove={() => put(sources.filter((each) => !isSame(each, source)))}
            />
          ))}
        </ul>
      )}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setChoosing(true)}
        >
          {AUDIENCE.add_source}
        </Button>
      </div>
      {choosing && (
        <SourceDialog
          known={known?.filter((each) => !sources.some((one) => isSame(one, each)))}
          onChoose={({ kind, id }) => {
            put([...sources, { kind, id }]);
            setChoosing(false);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  );
}

function Chosen({
  source,
  reading,
  remove,
}: {
  source: Source | KnownSource;
  reading: boolean;
  remove: () => void;
}) {
  const Icon = ICONS[source.kind];
  const known = "name" in source ? source : null;
  const name = known?.name ?? (reading ? "…" : AUDIENCE.gone[source.kind]);
  return (
    <li>
      <Icon size={17} aria-hidden />
      <span>
        <b dir="auto">{name}</b>
        <small>
          {AUDIENCE.kinds[source.kind]}
          {typeof known?.contacts === "number" && ` · ${AUDIENCE.people(known.contacts)}`}
          {known?.rule && <SegmentCount id={known.id} rule={known.rule} />}
        </small>
      </span>
      <ActionIcon variant="subtle" color="gray" aria-label={AUDIENCE.remove(name)} onClick={remove}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </li>
  );
}

function SegmentCount(segment: Pick<Segment, "id" | "rule">) {
  const { data } = useQuery(segmentCountQuery(segment));
  return data ? ` · ${AUDIENCE.people(data.count)}` : null;
}

function SourceDialog({
  known,
  onChoose,
  onClose,
}: {
  known: KnownSource[] | undefined;
  onChoose: (source: KnownSource) => void;
  onClose: () => void;
}) {
  const [search, setSearch] = useState("");
  const found = known?.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <ChooseDialog
      title={AUDIENCE.add_source}
      label={AUDIENCE.search_source}
      search={search}
      setSearch={setSearch}
      choices={found?.map(({ kind, id, name, contacts }) => {
        const Icon = ICONS[kind];
        return {
          id: `${kind} ${id}`,
          title: name,
          text: [AUDIENCE.kinds[kind], contacts !== null && AUDIENCE.people(contacts)]
            .filter(Boolean)
            .join(" · "),
          aside: <Icon size={17} aria-hidden />,
        };
      })}
      empty={search.trim() === "" ? AUDIENCE.no_sources : AUDIENCE.nothing_found}
      onChoose={(key) => {
        const source = found?.find(({ kind, id }) => key === `${kind} ${id}`);
        if (source) onChoose(source);
      }}
      onClose={onClose}
    />
  );
}
