import { Link } from "@tanstack/react-router";
import { PRICES } from "../texts.ts";
import classes from "./parts.module.css";

/** To where the prices of messages are entered; without any it says what they are for. */
export function PricesLink({ known }: { known: boolean }) {
  return (
    <>
      <Link to="/settings/prices" className={classes["link"]}>
        {known ? PRICES.edit : PRICES.add}
      </Link>
      {!known && ` ${PRICES.add_text}`}
    </>
  );
}
