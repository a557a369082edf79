/**
 * The parameters of a search as it was sent. An encoded NUL, which no text may hold (`hasOddLetters`), is replaced: scanners for
 * weaknesses send it, and what is audited of them must not stop a scan.
 */
export function readParameters(query: string): URLSearchParams {
  return new URLSearchParams(query.replaceAll("%00", "%EF%BF%BD"));
}
