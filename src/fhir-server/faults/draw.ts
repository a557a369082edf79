import { createHash } from "node:crypto";

/** A number in [0, 1) for each name that is drawn, in whatever order they are: questions that are asked side by side have none. */
export type Draw = (name: string) => number;

/** The only source of chance here: the same seed and name give the same number, on every machine. */
export function drawFrom(seed: number): Draw {
  return (name) => createHash("sha256").update(`${seed} ${name}`).digest().readUInt32BE() / 2 ** 32;
}

/** One of them, by a draw. */
export function pick<T>(from: readonly [T, ...T[]], drawn: number): T {
  return from[Math.floor(drawn * from.length)] ?? from[0];
}
