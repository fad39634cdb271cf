/** Where the password is asked for again: the shell says, once it is there. Resolves whether it was given. */
let ask: (() => Promise<boolean>) | null = null;

export function onStepUp(asking: (() => Promise<boolean>) | null): void {
  ask = asking;
}

export const proveAgain = (): Promise<boolean> => ask?.() ?? Promise.resolve(false);
