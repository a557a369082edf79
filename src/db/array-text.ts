type Element = string | number | bigint | boolean | null | undefined;

/** Whether all elements are such as `arrayText` writes; times and bytes are pg's to write. */
export function isPlain(values: readonly unknown[]): values is readonly Element[] {
  return values.every((value) => value === null || value === undefined || typeof value !== "object");
}

/** An array as PostgreSQL reads it. Written here, for pg copies and quotes each key apart, and a batch passes some ten thousand of them. */
export function arrayText(values: readonly Element[]): string {
  let text = "{";
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (index > 0) text += ",";
    if (value === null || value === undefined) text += "NULL";
    else text += typeof value === "string" ? quote(value) : String(value);
  }
  return `${text}}`;
}

function quote(text: string): string {
  return text.includes('"') || text.includes("\\") ? `"${text.replace(/["\\]/g, "\\$&")}"` : `"${text}"`;
}
