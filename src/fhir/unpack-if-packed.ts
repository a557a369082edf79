import { unpack } from "./read-bytes.ts";

/**
 * Unpacks what is gzip by its first bytes, whatever a header says of it: JSON and NDJSON begin otherwise.
 * @throws DamagedGzip where it is cut short
 */
export async function* unpackIfPacked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieces = bytes[Symbol.asyncIterator]();
  try {
    const first = await pieces.next();
    if (first.done === true) return;
    const whole = startingWith(first.value, pieces);
    const isPacked = first.value[0] === 0x1f && (first.value.length === 1 || first.value[1] === 0x8b);
    yield* isPacked ? unpack(whole) : whole;
  } finally {
    await pieces.return?.();
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
