package vapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

// listing serves calls as Vapi lists them: newest first, from one moment up to
// another.
func listing(t *testing.T, began []time.Time) provider.Line {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit, err := strconv.Atoi(r.FormValue("limit"))
		if err != nil || limit > 1000 {
			t.Errorf("asked with limit %q", r.FormValue("limit"))
		}
		out := []map[string]string{}
		for i, at := range began {
			is := at.Format("2006-01-02T15:04:05.000Z")
			before, upTo := r.FormValue("createdAtLt"), r.FormValue("createdAtLe")
			if len(out) < limit && is >= r.FormValue("createdAtGe") && (before == "" || is < before) && (upTo == "" || is <= upTo) {
				out = append(out, map[string]string{"id": fmt.Sprint("c", i), "status": "ended", "createdAt": is})
			}
		}
		_ = json.NewEncoder(w).Encode(out)
	}))
	t.Cleanup(s.Close)
	return provider.Line{HTTP: s.Client(), Key: "key", BaseURL: s.URL}
}

// However many calls began in one moment, as those of a batch do, none of them
// and none before them is passed over or listed twice.
func TestCallsOfOneMoment(t *testing.T) {
	moment := time.Date(2026, 9, 14, 15, 4, 5, 0, time.UTC)
	for _, batch := range []int{1, 2, 99, 100, 101, 350} {
		var began []time.Time
		for range batch {
			began = append(began, moment)
		}
		for i := range 150 {
			began = append(began, moment.Add(-time.Duration(i+1)*time.Minute))
		}
		on, span, listed := listing(t, began), provider.Span{From: moment.Add(-24 * time.Hour), To: moment.Add(time.Hour)}, map[string]int{}
		for pages := 0; ; pages++ {
			page, err := vapi.Provider.Pull.Calls(t.Context(), on, span)
			if err != nil || pages > len(began) {
				t.Fatalf("a batch of %d, page %d: %v", batch, pages, err)
			}
			for _, c := range page.Calls {
				listed[c.ID]++
			}
			if span.Cursor = page.Next; span.Cursor == "" {
				break
			}
		}
		for i := range began {
			if n := listed[fmt.Sprint("c", i)]; n != 1 {
				t.Errorf("a batch of %d: call %d was listed %d times", batch, i, n)
				break
			}
		}
	}
}
