import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "sass";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

it("the style sheet that is served is the one that its sources make", () => {
  const { css } = compile(join(root, "src/web/styles/followthrough.scss"), {
    loadPaths: [join(root, "node_modules/nhsuk-frontend/dist/nhsuk")],
    style: "compressed",
    quietDeps: true,
  });
  const served = readFileSync(join(root, "src/web/static/followthrough.css"), "utf8");
  expect(served.trim() === css.trim(), "Write it anew: npm run css").toBe(true);
});
