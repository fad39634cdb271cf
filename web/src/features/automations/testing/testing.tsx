import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { testQuery } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { TEST } from "../test-texts.ts";
import { Started } from "./started.tsx";
import { StartTest } from "./start-test.tsx";

const route = getRouteApi("/shell/automations/$automation_id");

/** A test of the draft: started, and then taken on step by step. Which one it is stands in the address. */
export function Testing() {
  const { test: id } = route.useSearch();
  const navigate = useNavigate({ from: "/automations/$automation_id" });
  const { automation_id } = useDrawing();
  const { data, isError } = useQuery({ ...testQuery(automation_id, id ?? ""), enabled: id !== undefined });
  const show = (test: string | undefined) =>
    void navigate({ search: (now) => ({ ...now, test }), replace: true });
  if (id === undefined || isError)
    return (
      <>
        {isError && <p role="alert">{TEST.gone}</p>}
        <StartTest onStart={show} />
      </>
    );
  if (!data) return <Skeleton h={160} radius={12} role="status" aria-label={TEST.loading} />;
  return <Started test={data} again={() => show(undefined)} />;
}
