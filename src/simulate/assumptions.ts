import type { Delays } from "./draw-delay.ts";
import { HOUR, MINUTE } from "./london-time.ts";

interface Assumed<T> {
  readonly value: T;
  /** What was read; `ours` where section 3 of signals.md has nothing. */
  readonly source: string;
  readonly says: string;
}

const assume = <T>(value: T, says: string, source = "ours"): Assumed<T> => ({ value, says, source });
const georgiou = "Georgiou 2014, doi 10.1136/amiajnl-2013-002466 (signals.md, section 3)";
const singh = "Singh 2009, doi 10.1001/archinternmed.2009.263 (signals.md, section 3)";

/** How people and machines behave here. docs/simulator.md shows it as a table. */
export const assumed = {
  laboratoryAcknowledged: assume<Delays>(
    [
      [0, 3 * MINUTE],
      [0.2, 3 * HOUR],
      [0.5, 18.1 * HOUR],
      [0.6, 24 * HOUR],
      [0.9, 13 * 24 * HOUR],
      [0.94, 30 * 24 * HOUR],
    ],
    "laboratory results are acknowledged after a median of 18.1 h, 60 % within 24 h; the rest of the curve is ours: 90 % within 13 days, 6 % never",
    georgiou,
  ),
  imagingAcknowledged: assume<Delays>(
    [
      [0, 3 * MINUTE],
      [0.44, 24 * HOUR],
      [0.5, 42 * HOUR],
      [0.819, 14 * 24 * HOUR],
      [0.9, 30 * 24 * HOUR],
    ],
    "imaging results after a median of 42 h, 44 % within 24 h; 18.1 % not within two weeks (there: not opened); 10 % never is ours",
    `${georgiou}; ${singh}`,
  ),
  criticalAcknowledged: assume<Delays>(
    [
      [0, 2 * MINUTE],
      [0.5, 35 * MINUTE],
      [0.85, 2 * HOUR],
      [0.93, 12 * HOUR],
      [0.97, 48 * HOUR],
    ],
    "critical results are acknowledged after a median of 35 min, 85 % within 2 h, 3 % never",
  ),
  criticalCalled: assume<Delays>(
    [
      [0.08, 2 * MINUTE],
      [0.5, 20 * MINUTE],
      [0.93, 2 * HOUR],
      [0.97, 6 * HOUR],
    ],
    "93 % of critical results are telephoned within 2 h, 8 % before they are released, 3 % never (the KPI asks for 97 % within 2 h)",
  ),
  callNotWrittenDown: assume(0.1, "10 % of those calls are written down nowhere"),
  viewToAcknowledge: assume(
    { laboratory: 7 * MINUTE, imaging: MINUTE },
    "who acknowledges has opened the report a median of 7 min (laboratory) or 1 min (imaging) before",
    "Georgiou 2014 (signals.md, section 2)",
  ),
  acknowledgedUnviewed: assume(0.06, "6 % acknowledge without a recorded look"),
  notActedOn: assume(
    { acknowledged: 0.073, unacknowledged: 0.097 },
    "7.3 % of acknowledged and 9.7 % of unacknowledged abnormal results lead to nothing that was done because of them (there: imaging)",
    singh,
  ),
  auditEventsADay: assume(
    1_000,
    "a clinician's working day leaves 1,000 audit events; --audit-events says otherwise",
    "Kannampallil, lecture notes 2025 (signals.md, section 3)",
  ),
  clinicianToBeds: assume(0.3, "by day, three clinicians are at work for ten beds"),
  stayDays: assume(
    { medical: 4.5, surgical: 3, elderly: 9, children: 1.8, "critical-care": 4, emergency: 0.2, clinic: 0.05 },
    "median days of a stay, by specialty; one in ten lasts three times as long",
  ),
  attendancesADay: assume(0.5, "half as many people attend the emergency department and go home each day as there are beds"),
  clinicVisitsADay: assume(0.4, "0.4 clinic visits a working day for each bed"),
  panelsADay: assume(1.6, "1.6 laboratory panels a patient and day on a ward, most of them collected on the morning round"),
  imagingADay: assume(0.15, "0.15 images a patient and day"),
  orderFate: assume(
    { resulted: 955, revoked: 18, "entered-in-error": 4, lost: 23 },
    "1.8 % of orders are revoked, 0.4 % entered in error; of 2.3 % nothing comes (sample lost, or never taken)",
  ),
  reportFate: assume(
    { final: 950, amended: 28, corrected: 12, withdrawn: 6, "entered-in-error": 4 },
    "2.8 % of reports are amended in words, 1.2 % in a value, 0.6 % withdrawn, 0.4 % entered in error",
  ),
  tasksADay: assume(0.9, "0.9 jobs a patient and day beside reviews of results"),
  taskDone: assume<Delays>(
    [
      [0, 5 * MINUTE],
      [0.5, 5 * HOUR],
      [0.8, 30 * HOUR],
      [0.92, 10 * 24 * HOUR],
      [0.95, 25 * 24 * HOUR],
    ],
    "jobs are done after a median of 5 h (of a fifth of that for stat ones, five times that for routine ones), 5 % never",
  ),
  handedOn: assume(0.12, "12 % of routine jobs are handed on three times, most of them within a week"),
  imagingUnreported: assume(0.04, "4 % of images that were taken are never reported"),
  scoresTaken: assume(
    { timely: 80, late: 9, missed: 11 },
    "80 % of sets of observations come within a third more of the interval that the score asks for, 9 % within two thirds more",
  ),
  letters: assume(
    {
      "discharge-summary": {
        draft: [-5, 1],
        sign: [
          [0, 20 * MINUTE],
          [0.8, 8 * HOUR],
          [0.95, 5 * 24 * HOUR],
        ] as Delays,
        send: [
          [0, MINUTE],
          [0.85, 12 * HOUR],
          [0.95, 6 * 24 * HOUR],
        ] as Delays,
      },
      "clinic-letter": {
        draft: [0.2, 20],
        sign: [
          [0, HOUR],
          [0.7, 4 * 24 * HOUR],
          [0.95, 14 * 24 * HOUR],
        ] as Delays,
        send: [
          [0, HOUR],
          [0.8, 3 * 24 * HOUR],
          [0.95, 12 * 24 * HOUR],
        ] as Delays,
      },
    } as const,
    "most discharge summaries are signed and sent within a day, most clinic letters within a week; of each step 5 % are never done",
  ),
  history: assume(
    {
      colonoscopy: 0.12,
      colorectalCancer: 0.03,
      totalColectomy: 0.02,
      thalassaemia: 0.03,
      pregnancy: 0.04,
      hospice: 0.02,
      urologicalCancer: 0.05,
      liverCancer: 0.05,
      lungCancer: 0.05,
      tuberculosis: 0.03,
    },
    "12 % of adults had a colonoscopy in the last seven years, 2 to 5 % each of what else excuses from a trigger",
  ),
  lacksIron: assume(0.15, "15 % of patients lack iron"),
  redFlagTests: assume(
    { fit: 0.22, bloodCount: 0.12, ferritin: 0.12, urineCells: 0.12, alphaFetoprotein: 0.12 },
    "a fifth of clinic visits lead to a stool test, an eighth each to a blood count, ferritin, urine microscopy and alpha-fetoprotein",
  ),
  investigated: assume<Delays>(
    [
      [0, HOUR],
      [0.5, 16 * 24 * HOUR],
      [0.7, 58 * 24 * HOUR],
      [0.8, 90 * 24 * HOUR],
    ],
    "a red flag is looked into after a median of 16 days, by 70 % within two months, by 20 % never",
  ),
  suspicious: assume(
    { share: 0.12, later: 0.3, takenBack: 0.3 },
    "12 % of chest X-rays are called suspicious; where the report is amended, a third of these only then, and of another third the suspicion is taken back",
  ),
  suspicionFollowed: assume<Delays>(
    [
      [0, 0.5 * HOUR],
      [0.5, 9 * 24 * HOUR],
      [0.7, 29 * 24 * HOUR],
      [0.8, 50 * 24 * HOUR],
    ],
    "a suspicious picture of the chest is followed up after a median of 9 days, by 70 % within a month, by 20 % never",
  ),
  thyroid: assume(
    { tested: 0.14, condition: 0.9, treated: 0.9 },
    "for 14 % of adults TSH is measured for an underactive thyroid; of nine in ten of these the condition is recorded, of as many the treatment",
  ),
  thyroidFollowed: assume(
    { repeat: 35, prescription: 15, change: 15, renewal: 15, nothing: 20 },
    "a raised TSH is measured again in 35 %; in 30 % the dose is changed, by a new prescription or on the old one; 15 % get the same dose again",
  ),
  medicines: assume(
    { IMP: 0.4, EMER: 0.12, AMB: 0.15 },
    "40 % of stays, 12 % of attendances and 15 % of clinic visits bring a medicine that says by the clock when it is to be taken; five in six are time-critical",
  ),
  doses: assume(
    { timely: 88, early: 1, late: 4, omitted: 4, never: 3 },
    "88 % of doses are given within the hour, 1 % more than an hour early, 4 % later; 4 % are left out with a reason, 3 % without a word",
  ),
  wrongPatient: assume(
    { patients: 0.05, noticed: { "at once": 70, "revoked late": 10, "ordered late": 10, "other test": 10 } },
    "a test of 5 % of patients is first ordered for whoever came before them, and taken back; in seven of ten cases at once",
  ),
  referrals: assume(
    { IMP: 0.25, EMER: 0.08, AMB: 0.4 },
    "a quarter of stays, 8 % of attendances and 40 % of clinic visits lead to a referral, three in ten of them urgent",
  ),
  referralFate: assume(
    { booked: 50, "taken-on": 16, answered: 6, "sent-back": 12, revoked: 4, "entered-in-error": 2, nothing: 10 },
    "half of referrals are booked, 16 % taken on by a Task, 6 % answered by letter, 12 % sent back; of 10 % nothing comes",
  ),
  referralTaken: assume<Delays>(
    [
      [0, HOUR],
      [0.5, 6 * 24 * HOUR],
      [0.8, 14 * 24 * HOUR],
      [0.97, 50 * 24 * HOUR],
    ],
    "what comes of a referral comes after a median of 6 days, in a fifth after two weeks",
  ),
  followUps: assume(
    { IMP: 0.5, EMER: 0.06, AMB: 0.55 },
    "half of those who leave a ward or a clinic are to be seen again by a date, 6 % of attendances",
  ),
  followUpBooked: assume(
    { early: 80, late: 7, never: 8, revoked: 5 },
    "80 % of follow-ups are booked by then, 7 % afterwards, 8 % never; 5 % are called off",
  ),
  visitKept: assume({ fulfilled: 82, noshow: 9, cancelled: 9 }, "9 % of visits are missed, as many cancelled"),
  begunAgain: assume<Delays>(
    [
      [0, HOUR],
      [0.5, 3 * 24 * HOUR],
      [0.7, 7 * 24 * HOUR],
      [0.8, 20 * 24 * HOUR],
    ],
    "what came back is begun again after a median of 3 days, 70 % within a week, 20 % never",
  ),
  practices: assume(
    {
      samples: 3,
      quiet: 0.8,
      missing: { usual: 0.04, dropped: 0.35 },
      repeated: { usual: 0.04, doubled: 0.4 },
      spells: 0.7,
    },
    "practices send 3 samples a bed and day, a fifth fewer at weekends; of 4 % of values none comes, 4 % are sampled again within hours; 70 % of hospitals have a spell of some days each in which potassium is 0.5 mmol/L too high, 35 % of values are lost, 40 % are sampled again, or no courier comes and then all at once",
  ),
  deaths: assume(0.035, "3.5 % of stays end in death"),
} as const;
