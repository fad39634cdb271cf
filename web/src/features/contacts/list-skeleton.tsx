import { Skeleton } from "@mantine/core";
import classes from "./contacts.module.css";
import { LOADING } from "./texts.ts";

export function ListSkeleton() {
  return (
    <div role="status" aria-busy aria-label={LOADING} className={classes["skeletons"]}>
      {Array.from({ length: 7 }, (_, index) => (
        <Skeleton key={index} h={44} radius={10} />
      ))}
    </div>
  );
}
