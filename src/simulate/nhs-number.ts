/**
 * The NHS numbers of the test range (999 000 0000 to 999 999 9999), which no person bears, one after another:
 * nine digits and a check digit modulo 11; numbers whose check digit would be 10 do not exist.
 */
export function* nhsNumbers(): Generator<string, never> {
  for (let number = 1; ; number += 1) {
    const digits = `999${String(number % 1_000_000).padStart(6, "0")}`;
    const sum = Array.from(digits, Number).reduce((total, digit, place) => total + digit * (10 - place), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check !== 10) yield `${digits}${check}`;
  }
}
