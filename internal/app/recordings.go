package app

import (
	"context"
	"path/filepath"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/blob"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/pipeline"
)

// recordings are kept in the data directory or in a bucket.
type recordings interface {
	api.Audio
	pipeline.Files
}

func openRecordings(ctx context.Context, c *config.Common) (recordings, error) {
	dir := filepath.Join(c.Data, "recordings")
	if c.Recordings == "" {
		return blob.Open(dir)
	}
	return blob.OpenBucket(ctx, blob.BucketConfig{URL: c.Recordings, KeyID: c.RecordingsKeyID, Secret: c.RecordingsSecret, Aside: dir})
}
