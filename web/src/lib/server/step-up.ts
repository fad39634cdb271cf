/**
 * Where the password is asked for again. What asks is code that few days need: the shell mounts it when it is first needed,
 * and it says once it is there.
 */
let ask: (() => Promise<boolean>) | null = null;
let mount: (() => void) | null = null;
const waiting: ((given: boolean) => void)[] = [];

export function onStepUp(asking: (() => Promise<boolean>) | null): void {
  ask = asking;
  if (asking) for (const go of waiting.splice(0)) void asking().then(go);
}

/** Returns what ends it. */
export function onStepUpNeeded(show: () => void): () => void {
  mount = show;
  return () => {
    mount = null;
  };
}

/** Resolves whether the password was given. */
export function proveAgain(): Promise<boolean> {
  if (ask) return ask();
  if (!mount) return Promise.resolve(false);
  mount();
  return new Promise((resolve) => void waiting.push(resolve));
}
