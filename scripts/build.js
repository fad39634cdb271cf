// `npm run build`: installs and builds what is missing or stale.
import { build, checkNode, install, stop } from "./project.js";

checkNode();
try {
  await install();
  await build();
} catch (error) {
  stop(error.message);
}
