/** What kind of error it is: `TypeError`, `error 23505`. */
export function kindOfDefect(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return "code" in error && typeof error.code === "string" ? `${error.name} ${error.code}` : error.name;
}

/** Where it was thrown, and its causes; without the messages, which may quote what was being read. */
export function placesOfDefect(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const frames = (error.stack ?? "")
    .replace(error.message, "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line));
  const cause = error.cause === undefined ? "" : `\ncaused by ${kindOfDefect(error.cause)}\n${placesOfDefect(error.cause)}`;
  return [kindOfDefect(error), ...frames].join("\n") + cause;
}
