import type { ColumnTypes } from "./bulk-write.ts";

/** Milliseconds from 1970 to 2000, from where PostgreSQL counts microseconds. */
const epochOffsetMs = 946_684_800_000;
const [noMore, unknownLength] = [-1, -1];
const latest = 2n ** 63n - 1n;
/** Up to here microseconds are exact as a number: 2^53 of them are 285 years. */
const mostExactMs = 9e12 / 2;

/** Types of array elements by their number in every PostgreSQL's catalogue. */
const elementOids: Readonly<Record<string, number>> = { bigint: 20, text: 25 };

interface Column {
  readonly name: string;
  readonly type: string;
  /** Of an array: the type of its elements. */
  readonly element: string | undefined;
}

/**
 * Rows in the binary form of COPY: no number, time or byte becomes text and back. A json may be given as the bytes that it is. Written so
 * that a row leaves no garbage: what it left made up a third of what reading took.
 */
export class BinaryRows {
  readonly #columns: readonly Column[];
  #buffer = Buffer.alloc(0);
  #view = viewOf(this.#buffer);
  #length = 0;
  #count = 0;

  constructor(columns: ColumnTypes) {
    this.#columns = Object.entries(columns).map(([name, type]) => ({
      name,
      type,
      element: type.endsWith("[]") ? type.slice(0, -2) : undefined,
    }));
  }

  get columns(): string[] {
    return this.#columns.map(({ name }) => name);
  }

  get bytes(): number {
    return this.#length;
  }

  get count(): number {
    return this.#count;
  }

  /** What is undefined or null is null. */
  add(row: Readonly<Record<string, unknown>>): void {
    this.#begin();
    this.#int16(this.#columns.length);
    for (const { name, type, element } of this.#columns) {
      const value = row[name];
      if (value === undefined || value === null) this.#int32(unknownLength);
      else if (element === undefined) this.#value(value, type);
      else this.#array(value as readonly unknown[], element);
    }
    this.#count += 1;
  }

  /** Where the next row will begin, for `since`. */
  mark(): number {
    this.#begin();
    return this.#length;
  }

  /** The rows added since a mark, as they are written: until the next is added. */
  since(mark: number): Uint8Array {
    return this.#buffer.subarray(mark, this.#length);
  }

  /** Begins anew, in the same room. */
  clear(): void {
    this.#length = 0;
    this.#count = 0;
  }

  #begin(): void {
    if (this.#length === 0) this.#raw(start);
  }

  /** All rows, of which there must be one, and their end: handed over, not copied. The next row begins anew. */
  take(): Buffer {
    this.#int16(noMore);
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.alloc(0);
    // Or what was handed over would be held through it.
    this.#view = viewOf(this.#buffer);
    this.#length = 0;
    this.#count = 0;
    return taken;
  }

  #value(value: unknown, type: string): void {
    switch (type) {
      case "bigint":
        this.#int32(8);
        return this.#int64(value as bigint);
      case "integer":
        this.#int32(4);
        return this.#int32(value as number);
      case "smallint":
        this.#int32(2);
        return this.#int16(value as number);
      case "double precision":
        this.#int32(8);
        this.#room(8);
        this.#view.setFloat64(this.#length, value as number);
        this.#length += 8;
        return;
      case "boolean":
        this.#int32(1);
        this.#room(1);
        this.#view.setUint8(this.#length, value === true ? 1 : 0);
        this.#length += 1;
        return;
      case "timestamptz":
        this.#int32(8);
        return this.#instant(value as number);
      case "bytea":
        return this.#bytes(value as Uint8Array);
      case "uuid":
        this.#int32(16);
        return this.#raw(Buffer.from((value as string).replaceAll("-", ""), "hex"));
      case "json":
        return value instanceof Uint8Array ? this.#bytes(value) : this.#text(JSON.stringify(value));
      case "jsonb":
        return this.#text(JSON.stringify(value), jsonbVersion);
      default:
        if (typeof value !== "string") throw new TypeError(`A ${typeof value} was given for a column of type ${type}.`);
        return this.#text(value);
    }
  }

  /** One dimension from 1, as PostgreSQL's array_recv reads it, with its length before it. */
  #array(values: readonly unknown[], type: string): void {
    const oid = elementOids[type];
    if (oid === undefined) throw new TypeError(`Arrays of ${type} cannot be copied.`);
    const lengthAt = this.#length;
    this.#int32(0);
    this.#int32(values.length === 0 ? 0 : 1);
    this.#int32(values.some((value) => value === null || value === undefined) ? 1 : 0);
    this.#int32(oid);
    if (values.length > 0) {
      this.#int32(values.length);
      this.#int32(1);
    }
    for (const value of values) {
      if (value === undefined || value === null) this.#int32(unknownLength);
      else this.#value(value, type);
    }
    this.#view.setInt32(lengthAt, this.#length - lengthAt - 4);
  }

  /** In UTF-8, which takes three bytes a unit at most; its length, and what stands first, before it. */
  #text(text: string, before: Uint8Array = none): void {
    this.#room(4 + before.length + text.length * 3);
    const lengthAt = this.#length;
    this.#length += 4;
    if (before.length > 0) {
      this.#buffer.set(before, this.#length);
      this.#length += before.length;
    }
    if (!this.#writeShort(text)) this.#length += this.#buffer.write(text, this.#length);
    this.#view.setInt32(lengthAt, this.#length - lengthAt - 4);
  }

  /** For some letters a call out of JavaScript costs more than the letters. */
  #writeShort(text: string): boolean {
    if (text.length > longestShort) return false;
    for (let at = 0; at < text.length; at += 1) {
      const letter = text.charCodeAt(at);
      if (letter > 127) return false;
      this.#buffer[this.#length + at] = letter;
    }
    this.#length += text.length;
    return true;
  }

  #bytes(bytes: Uint8Array): void {
    this.#int32(bytes.length);
    this.#raw(bytes);
  }

  #raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #int16(value: number): void {
    this.#room(2);
    this.#view.setInt16(this.#length, value);
    this.#length += 2;
  }

  #int32(value: number): void {
    this.#room(4);
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
  }

  #int64(value: bigint): void {
    this.#room(8);
    this.#view.setBigInt64(this.#length, value);
    this.#length += 8;
  }

  /** Epoch milliseconds as PostgreSQL keeps them. */
  #instant(at: number): void {
    const ms = Math.floor(at) - epochOffsetMs;
    if (!(Math.abs(ms) < mostExactMs)) return this.#int64(microsOf(at));
    const micros = ms * 1000;
    const high = Math.floor(micros / 0x1_0000_0000);
    this.#int32(high);
    this.#room(4);
    this.#view.setUint32(this.#length, micros - high * 0x1_0000_0000);
    this.#length += 4;
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(smallest, this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
    this.#view = viewOf(larger);
  }
}

const start = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const none = new Uint8Array(0);
/** More than a buffer that others would lie in, too. */
const smallest = 1 << 16;
const jsonbVersion = new Uint8Array([1]);
const longestShort = 24;

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

function microsOf(instant: number): bigint {
  if (instant === Infinity) return latest;
  if (instant === -Infinity) return -latest - 1n;
  return (BigInt(Math.floor(instant)) - BigInt(epochOffsetMs)) * 1000n;
}
