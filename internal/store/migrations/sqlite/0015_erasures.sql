-- What people asked to be erased, and how far that is.
CREATE TABLE erasures (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  kind TEXT NOT NULL, -- call, phone, email
  subject BLOB, -- sealed: what to look for; null once it is done
  reason TEXT NOT NULL,
  actor TEXT NOT NULL, -- a name
  status TEXT NOT NULL, -- waiting, running, done
  place BIGINT NOT NULL, -- the ord up to which calls were looked at in this round
  found BOOLEAN NOT NULL, -- this round has found some: there is another
  counts TEXT NOT NULL, -- JSON: what was removed, by kind of thing
  created_ms BIGINT NOT NULL,
  finished_ms BIGINT NOT NULL -- 0: not yet
);
CREATE INDEX erasures_workspace ON erasures (workspace_id, id);

-- Of an erased call, nobody's submission makes another; of one that was only
-- deleted, the user's own does.
ALTER TABLE tombstones ADD COLUMN erased BOOLEAN NOT NULL DEFAULT FALSE;

-- What an agent's retention has taken from a call that is still there.
CREATE TABLE expired (
  call_id BLOB NOT NULL,
  part TEXT NOT NULL, -- recording, transcript
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (call_id, part)
) WITHOUT ROWID;
