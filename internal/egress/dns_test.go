package egress

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
)

// zone is a name server of a test: names and where they lead, a step further
// with each look-up when there are several steps.
type zone map[string][][]string

// resolver asks the zone, in the words of DNS over a pipe.
func (z zone) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	asked := map[string]int{}
	turn := make(chan struct{}, 1) // one question at a time
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			for {
				var size [2]byte
				if _, err := io.ReadFull(theirs, size[:]); err != nil {
					return
				}
				q := make([]byte, binary.BigEndian.Uint16(size[:]))
				if _, err := io.ReadFull(theirs, q); err != nil {
					return
				}
				turn <- struct{}{}
				a := z.answer(q, asked)
				<-turn
				if _, err := theirs.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(a))), a...)); err != nil {
					return
				}
			}
		}()
		return ours, nil
	}}
}

const (
	typeA, typeAAAA = 1, 28
	notFound        = 3
)

// answer gives the addresses of the name and type in a question.
func (z zone) answer(q []byte, asked map[string]int) []byte {
	var labels []string
	at := 12
	for q[at] != 0 {
		n := int(q[at])
		labels = append(labels, string(q[at+1:at+1+n]))
		at += 1 + n
	}
	kind := binary.BigEndian.Uint16(q[at+1:])
	end := at + 5
	name := strings.ToLower(strings.Join(labels, "."))
	steps, known := z[name]
	a := append([]byte{}, q[:end]...)
	binary.BigEndian.PutUint16(a[2:], 0x8180) // an answer, recursion was there
	clear(a[6:12])
	if !known {
		a[3] |= notFound
		return a
	}
	key := name
	if kind == typeAAAA {
		key += " 6"
	}
	step := min(asked[key], len(steps)-1)
	asked[key]++
	for _, text := range steps[step] {
		ip := netip.MustParseAddr(text)
		if (kind == typeAAAA) != ip.Is6() || kind != typeA && kind != typeAAAA {
			continue
		}
		a[7]++
		a = append(a, 0xc0, 12) // the name, as in the question
		a = binary.BigEndian.AppendUint16(a, kind)
		a = append(a, 0, 1, 0, 0, 0, 0)
		raw := ip.AsSlice()
		a = binary.BigEndian.AppendUint16(a, uint16(len(raw)))
		a = append(a, raw...)
	}
	return a
}
