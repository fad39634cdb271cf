import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useTitle } from "../../lib/page/title.ts";
import { meQuery } from "../../lib/server/queries.ts";
import { manages } from "../../lib/server/setup.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import classes from "./consent.module.css";
import { Defaults } from "./default-words.tsx";
import { Skeletons } from "./ledger-page.tsx";
import { OptInForm } from "./opt-in-form.tsx";
import { OwnWords } from "./own-words.tsx";
import { settingsQuery, wordsQuery } from "./queries.ts";
import { RepliesForm } from "./replies-form.tsx";
import { ConsentTabs } from "./tabs.tsx";
import { OWNERS, TABS, WORDS } from "./texts.ts";
import { WordTest } from "./word-test.tsx";

/** By which words people stop, start and say yes, whether they are asked first, and what they are answered. */
export function WordsPage() {
  useTitle(TABS.words);
  const { data: me } = useSuspenseQuery(meQuery);
  const words = useQuery(wordsQuery);
  const settings = useQuery(settingsQuery);
  const owner = manages(me, "audience");
  const error = words.error ?? settings.error;
  const { data } = words;
  return (
    <Page
      above={<ConsentTabs at="/contacts/words" />}
      title={TABS.words}
      lead={owner ? WORDS.lead : `${WORDS.lead} ${OWNERS}`}
    >
      {error ? (
        <Card>
          <Failure error={error} retry={() => void Promise.all([words.refetch(), settings.refetch()])} />
        </Card>
      ) : !data || !settings.data ? (
        <Card>
          <Skeletons />
        </Card>
      ) : (
        <div className={classes["sections"]}>
          <OwnWords
            words={data.words}
            languages={data.defaults.map(({ language }) => language)}
            owner={owner}
          />
          <WordTest />
          <Defaults words={data} owner={owner} />
          <OptInForm settings={settings.data} owner={owner} />
          <RepliesForm settings={settings.data} owner={owner} />
        </div>
      )}
    </Page>
  );
}
