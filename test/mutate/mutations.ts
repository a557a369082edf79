/** A defect as somebody might write it: what it breaks, and how. The patches beside this file are made from these. */
export interface Mutation {
  readonly name: string;
  readonly breaks: string;
  /** Stands in the sources exactly once, wherever. */
  readonly from: string;
  readonly to: string;
}

export const mutations: readonly Mutation[] = [
  {
    name: "met-at-due-is-late",
    breaks: "A loop closed exactly when it was due is met.",
    from: "metAt !== undefined && metAt <= dueAt",
    to: "metAt !== undefined && metAt < dueAt",
  },
  {
    name: "pending-at-due",
    breaks: "A loop is due at its due time, not after it.",
    from: "if (metAt === undefined && now < dueAt) return",
    to: "if (metAt === undefined && now <= dueAt) return",
  },
  {
    name: "cancelled-at-due",
    breaks: "What is cancelled exactly when it was due is cancelled too late.",
    from: "cancelledAt < dueAt &&",
    to: "cancelledAt <= dueAt &&",
  },
  {
    name: "cancelled-when-met",
    breaks: "What is met at the instant it is cancelled stays met.",
    from: "cancelledAt < metAt",
    to: "cancelledAt <= metAt",
  },
  {
    name: "voided-ignored",
    breaks: "What turns out entered in error voids its loops whenever that is learnt.",
    from: "candidate.voided || isCancelled(candidate)",
    to: "isCancelled(candidate)",
  },
  {
    name: "upper-bound-ignored",
    breaks: "Closed after due by an upper bound alone is not known to be late.",
    from: "if (candidate.decidedByUpperBound) return",
    to: "if (candidate.decidedByUpperBound && metAt === undefined) return",
  },
  {
    name: "never-seen-ignored",
    breaks: "Where nobody at the site was ever seen to close such a loop, silence says nothing.",
    from: `if (!closingSeen) return unknown("never-seen");`,
    to: "void closingSeen;",
  },
  {
    name: "blind-after-ignored",
    breaks: "Data still awaited are awaited for so long, and no longer.",
    from: "candidate.onlyTailIsOpen && now - dueAt < blindAfterMs",
    to: "candidate.onlyTailIsOpen && blindAfterMs > 0",
  },
  {
    name: "gap-ignored",
    breaks: "Late and missed are said only where every closing feed was seen from opening to due.",
    from: "hasGap: blind.gaps.length > 0",
    to: "hasGap: false",
  },
  {
    name: "watch-from-ignored",
    breaks: "Loops opened before watching started are never findings.",
    from: "beforeWatch: opening.at < view.watchFrom",
    to: "beforeWatch: false",
  },
  {
    name: "newer-version-ignored",
    breaks: "A newer version of a result cancels the loop of the older one.",
    from: "...(newer && signal.loop.lapse === undefined",
    to: "...(newer && newer.at < opening.at && signal.loop.lapse === undefined",
  },
  {
    name: "possibilities-ignored",
    breaks: "An urgency that rests on an unread Observation is judged under every urgency that it could give.",
    from: `possible && this.#view.feeds.has("Observation") ? possible`,
    to: `possible && this.#view.feeds.has("never") ? possible`,
  },
  {
    name: "early-ignored",
    breaks: "A clause may accept what came a little before the first opening.",
    from: "isFirst && clause.earlyMs !== undefined",
    to: "!isFirst && clause.earlyMs !== undefined",
  },
  {
    name: "early-for-every-opening",
    breaks: "Only a subject's first opening accepts what came early.",
    from: "isFirst && clause.earlyMs !== undefined",
    to: "clause.earlyMs !== undefined",
  },
  {
    name: "by-person-ignored",
    breaks: "What a machine did closes no loop that a person must close.",
    from: `(clause.by === "anyone" || event.byPerson)`,
    to: `(clause.by === "anyone" || event.grade > 0)`,
  },
  {
    name: "laboratorys-own-ignored",
    breaks: "The laboratory authorising its own report acknowledges nothing.",
    from: "event.actor !== undefined && own(event.actor)",
    to: "event.actor === undefined && own(event.saying)",
  },
  {
    name: "date-as-midnight",
    breaks: "Evidence known by its day alone counts where that day reaches past the opening.",
    from: "isPeriod ? event.end > from : event.at >= from",
    to: "isPeriod ? event.at >= from : event.at >= from",
  },
  {
    name: "due-changed-after-due",
    breaks: "A due date changed when the loop was already due changes nothing.",
    from: "if (!due || change.at >= due.at) continue;",
    to: "if (!due) continue;",
  },
  {
    name: "dependents-ignored",
    breaks: "What refers to a record that changed is related again.",
    from: "const dependents = await findDependents(transaction, keys);",
    to: "const dependents = (await findDependents(transaction, keys)).slice(0, 0);",
  },
  {
    name: "wake-ignored",
    breaks: "A patient is judged again when a due comes, though nothing new arrives.",
    from: "if (!everybody) await queueWhatTimeChanged(db, settings, site.judged_at ?? -Infinity, options);",
    to: "void queueWhatTimeChanged;",
  },
  {
    name: "earlier-now-ignored",
    breaks: "A scan at an earlier now computes every patient.",
    from: "now < (site.judged_at ?? -Infinity)",
    to: "now < -Infinity",
  },
  {
    name: "filled-gap-ignored",
    breaks: "When a gap is filled, the verdict is decided.",
    from: "for (const interval of changed) await",
    to: "for (const interval of changed.slice(0, 0)) await",
  },
  {
    name: "first-evidence-ignored",
    breaks: "The first closing evidence at a site changes loops of every patient.",
    from: "if (changed.length === 0) return view;",
    to: "if (changed.length < 99) return view;",
  },
  {
    name: "failed-access-counts",
    breaks: "A failed access closes nothing.",
    from: "!facts?.at || !facts.success || ",
    to: "!facts?.at || ",
  },
];
