package ingest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// promised is a body of which nothing comes; it notes how much it was given room
// for.
type promised struct{ room int }

func (p *promised) Read(b []byte) (int, error) {
	p.room = max(p.room, len(b))
	return 0, io.ErrUnexpectedEOF
}

func (*promised) Close() error { return nil }

// A stranger who promises a large body holds no memory for it: only what has come
// takes room.
func TestAPromiseTakesNoRoom(t *testing.T) {
	t.Parallel()
	p := &promised{}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", p)
	r.ContentLength = MaxBody
	if _, err := readBody(r, MaxBody); err == nil {
		t.Error("a body that breaks off is whole")
	}
	if p.room > 1<<20 {
		t.Errorf("%d bytes of room for nothing", p.room)
	}
}
