-- Where a source's deliveries are passed on to; '': nowhere.
ALTER TABLE sources ADD COLUMN forward_url TEXT NOT NULL DEFAULT '';
