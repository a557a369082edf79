import Table from "cli-table3";

/** A plain table: no colours and few lines, so that it reads the same on a screen, in a file and in an e-mail. */
export function showTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const isNumber = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number"));
  const none = {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
  };
  const table = new Table({
    head: [...head],
    colAligns: isNumber.map((each) => (each ? "right" : "left")),
    chars: { ...none, left: "", "left-mid": "", right: "", "right-mid": "", mid: "", "mid-mid": "", middle: " " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 1 },
  });
  for (const row of rows) table.push(row.map(String));
  return table
    .toString()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");
}
