-- Filters and orders of findings for which a page of fifty had to pass over a hundred thousand (measured on a million).

-- Serves: what is current and opened in a time, in any order: few, put in order when they are found.
create index loop_current_by_opening on loop (opened_at) where is_current;
-- Serves: findings of one urgency, whatever became of them, most urgent first.
create index loop_finding_of_urgency on loop (urgency, rank, due_at, loop_id) where verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;
-- Serves: the same by due time.
create index loop_finding_of_urgency_by_due on loop (urgency, due_at, loop_id) where verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;
-- Serves: a team's findings, whatever became of them, most urgent first.
create index loop_finding_of_team_by_rank on loop ((coalesce(team, 'unassigned')), rank, due_at, loop_id) where verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;
-- Serves: findings of one verdict, whatever became of them, by due time.
create index loop_finding_of_verdict on loop (verdict, due_at, loop_id) where verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;
