package api

import (
	"context"
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ringsidehq/ringside"
)

type transcriptInput struct {
	CallPath
	Format string `query:"format" enum:"json,text,srt" default:"json"`
}

// Transcript is what was said in a call.
type Transcript struct {
	CallID ringside.CallID `json:"call_id"`
	Turns  []ringside.Turn `json:"turns"`
}

func (s *Server) transcript(ctx context.Context, in *transcriptInput) (*huma.StreamResponse, error) {
	c, err := s.loadCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	switch in.Format {
	case "text":
		return plainDocument("text/plain; charset=utf-8", []byte(plainText(c.Turns))), nil
	case "srt":
		text, err := subtitles(c)
		if err != nil {
			return nil, err
		}
		return plainDocument("application/x-subrip; charset=utf-8", []byte(text)), nil
	}
	b, err := encode(Transcript{c.ID, c.Turns})
	return plainDocument("application/json", b), err
}

var speakers = map[ringside.Role]string{ringside.RoleAgent: "Agent", ringside.RoleUser: "Customer", ringside.RoleUnknown: "Speaker"}

func plainText(turns []ringside.Turn) string {
	var b strings.Builder
	for i := range turns {
		t := &turns[i]
		if t.StartMS != nil {
			fmt.Fprintf(&b, "[%s] ", clock(*t.StartMS, "."))
		}
		fmt.Fprintf(&b, "%s: %s\n", speakers[t.Role], t.Text)
	}
	return b.String()
}

// clock writes milliseconds as hh:mm:ss and the fraction.
func clock(ms int64, point string) string {
	return fmt.Sprintf("%02d:%02d:%02d%s%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, point, ms%1000)
}

// shownFor is how long a subtitle stands whose end nobody gives: until the
// next turn, but no longer than this.
const shownFor = 5000

// subtitles writes the turns as SubRip, which needs times.
func subtitles(c *ringside.Call) (string, error) {
	var b strings.Builder
	n := 0
	for i := range c.Turns {
		t := &c.Turns[i]
		if t.StartMS == nil {
			continue
		}
		end := *t.StartMS + shownFor
		if i+1 < len(c.Turns) && c.Turns[i+1].StartMS != nil {
			end = min(end, max(*c.Turns[i+1].StartMS, *t.StartMS+1))
		}
		if t.EndMS != nil && *t.EndMS > *t.StartMS {
			end = *t.EndMS
		}
		n++
		fmt.Fprintf(&b, "%d\n%s --> %s\n%s: %s\n\n", n, clock(*t.StartMS, ","), clock(end, ","), speakers[t.Role],
			strings.Join(strings.Fields(t.Text), " "))
	}
	if n == 0 && len(c.Turns) > 0 {
		return "", ringside.Errorf(ringside.Conflict, "the vendor gave no times for this transcript, and subtitles need them; ask for format=text").WithCode("no_times")
	}
	return b.String(), nil
}
