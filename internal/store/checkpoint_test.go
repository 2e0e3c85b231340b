package store

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestTheLogBeginsAnewWhileOthersWrite writes many times what the log may hold,
// without a pause in which it would begin anew by itself.
func TestTheLogBeginsAnewWhileOthersWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openShortLog(t, dir)
	const size, each, times = 8 << 10, 10, 300
	for range times {
		writeBlobs(t, s, each, size)
	}
	if got, written := logBytes(t, dir), int64(size*each*times); got > written/2 {
		t.Errorf("the log is %d bytes long after %d were written", got, written)
	}
	var n int
	if err := s.reader.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM blobs WHERE length(b) = $1`, size).Scan(&n); err != nil || n != each*times {
		t.Errorf("%d of %d rows are there (%v)", n, each*times, err)
	}
	if found, err := s.CheckIntegrity(t.Context()); err != nil || found != "ok" {
		t.Errorf("integrity: %s (%v)", found, err)
	}
}

// TestTheLogWaitsForItsReaders holds a snapshot while the log is due many times
// over: what is read stays what it was, and when it is let go the log begins
// anew.
func TestTheLogWaitsForItsReaders(t *testing.T) {
	t.Parallel()
	s := openShortLog(t, t.TempDir())
	writeBlobs(t, s, 1, 10)
	err := s.Read(t.Context(), func(ctx context.Context, tx Tx) error {
		for range 20 {
			var n int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM blobs`).Scan(&n); err != nil || n != 1 {
				t.Fatalf("a snapshot of 1 row shows %d (%v)", n, err)
			}
			writeBlobs(t, s, 10, 8<<10)
			if err := s.shortenLog(ctx); err != nil {
				return err
			}
		}
		if done, err := s.endLog(ctx, "RESTART"); err != nil || done {
			t.Errorf("a log that is being read began anew (%v)", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.moveLog(t.Context()); err != nil {
		t.Fatal(err)
	}
	if done, err := s.endLog(t.Context(), "RESTART"); err != nil || !done {
		t.Errorf("a log that nobody reads goes on (%v)", err)
	}
}

// openShortLog opens a store whose log is due after 50 statements and long at
// 300 pages.
func openShortLog(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if _, err := s.endLog(t.Context(), "TRUNCATE"); err != nil { // the schema's
		t.Fatal(err)
	}
	s.log.close()
	s.log.ended, s.log.due, s.log.long = make(chan struct{}), 50, 300
	s.log.follow(s)
	err = s.Write(t.Context(), func(ctx context.Context, tx Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE blobs (b BLOB)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writeBlobs(t *testing.T, s *Store, n, size int) {
	t.Helper()
	err := s.Write(t.Context(), func(ctx context.Context, tx Tx) error {
		for range n {
			if _, err := tx.Exec(ctx, `INSERT INTO blobs (b) VALUES ($1)`, bytes.Repeat([]byte{7}, size)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func logBytes(t *testing.T, dir string) int64 {
	t.Helper()
	f, err := os.Stat(filepath.Join(dir, sqliteFile+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return f.Size()
}
