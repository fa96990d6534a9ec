-- SQLite prefers an index with more equal columns to a partial one: of a desk's thousands of open
-- tasks, きょう reads only those that nobody in particular has.
drop index task_unassigned;
create index task_unassigned on task (desk_id, done_at, posting_id, due_on);
