// Package blob keeps recordings, one for each call: files in the data directory,
// or objects in a store that speaks S3.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// Store keeps recordings below a folder.
type Store struct {
	dir string
}

// Open makes the folder unless it is there.
func Open(dir string) (*Store, error) {
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	return &Store{dir}, nil
}

const (
	// onItsWay begins the name of a recording that is not whole yet.
	onItsWay = ".recording-"
	// abandonedAfter is how long a recording on its way may get no byte. Other
	// processes may be writing theirs to the same folder.
	abandonedAfter = time.Hour
)

// makeFolder makes a folder for recordings on their way, and removes those that
// died with their process.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make recordings folder: %w", err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read recordings folder: %w", err)
	}
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), onItsWay) {
			continue
		}
		info, err := f.Info()
		if err == nil && time.Since(info.ModTime()) > abandonedAfter {
			err = os.Remove(filepath.Join(dir, f.Name()))
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) { // another process may have been faster
			return fmt.Errorf("remove abandoned recording: %w", err)
		}
	}
	return nil
}

// path spreads the files over folders by the first letters of the id.
func (s *Store) path(id ringside.CallID) string {
	return filepath.Join(s.dir, id.Short(2), id.String())
}

// Keep stores a recording, whole or not at all: it is on disk when Keep
// returns. A recording that was there is replaced.
func (s *Store) Keep(_ context.Context, id ringside.CallID, audio io.Reader) (err error) {
	path := s.path(id)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make recordings folder: %w", err)
	}
	f, err := os.CreateTemp(s.dir, onItsWay+"*")
	if err != nil {
		return fmt.Errorf("make recording: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if _, err := io.Copy(f, audio); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("flush recording: %w", err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename in a folder last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Has tells whether a call's recording is kept.
func (s *Store) Has(id ringside.CallID) bool {
	_, err := os.Stat(s.path(id))
	return err == nil
}

// Open opens a call's recording and says what it is, but for where it is from;
// ringside.NotFound when none is kept. The caller closes it.
func (s *Store) Open(id ringside.CallID) (io.ReadSeekCloser, ringside.Kept, error) {
	f, err := os.Open(s.path(id))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ringside.Kept{}, ringside.Errorf(ringside.NotFound, "no recording of the call is kept")
	}
	if err != nil {
		return nil, ringside.Kept{}, fmt.Errorf("open recording: %w", err)
	}
	k, err := describe(f)
	if err != nil {
		return nil, ringside.Kept{}, errors.Join(fmt.Errorf("read recording: %w", err), f.Close())
	}
	return f, k, nil
}

func describe(f *os.File) (k ringside.Kept, err error) {
	info, err := f.Stat()
	if err != nil {
		return k, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return k, err
	}
	k = ringside.Kept{Bytes: info.Size(), At: info.ModTime().UTC().Truncate(time.Millisecond)}
	k.Type, k.SHA256, err = sniff(f)
	return k, err
}

// sniff tells what a recording is by its bytes, and goes back to its start.
func sniff(f io.ReadSeeker) (kind, sum string, err error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", "", err
	}
	h := sha256.New()
	h.Write(head[:n])
	if _, err := io.Copy(h, f); err != nil {
		return "", "", err
	}
	_, err = f.Seek(0, io.SeekStart)
	return audioType(head[:n]), hex.EncodeToString(h.Sum(nil)), err
}

// Remove removes a call's recording, if there is one.
func (s *Store) Remove(id ringside.CallID) error {
	if err := os.Remove(s.path(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove recording: %w", err)
	}
	return nil
}

// Serve answers a request with a call's recording, whole or by ranges. The
// type is told from the first bytes and must be audio: what a vendor sent is
// never served as a page.
func (s *Store) Serve(w http.ResponseWriter, r *http.Request, id ringside.CallID) {
	f, err := os.Open(s.path(id))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		http.NotFound(w, r)
		return
	}
	serve(w, r, f, info.ModTime(), fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size()))
}

// serve answers with what f holds. Browsers ask each time whether theirs still is
// what is kept: something may have been muted in it, or it may be gone.
func serve(w http.ResponseWriter, r *http.Request, f io.ReadSeeker, at time.Time, tag string) {
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	w.Header().Set("Content-Type", audioType(head[:n]))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("ETag", tag)
	http.ServeContent(w, r, "", at, f)
}

func audioType(head []byte) string {
	t := http.DetectContentType(head)
	switch {
	case t == "audio/mpeg", t == "audio/wave", t == "application/ogg", t == "audio/aiff":
		return t
	case strings.HasPrefix(string(head), "fLaC"):
		return "audio/flac"
	case len(head) > 1 && head[0] == 0xff && head[1]&0xe0 == 0xe0: // an MPEG frame without a tag before it
		return "audio/mpeg"
	}
	return "application/octet-stream"
}
