package spool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// head is the first line of a file.
type head struct {
	Delivery

	Size int    `json:"size"`
	Sum  uint32 `json:"crc32c"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var (
	errCutOff  = errors.New("the file ends before its delivery does")
	errDamaged = errors.New("the file is damaged")
)

func isCutOff(err error) bool  { return errors.Is(err, errCutOff) }
func isDamaged(err error) bool { return errors.Is(err, errCutOff) || errors.Is(err, errDamaged) }

// write makes a delivery's file. When it returns nil the file is on disk, and
// so is its name.
func (s *Spool) write(d *Delivery) (err error) {
	line, err := json.Marshal(head{*d, len(d.Body), crc32.Checksum(d.Body, castagnoli)})
	if err != nil {
		return fmt.Errorf("encode head of delivery %s: %w", d.ID, err)
	}
	path := s.path(d.ID)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	if _, err = f.Write(append(append(line, '\n'), d.Body...)); err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write delivery %s: %w", d.ID, err)
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a new name in a folder last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// maxHead is more than a first line ever has.
const maxHead = 4096

// peek reads what a file says of itself and how large its body is.
func (s *Spool) peek(id string) (*head, int64, error) {
	f, err := os.Open(s.path(id))
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	buf := make([]byte, min(info.Size(), maxHead))
	if _, err := io.ReadFull(f, buf); err != nil {
		return nil, 0, err
	}
	h, line, err := parseHead(id, buf)
	if err != nil {
		return nil, 0, err
	}
	size := info.Size() - int64(line)
	if size < int64(h.Size) {
		return nil, 0, errCutOff
	}
	return h, size, nil
}

func (s *Spool) read(id string) (*Delivery, error) {
	b, err := os.ReadFile(s.path(id))
	if errors.Is(err, os.ErrNotExist) {
		return nil, errDamaged
	}
	if err != nil {
		return nil, fmt.Errorf("read delivery %s: %w", id, err)
	}
	return parse(id, b)
}

// parse reads a file's bytes. Its errors are errCutOff and errDamaged.
func parse(id string, b []byte) (*Delivery, error) {
	h, n, err := parseHead(id, b)
	if err != nil {
		return nil, err
	}
	body := b[n:]
	switch {
	case len(body) < h.Size:
		return nil, errCutOff
	case len(body) > h.Size, crc32.Checksum(body, castagnoli) != h.Sum:
		return nil, errDamaged
	}
	h.Body = body
	return &h.Delivery, nil
}

// parseHead reads the first line and gives how many bytes it has.
func parseHead(id string, b []byte) (*head, int, error) {
	line, _, whole := bytes.Cut(b, []byte("\n"))
	if !whole && len(b) < maxHead {
		return nil, 0, errCutOff
	}
	var h head
	if err := json.Unmarshal(line, &h); err != nil || h.ID != id || h.Size < 0 {
		return nil, 0, errDamaged
	}
	return &h, len(line) + 1, nil
}
