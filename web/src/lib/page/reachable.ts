const ASK_MS = 2_000;

let asking: Promise<void> | null = null;

/** Resolves as soon as Wharf answers, at once when it does now; all who wait share one question every two seconds. */
export function whenReachable(): Promise<void> {
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}

async function ask(): Promise<void> {
  for (;;) {
    const answered = await fetch("/healthz", { cache: "no-store" }).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}
