/** Files of steps, and how one is played. */
export { ScenariosCard } from "./scenarios-card.tsx";
