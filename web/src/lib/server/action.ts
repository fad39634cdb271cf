import { useMutation, type UseMutationOptions, type UseMutationResult } from "@tanstack/react-query";
import { useCallback, useRef } from "react";

/** After it has worked: a dialog has closed by then, and the second click of a double click has come. */
const PAUSE_MS = 300;

/**
 * A mutation that a person starts: once, however often its button is pressed before it shows that it works. Two clicks
 * come before the page is drawn anew, and a second secret or key would take the place of the one that was shown. `pause_ms` is 0 where a second one harms nothing.
 */
export function useAction<Data, Variables = void, Context = unknown>(
  options: UseMutationOptions<Data, Error, Variables, Context>,
  pause_ms = PAUSE_MS,
): UseMutationResult<Data, Error, Variables, Context> {
  return useOnce(useMutation(options), pause_ms);
}

/** The same, of a mutation that is there already. */
export function useOnce<Data, Variables, Context>(
  mutation: UseMutationResult<Data, Error, Variables, Context>,
  pause_ms = PAUSE_MS,
): UseMutationResult<Data, Error, Variables, Context> {
  const busy = useRef(false);
  const { mutateAsync } = mutation;
  const mutate = useCallback<typeof mutation.mutate>(
    (...asked) => {
      if (busy.current) return;
      busy.current = true;
      const release = () => {
        busy.current = false;
      };
      // What went wrong can be tried again at once; it is said by `onError`.
      mutateAsync(...asked).then(() => setTimeout(release, pause_ms), release);
    },
    [mutateAsync, pause_ms],
  );
  return { ...mutation, mutate };
}
