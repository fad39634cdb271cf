import type { KeyboardEvent } from "react";

/** The key of a press that an input method takes for itself. */
const TAKEN = 229;

/** The Enter that chooses a word of an input method sends nothing; Safari tells of it after the choice has ended. */
export const isComposing = ({ nativeEvent }: KeyboardEvent): boolean =>
  nativeEvent.isComposing || nativeEvent.keyCode === TAKEN;
