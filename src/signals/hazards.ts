/** The hazards that the default signals control, as the hazard log of a site would title them. */
export const hazards: Readonly<Record<string, string>> = {
  "H-01": "A critical result does not reach in time anyone who can act on it.",
  "H-02": "An investigation that was ordered yields no result, and nobody notices.",
  "H-03": "A result comes back and nobody takes responsibility for it.",
  "H-04": "An abnormal result is seen and not acted upon.",
  "H-05": "Work handed over through the EPR is not done.",
  "H-06": "A result is corrected after it was read, and the correction goes unnoticed.",
  "H-07": "An interface or a system stops passing on records, and nobody notices.",
  "H-08": "Records arrive changed, doubled or without their content, and nobody notices.",
  "H-09": "A patient who was referred, or was to be seen again, is not, and nobody notices.",
  "H-10": "A letter that others rely on does not leave the hospital.",
  "H-11": "A sign of serious disease stands in a result, and the next step is not taken.",
  "H-12": "A patient who gets worse is not looked at in time.",
  "H-13": "An order is placed for another patient than the one who was meant.",
  "H-14": "A dose of a medicine that has to be on time is not given.",
};
