-- What a call took no more, so that it goes with the call: found without a look at
-- all that told nothing of any.
CREATE INDEX inbox_refused ON inbox (call_id) WHERE state <> 'stored' AND call_id IS NOT NULL;
