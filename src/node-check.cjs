// Runs before everything else, on whatever Node the machine has: so plain old JavaScript only, that any Node can read.
// `npm ci` puts Node 24 into node_modules; where install scripts are switched off it silently does not, and npm
// then runs our scripts on the machine's own Node, which cannot read the TypeScript sources.
// It also keeps what Node makes of the sources, so that every start but the first takes half the time: with the project's
// packages, where nobody else may write, and nowhere if that may not be written either.
"use strict";

var needed = 24;
var found = Number(process.versions.node.split(".")[0]);

if (found < needed) {
  process.stderr.write(
    "Followthrough needs Node " +
      needed +
      " or newer, and this is Node " +
      process.versions.node +
      " (" +
      process.execPath +
      ").\n" +
      "Node " +
      needed +
      " comes with the project's packages; to put it in place, run: npm ci --ignore-scripts=false\n" +
      "Where install scripts are forbidden, put a Node " +
      needed +
      " of your own first on the PATH.\n"
  );
  process.exit(2);
}

require("module").enableCompileCache(require("path").join(__dirname, "../node_modules/.cache/followthrough/compiled"));
