import { useEffect, useState } from "react";
import { lazyPart } from "../lib/page/chunks.ts";
import { call } from "../lib/server/api.ts";
import { onStepUpNeeded, proveAgain } from "../lib/server/step-up.ts";

const StepUp = lazyPart(() => import("./step-up.tsx"), "StepUp");

/** Links to files that are exports: the password is asked for before the browser follows them. */
const FILE = /^\/api\/v1\/.*\.csv$/;

/** Asks for the password again once something needs it: until then it is a listener alone. */
export function StepUpGate() {
  const [needed, setNeeded] = useState(false);
  useEffect(() => {
    const end = onStepUpNeeded(() => setNeeded(true));
    document.addEventListener("click", followFile);
    return () => {
      end();
      document.removeEventListener("click", followFile);
    };
  }, []);
  return needed ? <StepUp /> : null;
}

function followFile(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.("a");
  if (!link || !FILE.test(link.pathname) || link.dataset["proved"]) return;
  event.preventDefault();
  void (async () => {
    const { proved } = await call("GET /api/v1/me", {});
    if (!proved && !(await proveAgain())) return;
    link.dataset["proved"] = "now";
    link.click();
    delete link.dataset["proved"];
  })();
}
