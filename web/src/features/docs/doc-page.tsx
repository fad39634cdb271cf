import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconBookOff } from "@tabler/icons-react";
import { type MouseEvent, useEffect } from "react";
import { copyText } from "../../lib/page/copy.ts";
import { percentDecoded } from "../../lib/words/percent.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Page } from "../../ui/page.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import classes from "./docs.module.css";
import { DocsNav } from "./docs-nav.tsx";
import { type DocsPage, loadPage } from "./pages.ts";
import { DOCS } from "./texts.ts";

const route = getRouteApi("/shell/docs/$name");
const SAID_MS = 1_500;

/** One page of the docs. */
export function DocPage() {
  const { name } = route.useParams();
  const query = useQuery({ queryKey: ["docs", name], queryFn: () => loadPage(name), staleTime: Infinity });
  if (query.isPending) return <Empty icon={<Loader size="sm" />} title={DOCS.title} />;
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === null) {
    const all = <Link to="/docs">{DOCS.all}</Link>;
    return (
      <Empty icon={<IconBookOff size={28} stroke={1.6} />} title={DOCS.missing_title} action={all}>
        {DOCS.missing}
      </Empty>
    );
  }
  return <Doc key={name} name={name} doc={query.data} />;
}

function Doc({ name, doc }: { name: string; doc: DocsPage }) {
  useTitle(doc.title, DOCS.title);
  const navigate = useNavigate();
  useEffect(() => {
    const show = () => document.getElementById(percentDecoded(location.hash.slice(1)))?.scrollIntoView();
    show();
    window.addEventListener("hashchange", show);
    return () => window.removeEventListener("hashchange", show);
  }, []);
  const press = (event: MouseEvent) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const copy = target.closest<HTMLButtonElement>("button[data-copy]");
    if (copy) void copyCode(copy);
    const href = target.closest("a")?.getAttribute("href");
    if (!href?.startsWith("/docs/") || event.metaKey || event.ctrlKey || event.shiftKey) return;
    // Another page of the docs, without loading Wharf's pages anew.
    event.preventDefault();
    const [to = "", hash] = href.split("#");
    void navigate({
      to: "/docs/$name",
      params: { name: to.slice("/docs/".length) },
      ...(hash ? { hash } : {}),
    });
  };
  const chapters = doc.headings.filter(({ depth }) => depth === 2);
  const raw = (
    <Button
      component="a"
      href={`/docs/${name}.md`}
      variant="default"
      size="xs"
      className={classes["raw"] ?? ""}
    >
      {DOCS.raw}
    </Button>
  );
  return (
    <Page title={doc.title} action={raw}>
      <div className={classes["doc"]}>
        <DocsNav current={name} />
        {/* Headings, links and copy buttons inside can be reached by the keyboard; this only listens to them. */}
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events */}
        <div className={classes["text"]} onClick={press} dangerouslySetInnerHTML={{ __html: doc.html }} />
        {chapters.length > 1 && (
          <nav className={classes["chapters"]} aria-label={DOCS.on_this_page}>
            <b>{DOCS.on_this_page}</b>
            {chapters.map(({ id, text }) => (
              <a key={id} href={`#${id}`}>
                {text}
              </a>
            ))}
          </nav>
        )}
      </div>
    </Page>
  );
}

async function copyCode(button: HTMLButtonElement): Promise<void> {
  const box = button.parentElement;
  const code = box?.querySelector("code");
  if (!box || !code) return;
  const copied = await copyText(code.textContent, box);
  button.textContent = copied ? DOCS.copied : DOCS.copy_failed;
  setTimeout(() => (button.textContent = DOCS.copy), SAID_MS);
}
