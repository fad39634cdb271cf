/**
 * What happens to messages, folded into their recipients. Each recipient is in one state, which the statuses of their
 * newest message move forwards; a message that is sent again begins anew. Folding the same twice changes nothing.
 */
export { foldMoves, type FoldedMoves } from "./fold-moves.ts";
