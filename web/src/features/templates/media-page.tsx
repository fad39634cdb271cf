import { ActionIcon } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { IconPhoto, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { bytes } from "../../lib/words/time.ts";
import { useTitle } from "../../lib/page/title.ts";
import { toast } from "../../lib/page/toast.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { MessageIcon } from "../../conversation/marks/message-icon.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import { type LibraryFile, mediaQuery } from "./queries.ts";
import { TemplateTabs } from "./tabs.tsx";
import classes from "./templates.module.css";
import { MEDIA, OLDER, TABS } from "./texts.ts";
import { UploadButton } from "./upload-button.tsx";

/** Files for headers, which are uploaded once and used again. */
export function MediaPage() {
  useTitle(TABS.media);
  const client = useQueryClient();
  const query = useInfiniteQuery(mediaQuery());
  const [asked, setAsked] = useState<LibraryFile | null>(null);
  const files = query.data?.pages.flatMap((page) => page.data) ?? [];
  const remove = useAction({
    mutationFn: (id: string) => call("DELETE /api/v1/template_media/:id", { params: { id } }),
    onSuccess: () => toast("good", MEDIA.removed, MEDIA.removed_text),
    onError: (error) => toast("bad", MEDIA.failed, wordsOf(error)),
    onSettled: async () => {
      setAsked(null);
      await client.invalidateQueries({ queryKey: ["template-media"] });
    },
  });
  return (
    <Page
      above={<TemplateTabs at="/templates/media" />}
      title={TABS.media}
      lead={MEDIA.lead}
      action={<UploadButton />}
    >
      <Card>
        {query.isError ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : files.length === 0 && !query.isPending ? (
          <Empty icon={<IconPhoto size={26} stroke={1.6} />} title={MEDIA.empty}>
            {MEDIA.empty_text}
          </Empty>
        ) : (
          <ul className={classes["files"]}>
            {files.map((file) => (
              <li key={file.id} className={classes["fileCard"]}>
                {file.kind === "image" ? (
                  <img src={file.url} alt={file.name} loading="lazy" />
                ) : (
                  <span className={classes["thumb"]}>
                    <MessageIcon type={file.kind} size={32} />
                  </span>
                )}
                <b dir="auto" title={file.name}>
                  {file.name}
                </b>
                <span>
                  {MEDIA.kinds[file.kind]} · {bytes(file.size_bytes)}
                </span>
                <span>
                  {MEDIA.used(file.drafts)}
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={MEDIA.remove(file.name)}
                    onClick={() => setAsked(file)}
                  >
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </span>
              </li>
            ))}
          </ul>
        )}
        <OlderRow query={query}>{OLDER}</OlderRow>
      </Card>
      <Confirm
        opened={asked !== null}
        title={MEDIA.ask}
        yes={MEDIA.yes}
        danger
        loading={remove.isPending}
        onYes={() => asked && remove.mutate(asked.id)}
        onClose={() => setAsked(null)}
      >
        <p dir="auto">{asked?.name}</p>
        {asked !== null && asked.drafts > 0 && <p>{MEDIA.ask_used(asked.drafts)}</p>}
        <p>{MEDIA.ask_text}</p>
      </Confirm>
    </Page>
  );
}
