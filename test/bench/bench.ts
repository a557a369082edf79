import { parseArgs } from "node:util";
import { measureAll, parts } from "./measurements.ts";
import { showFigure, showFigures } from "./show-figures.ts";
import { sizes } from "./sizes.ts";

/**
 * How the parts of a scan compare with a floor or a rival that is measured in the same run. Seconds say something of the
 * machine and of what else it does; only the ratios say something of the program.
 */
const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, size: { type: "string", default: "default" }, only: { type: "string" } },
});
const size = sizes[values.size];
if (size === undefined) {
  console.error(`There is no size "${values.size}": give --size ${Object.keys(sizes).join("|")}.`);
  process.exit(2);
}
if (values.only !== undefined && !parts.includes(values.only)) {
  console.error(`There is no part "${values.only}": give --only ${parts.join("|")}.`);
  process.exit(2);
}
const figures = await measureAll(size, values.only, (figure) => {
  console.error(showFigure(figure));
});
console.log(values.json ? JSON.stringify({ size: values.size, ...size, figures }) : showFigures(figures));
