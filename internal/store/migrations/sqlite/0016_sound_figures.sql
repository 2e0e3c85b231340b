-- Of each recording that was heard, what the distributions over an agent's calls
-- are made of. Beside the report, which is far larger.
CREATE TABLE sound_figures (
  call_id BLOB PRIMARY KEY,
  figures TEXT NOT NULL -- JSON
);
