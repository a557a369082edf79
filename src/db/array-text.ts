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

const [bigintOid, bytesBefore, bytesEach, unknownLength] = [20, 20, 12, -1];

/** An array of keys as PostgreSQL takes it in bytes, which neither side has to write or read as digits; undefined where it holds anything else. */
export function keysInBytes(values: readonly unknown[]): Buffer | undefined {
  let unknown = 0;
  for (const value of values) {
    if (value === null || value === undefined) unknown += 1;
    else if (typeof value !== "bigint") return undefined;
  }
  // Of what type an array of nothing is, it does not say.
  if (unknown === values.length) return undefined;
  const bytes = Buffer.allocUnsafe(bytesBefore + bytesEach * values.length - 8 * unknown);
  // Buffer's own `writeBigInt64BE` makes other bigints on its way.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  [1, unknown > 0 ? 1 : 0, bigintOid, values.length, 1].forEach((number, place) => view.setInt32(place * 4, number));
  let end = bytesBefore;
  for (const value of values) {
    const isKnown = typeof value === "bigint";
    view.setInt32(end, isKnown ? 8 : unknownLength);
    if (isKnown) view.setBigInt64(end + 4, value);
    end += isKnown ? bytesEach : 4;
  }
  return bytes;
}

function quote(text: string): string {
  return text.includes('"') || text.includes("\\") ? `"${text.replace(/["\\]/g, "\\$&")}"` : `"${text}"`;
}
