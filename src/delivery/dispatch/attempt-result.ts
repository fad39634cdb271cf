import type { Attempt } from "../http/http.ts";
import type { Claimed } from "./delivery-claim.ts";
import type { Target } from "./targets.ts";

/** A try and what it was a try of. */
export interface Result {
  delivery: Claimed;
  target: Target;
  attempt: Attempt;
  /** As the log keeps them (request-headers.ts); null when nothing was sent. */
  request_headers: string | null;
  /** A person asked for this very try, and waits for its outcome. */
  manual?: true;
}
