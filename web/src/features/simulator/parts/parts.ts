/** What several cards are made of. */
export { AnswerTag } from "./answer-tag.tsx";
export { DurationField, NumberField, ShareSlider } from "./fields.tsx";
export { Head, SPEEDS } from "./head.tsx";
export { Fold, Part, Section } from "./section.tsx";
export { Setting, Settings } from "./settings.tsx";
