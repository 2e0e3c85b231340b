package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
)

// recording is a file whose bytes were looked at.
type recording struct {
	file
	id        string
	sha       string // SHA-256, in hex
	size      int64
	changed   time.Time // when it was, as it was read
	startedAt time.Time
	timeFrom  string // csv, name, file
	seconds   float64
}

func (r *recording) endedAt() time.Time {
	return r.startedAt.Add(time.Duration(r.seconds * float64(time.Second))).Round(time.Millisecond)
}

// prepare reads a file once. What is no recording that the server takes is
// skipped.
func (m *importer) prepare(ctx context.Context, f *file) (*recording, error) {
	r, err := examine(ctx, f)
	if err != nil {
		return nil, err
	}
	r.id = "recording-" + r.sha[:32]
	if r.row != nil && r.row.id != "" {
		r.id = r.row.id
	}
	if other, twice := m.ids[r.id]; twice {
		return nil, skipped{"is the same recording as " + other}
	}
	m.ids[r.id] = r.name
	r.time(m.cfg.Zone, time.Now())
	return r, nil
}

// examine finds out a file's hash and length while its bytes pass by.
func examine(ctx context.Context, f *file) (*recording, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > ringside.MaxRecording {
		return nil, skipped{fmt.Sprintf("is larger than %d MiB", ringside.MaxRecording>>20)}
	}
	hash := sha256.New()
	bytes := io.TeeReader(&interruptible{ctx, in}, hash)
	format, err := audio.Length(bytes)
	switch ringside.KindOf(err) {
	case ringside.Invalid, ringside.TooLarge:
		return nil, skipped{err.Error()}
	}
	if err == nil {
		_, err = io.Copy(io.Discard, bytes)
	}
	if err != nil {
		return nil, fmt.Errorf("read it: %w", err)
	}
	return &recording{
		file: *f, sha: hex.EncodeToString(hash.Sum(nil)), size: info.Size(), changed: info.ModTime(), seconds: format.Seconds,
	}, nil
}

// time says when the call began: by the CSV, by the file's name, and else so that
// it ended when the file was written last.
func (r *recording) time(zone *time.Location, now time.Time) {
	if r.row != nil && !r.row.startedAt.IsZero() {
		r.startedAt, r.timeFrom = r.row.startedAt, "csv"
		return
	}
	if at, ok := momentOf(filepath.Base(r.path), zone, now); ok {
		r.startedAt, r.timeFrom = at, "name"
		return
	}
	length := time.Duration(r.seconds * float64(time.Second))
	r.startedAt, r.timeFrom = r.changed.Add(-length).UTC().Truncate(time.Millisecond), "file"
}

// interruptible is a reader that fails once its context has ended.
type interruptible struct {
	ctx context.Context
	in  io.Reader
}

func (r *interruptible) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(b)
}
