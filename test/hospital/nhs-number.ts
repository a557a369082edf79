/** An NHS number from its first nine digits; where those admit no check digit, the next nine that do. */
export function nhsNumber(first: number): string {
  const digits = String(first).padStart(9, "0");
  const sum = Array.from(digits, Number).reduce((total, digit, place) => total + digit * (10 - place), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? nhsNumber(first + 1) : `${digits}${check}`;
}

/** The same number with a check digit that is wrong. */
export function misread(number: string): string {
  return `${number.slice(0, 9)}${(Number(number[9]) + 1) % 10}`;
}
