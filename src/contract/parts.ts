import { z } from "zod";
import * as shapes from "./shapes.ts";

// What many lines of the contract have.
export const ById = z.object({ id: shapes.Id });
/** `cursor` is what an earlier page's `next_cursor` said; opaque. */
export const Page = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const list = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });
