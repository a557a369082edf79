import { assumed } from "../assumptions.ts";
import { drawDelay } from "../draw-delay.ts";
import { dialectOf } from "../dialect.ts";
import { HOUR, MINUTE, SECOND } from "../london-time.ts";
import { pickOnDuty } from "../staff.ts";
import type { Scene } from "./refer.ts";

/** The letter of a stay or a visit: dictated, signed, and sent; or left lying somewhere on that way. */
export function writeLetter({ chart, dice, encounter }: Scene): void {
  const { hospital, letters, patient } = chart;
  const kind = encounter.class === "IMP" ? "discharge-summary" : "clinic-letter";
  const { draft, sign, send } = assumed.letters.value[kind];
  const begunAt = encounter.to + Math.round((dice.between(draft[0], draft[1]) * HOUR) / SECOND) * SECOND;
  const toSign = drawDelay(dice, sign);
  const signedAt = toSign === undefined ? undefined : begunAt + toSign;
  const fate = dice.weigh({ drafted: 70, "signed-only": 28, "entered-in-error": 2 });
  const draftedAt = fate === "signed-only" ? undefined : begunAt;
  const toSend = drawDelay(dice, send);
  // A few go out before anybody has signed them.
  const readyAt = dice.chance(0.03) ? begunAt : signedAt;
  const sentAt = toSend === undefined || readyAt === undefined ? undefined : readyAt + toSend;
  const { audit } = dialectOf[hospital.options.dialect];
  letters.push({
    id: `${patient.id}-l${letters.length + 1}`,
    kind,
    encounter,
    by: pickOnDuty(hospital, dice, encounter.team, "doctor", signedAt ?? begunAt),
    draftedAt,
    signedAt,
    voidedAt: fate === "entered-in-error" ? Math.max(begunAt, signedAt ?? 0) + dice.int(10, 3_000) * MINUTE : undefined,
    sent: sentAt === undefined ? undefined : { at: sentAt, via: audit === "none" || dice.chance(0.4) ? "message" : "transmit" },
  });
}
