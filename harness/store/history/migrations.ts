/** The form of the history database, as the steps that lead to it. A step that was released is never changed. */

const runs = `
CREATE TABLE run (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  night TEXT,
  pair TEXT NOT NULL,
  stable TEXT NOT NULL,
  canary TEXT NOT NULL,
  started_at TEXT NOT NULL,
  -- Never before the run that was written before it, whatever the clock says; an imported run has its own time.
  ordered_at TEXT NOT NULL,
  decision TEXT NOT NULL,
  because TEXT NOT NULL,
  plan_hash TEXT NOT NULL,
  seed INTEGER NOT NULL,
  git TEXT,
  host_class TEXT NOT NULL,
  node TEXT NOT NULL,
  etcd TEXT NOT NULL,
  folder TEXT NOT NULL
) STRICT;
CREATE INDEX run_by_time ON run (ordered_at, number);
CREATE TABLE trial (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  scenario TEXT NOT NULL,
  block INTEGER NOT NULL,
  arm TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  PRIMARY KEY (run, scenario, block, arm)
) STRICT, WITHOUT ROWID;
CREATE TABLE metric_value (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  scenario TEXT NOT NULL,
  metric TEXT NOT NULL,
  block INTEGER NOT NULL,
  arm TEXT NOT NULL,
  y REAL NOT NULL,
  value REAL NOT NULL,
  censored INTEGER NOT NULL,
  PRIMARY KEY (run, scenario, metric, block, arm)
) STRICT, WITHOUT ROWID;
CREATE TABLE finding (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  scenario TEXT NOT NULL,
  subject TEXT NOT NULL,
  decision TEXT NOT NULL,
  because TEXT NOT NULL,
  estimate REAL,
  low REAL,
  high REAL,
  p_value REAL,
  PRIMARY KEY (run, scenario, subject)
) STRICT, WITHOUT ROWID;
CREATE TABLE point (
  scenario TEXT NOT NULL,
  metric TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  scenario_hash TEXT NOT NULL,
  contrast REAL NOT NULL,
  level REAL NOT NULL,
  twin_sd REAL NOT NULL,
  blocks INTEGER NOT NULL,
  stable_value REAL NOT NULL,
  canary_value REAL NOT NULL,
  PRIMARY KEY (scenario, metric, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX point_by_run ON point (run);
`;

const nights = `
CREATE TABLE night (
  id TEXT PRIMARY KEY,
  started_at TEXT NOT NULL,
  -- What was asked: a night with other questions is another night.
  question TEXT NOT NULL,
  -- Null while it is under way, and for ever when it was given up.
  ended_at TEXT
) STRICT;
CREATE TABLE alarm (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  pair TEXT NOT NULL,
  scenario TEXT NOT NULL,
  metric TEXT NOT NULL,
  drift TEXT NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  evidence REAL NOT NULL,
  threshold REAL NOT NULL,
  shift REAL NOT NULL,
  acknowledged_after INTEGER REFERENCES run ON DELETE CASCADE,
  note TEXT
) STRICT;
CREATE INDEX alarm_by_series ON alarm (pair, scenario, metric);
`;

/** The nth of these leads from version n − 1 to version n. */
export const migrations: readonly string[] = [runs, nights];
