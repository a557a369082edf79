/** How every command is run; help and advice write it out, so that it can be copied. */
export const commandLine = "npm run -s followthrough --";

/** The help text of examples, each with what it does. */
export function examples(...lines: readonly (readonly [command: string, does: string])[]): string {
  return `\nExamples:\n${lines.map(([command, does]) => `  ${commandLine} ${command}\n      ${does}`).join("\n")}`;
}
