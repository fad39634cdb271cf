import { Link } from "@tanstack/react-router";
import { IconArrowLeft } from "@tabler/icons-react";
import classes from "./imports.module.css";
import { TITLE } from "./texts.ts";

export const Back = () => (
  <Link to="/contacts/imports" className={classes["back"]}>
    <IconArrowLeft size={16} aria-hidden /> {TITLE}
  </Link>
);
