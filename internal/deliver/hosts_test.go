package deliver

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestAHostGetsTwoPlaces(t *testing.T) {
	t.Parallel()
	h := newHosts(time.Now)
	for _, c := range []struct {
		host, delivery string
		gets           bool
	}{
		{"a", "1", true}, {"a", "2", true}, {"a", "3", false}, {"b", "4", true}, {"b", "1", false},
	} {
		if wait := h.enter(c.host, c.delivery); (wait == 0) != c.gets || wait < 0 || wait > maxWait {
			t.Errorf("%s at %s waits %s", c.delivery, c.host, wait)
		}
	}
	h.leave("1", time.Millisecond)
	if h.enter("a", "3") > 0 || h.enter("b", "1") > 0 {
		t.Error("a place that was given back is not free")
	}
}

// However many wait for a host that hangs, each comes back about when a place
// is free, and not before: the queue does not run in circles.
func TestWaitersComeBackAboutOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const waiting, takes = 200, 15 * time.Second
		h := newHosts(time.Now)
		asked, sent, most, busy := 0, 0, 0, 0
		done := make(chan struct{}, waiting)
		turn := make(chan struct{}, 1) // guards the counts
		for i := range waiting {
			go func() {
				for {
					wait := h.enter("slow", fmt.Sprint(i))
					turn <- struct{}{}
					asked++
					if wait == 0 {
						busy++
						most = max(most, busy)
					}
					<-turn
					if wait == 0 {
						break
					}
					time.Sleep(wait)
				}
				time.Sleep(takes)
				turn <- struct{}{}
				busy--
				sent++
				<-turn
				h.leave(fmt.Sprint(i), takes)
				done <- struct{}{}
			}()
		}
		started := time.Now()
		for range waiting {
			<-done
		}
		if most > perHost || sent != waiting {
			t.Errorf("%d at once, %d sent", most, sent)
		}
		if asked > 12*waiting {
			t.Errorf("%d deliveries asked %d times for a place", waiting, asked)
		}
		if took, least := time.Since(started), waiting/perHost*takes; took > 2*least {
			t.Errorf("all were sent after %s; the places would have allowed %s", took, least)
		}
		if len(h.out) != 0 || h.slow != 0 || h.by["slow"].busy != 0 {
			t.Errorf("places are left taken: %+v", h)
		}
	})
}

// Hosts that are known to be slow leave half of the places to the others.
func TestSlowHostsShareHalfOfThePlaces(t *testing.T) {
	t.Parallel()
	h := newHosts(time.Now)
	got := 0
	for i := range 2 * slowPlaces {
		host, id := fmt.Sprint("slow", i), fmt.Sprint(i)
		h.enter(host, id)
		h.leave(id, time.Minute)
		if h.enter(host, id) == 0 {
			got++
		}
	}
	if got != slowPlaces {
		t.Errorf("slow hosts hold %d places, want %d", got, slowPlaces)
	}
	if h.enter("quick", "q") > 0 {
		t.Error("a quick host gets no place beside them")
	}
	h.leave("0", time.Minute)
	if h.enter("slow0", "again") > 0 {
		t.Error("a place of a slow host that was given back is not free")
	}
}

func TestHostsAreForgotten(t *testing.T) {
	t.Parallel()
	h := newHosts(time.Now)
	h.enter("kept", "kept")
	for i := range 3 * maxHosts {
		id := fmt.Sprint(i)
		h.enter(id, id)
		h.leave(id, time.Millisecond)
	}
	if len(h.by) > maxHosts || h.by["kept"] == nil {
		t.Errorf("%d hosts are remembered", len(h.by))
	}
}
