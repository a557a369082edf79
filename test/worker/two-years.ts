import { wardTypes } from "../store/small-ward.ts";

/** Two years of a ward: what was missed in the first is past the line of the second. */
export const march = {
  coverage: covered("2026-02-01T00:00:00Z", "2026-03-10T09:00:00Z"),
  now: "2026-03-10T09:00:00Z",
  clock: "2026-03-10T09:00:00Z",
};
export const nextYear = {
  coverage: covered("2026-02-01T00:00:00Z", "2027-06-01T00:00:00Z"),
  now: "2027-06-01T00:00:00Z",
  clock: "2027-06-01T00:00:00Z",
};
export const inMay = { issued: "2027-05-20T09:00:00Z", meta: { versionId: "2", lastUpdated: "2027-05-20T09:00:00Z" } };
export const change = { retention: "P1Y" };

function covered(from: string, to: string) {
  return Object.fromEntries(wardTypes.map((type) => [type, [[from, to] as const]]));
}
