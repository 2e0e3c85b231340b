-- What our analysis says of a call, for lists and filters.
ALTER TABLE calls ADD COLUMN quality DOUBLE PRECISION; -- 0 to 100; null: could not be measured
ALTER TABLE calls ADD COLUMN sentiment TEXT NOT NULL DEFAULT ''; -- '': not looked at

-- What a call can be found by beside its columns: its tags and the kinds of
-- what was found in it. It moves with the call, as call_metadata does.
CREATE TABLE call_labels (
  workspace_id TEXT NOT NULL,
  kind TEXT NOT NULL, -- tag, finding
  value TEXT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, kind, value, ord)
);
