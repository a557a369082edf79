/** Lines of at most `width` columns; those after the first begin with `indent` spaces. A word that is longer stands alone. */
export function wrapText(text: string, indent: number, width = 80): string {
  const lead = " ".repeat(indent);
  const start = /^ */.exec(text)?.[0] ?? "";
  const lines: string[] = [];
  let line = start;
  for (const word of text.trim().split(/\s+/)) {
    const isFirst = line.trim() === "";
    if (!isFirst && line.length + 1 + word.length > width) {
      lines.push(line);
      line = lead + word;
    } else line = isFirst ? line + word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
