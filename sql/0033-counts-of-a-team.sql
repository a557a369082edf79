-- Serves: how many findings of a kind a team has, or all teams together; the primary key begins with the site. Written as questions about
-- loops are, some of which have no team. What a kind is never changes, so to count up or down touches no entry.
create index loop_count_of_team on loop_count ((coalesce(team, 'unassigned')), verdict, status);
