import type { Status, Step } from "../domain/status.ts";
import type { Priority, Urgency, Verdict } from "../domain/verdict.ts";

/** A coloured label; its text says all that its colour says. */
export interface Tag {
  readonly text: string;
  readonly colour: "white" | "grey" | "green" | "blue" | "red" | "orange" | "yellow";
}

export const urgencyTags: Readonly<Record<Urgency, Tag>> = {
  critical: { text: "Critical", colour: "red" },
  abnormal: { text: "Abnormal", colour: "orange" },
  "not-said": { text: "Urgency not said", colour: "grey" },
  normal: { text: "Normal", colour: "white" },
};

export const priorityTags: Readonly<Record<Priority, Tag>> = {
  stat: { text: "Stat", colour: "red" },
  asap: { text: "As soon as possible", colour: "orange" },
  urgent: { text: "Urgent", colour: "orange" },
  routine: { text: "Routine", colour: "white" },
};

export const verdictTags: Readonly<Record<Verdict, Tag>> = {
  missed: { text: "Missed", colour: "red" },
  occurred: { text: "Happened", colour: "red" },
  late: { text: "Late", colour: "orange" },
  unknown: { text: "Unknown", colour: "grey" },
  pending: { text: "Not due yet", colour: "blue" },
  met: { text: "Done in time", colour: "green" },
  cancelled: { text: "Cancelled", colour: "white" },
};

export const statusTags: Readonly<Record<Status, Tag>> = {
  open: { text: "Open", colour: "blue" },
  "in-review": { text: "In review", colour: "yellow" },
  confirmed: { text: "Confirmed", colour: "red" },
  dismissed: { text: "Dismissed", colour: "grey" },
  closed: { text: "Closed", colour: "green" },
  resolved: { text: "Resolved", colour: "green" },
};

/** A step as a person would choose it, and what choosing it says. */
export const stepWords: Readonly<Record<Step, { readonly label: string; readonly hint: string; readonly done: string }>> = {
  take: { label: "I am looking into it", hint: "It goes to in review, under your name.", done: "Taken: it is in review." },
  release: { label: "Give it back", hint: "It is open again, for anybody to take.", done: "Given back: it is open again." },
  confirm: {
    label: "Confirm: it was missed, and somebody must act",
    hint: "Say who acts, if you can.",
    done: "Confirmed: somebody must act on it.",
  },
  dismiss: {
    label: "Dismiss: nothing was missed",
    hint: "It leaves the worklist. Say what shows that it was dealt with.",
    done: "Dismissed: it has left the worklist.",
  },
  close: { label: "Close: it has been acted on", hint: "It leaves the worklist.", done: "Closed: it has left the worklist." },
  reopen: { label: "Open it again", hint: "It comes back to the worklist.", done: "Opened again: it is back on the worklist." },
  assign: { label: "Ask somebody for it", hint: "Say whom. Its status stays.", done: "Noted whom it was given to." },
  snooze: { label: "Leave it for now", hint: "Say until when, and why. Its status stays.", done: "Noted that it may wait." },
  escalate: { label: "Escalate", hint: "Say to whom. Its status stays.", done: "Noted as escalated." },
  undo: {
    label: "Take back my last step",
    hint: "As if it had not been made; it stays in the history.",
    done: "Your last step is taken back.",
  },
  note: { label: "Add a note", hint: "Nothing else changes.", done: "The note is kept." },
};

/** Why a step cannot be made from where a finding stands. */
export const whyNot: Readonly<Partial<Record<Step, string>>> = {
  take: "only while it is open",
  release: "only while it is in review",
  confirm: "only while it is open or in review",
  dismiss: "only while it is open or in review",
  close: "only after it is confirmed",
  reopen: "only after it is dismissed or closed",
  undo: "only after a step of your own that nobody has built on",
};
