import { Button, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { bytes } from "../../lib/words/time.ts";
import { filesQuery, type LibraryFile } from "../filling/library-queries.ts";
import { MessageIcon } from "../marks/message-icon.tsx";
import classes from "./compose.module.css";
import { KEPT } from "./texts.ts";

/** So many are looked through at a glance. */
const MOST_UNSEARCHED = 6;

/** The files of the media library that a header takes, newest first. */
export function KeptFiles({
  kind,
  onChoose,
  onClose,
}: {
  kind: LibraryFile["kind"];
  onChoose: (file: LibraryFile) => void;
  onClose: () => void;
}) {
  const [search, setSearch] = useState("");
  const query = useInfiniteQuery(filesQuery(kind));
  const files = query.data?.pages.flatMap((page) => page.data) ?? [];
  const found = files.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <div className={classes["kept"]} role="group" aria-label={KEPT.title}>
      {files.length > MOST_UNSEARCHED && (
        <TextInput
          type="search"
          aria-label={KEPT.search}
          placeholder={KEPT.search}
          value={search}
          onChange={({ currentTarget: { value } }) => setSearch(value)}
        />
      )}
      {query.isPending ? (
        <p role="status">{KEPT.loading}</p>
      ) : query.isError ? (
        <p role="alert">{KEPT.failed}</p>
      ) : found.length === 0 ? (
        <p role="status">{files.length === 0 ? KEPT.none : KEPT.nothing_found}</p>
      ) : (
        <ul>
          {found.map((file) => (
            <li key={file.id}>
              <button type="button" onClick={() => onChoose(file)}>
                {file.kind === "image" ? (
                  <img src={file.url} alt="" />
                ) : (
                  <MessageIcon type={file.kind} size={20} />
                )}
                <b dir="auto">{file.name}</b>
                <small>{bytes(file.size_bytes)}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className={classes["buttons"]}>
        {query.hasNextPage && (
          <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
            {KEPT.more}
          </Button>
        )}
        <Button variant="default" size="xs" onClick={onClose}>
          {KEPT.close}
        </Button>
      </div>
    </div>
  );
}
