/** A span of milliseconds as `2 days`, `5 hours`, `1 minute`: the largest unit that there is two of, else the one below. */
export function inWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [count, unit] =
    minutes < 120 ? [minutes, "minute"] : minutes < 2 * 1440 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
  if (count === 0) return "under a minute";
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
