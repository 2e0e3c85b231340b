package bland

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// overlapMS is how much of two turns must overlap for one to have cut the
// other off: the corrected times are estimates.
const overlapMS = 100

// content reads what was said and done. The corrected transcript knows where
// turns end, so it beats the other; what the agent did stands only there.
func (b *body) content(x *ringside.Facts) {
	lines := list[line](x, "transcripts", b.Transcripts)
	slices.SortStableFunc(lines, func(a, b line) int {
		if !a.ID.Known || !b.ID.Known {
			return 0
		}
		return cmp.Compare(a.ID.Value, b.ID.Value)
	})
	b.actions(x, lines)
	b.nodes(x)
	x.Turns = segments(list[segment](x, "corrected_transcript", b.CorrectedTranscript), new(int64(0)))
	if len(x.Turns) == 0 {
		x.Turns = b.spoken(lines)
	}
	if len(x.Turns) == 0 && b.Concatenated != nil {
		x.Turns = plain(string(*b.Concatenated))
	}
	x.Turns = append(x.Turns, segments(b.afterTransfer(x), b.handedOver())...)
	x.Interruptions = interruptions(x.Turns)
}

// roles are the speakers of transcripts. Robot is speech that was recorded or
// scripted beforehand; the representative is whom a call was transferred to.
var roles = map[string]ringside.Role{
	"user": ringside.RoleUser, "representative": ringside.RoleUser,
	"assistant": ringside.RoleAgent, "robot": ringside.RoleAgent,
}

// speaker names those whom the role alone does not tell.
func speaker(label string) string {
	if label == "robot" || label == "representative" {
		return label
	}
	return ""
}

func (b *body) spoken(lines []line) []ringside.Turn {
	var out []ringside.Turn
	for _, l := range lines {
		role, ok := roles[l.User]
		if !ok || strings.TrimSpace(string(l.Text)) == "" {
			continue
		}
		out = append(out, ringside.Turn{
			Role: role, Speaker: speaker(l.User), Text: string(l.Text), StartMS: b.sinceAnswer(l.CreatedAt),
		})
	}
	return out
}

func (b *body) sinceAnswer(m provider.Moment) *int64 {
	return provider.Offset(b.StartedAt.Time, m.Time)
}

// segments reads a transcript made from the recording, whose clock starts at
// from; with an unknown start its turns have no times.
func segments(in []segment, from *int64) []ringside.Turn {
	var out []ringside.Turn
	for _, s := range in {
		label := strings.ToLower(string(s.Label))
		role, ok := roles[label]
		if !ok {
			role = ringside.RoleUser
			if s.Speaker == "2" {
				role = ringside.RoleAgent
			}
		}
		if strings.TrimSpace(string(s.Text)) == "" {
			continue
		}
		t := ringside.Turn{Role: role, Speaker: speaker(label), Text: string(s.Text)}
		if start := offset(s.Start); start != nil && from != nil {
			t.StartMS = new(*from + *start)
			if end := offset(s.End); end != nil {
				t.EndMS = new(*from + max(*start, *end))
			}
		}
		out = append(out, t)
	}
	return out
}

// afterTransfer reads what was said after a transfer. The agent is not on the
// line any more: the second speaker is the representative, named so or not.
func (b *body) afterTransfer(x *ringside.Facts) []segment {
	out := list[segment](x, "post_transfer_transcript", b.PostTransferTranscript)
	for i := range out {
		if _, named := roles[strings.ToLower(string(out[i].Label))]; !named && out[i].Speaker == "2" {
			out[i].Label = "representative"
		}
	}
	return out
}

// handedOver is where the clock of the transcript after a transfer starts.
func (b *body) handedOver() *int64 {
	if ms := offset(b.TransferOffsetSeconds); ms != nil {
		return ms
	}
	return b.transferredAtMS()
}

// plain reads the one-text form, which has no times: "role: text" lines.
func plain(text string) []ringside.Turn {
	var out []ringside.Turn
	for row := range strings.Lines(text) {
		who, what, ok := strings.Cut(strings.TrimSpace(row), ": ")
		role, known := roles[who]
		if ok && known && strings.TrimSpace(what) != "" {
			out = append(out, ringside.Turn{Role: role, Speaker: speaker(who), Text: what})
		}
	}
	return out
}

// actions reads what the agent did: free text, of which the use of a tool and
// its response are made a tool call.
func (b *body) actions(x *ringside.Facts, lines []line) {
	uses := map[string]int{}
	span := -1 // index of the span of the tool whose response is still to come
	for _, l := range lines {
		if l.User != "agent-action" {
			continue
		}
		text, at := strings.TrimSpace(string(l.Text)), b.sinceAnswer(l.CreatedAt)
		if rest, ok := strings.CutPrefix(text, toolStart); ok {
			if name, arguments := toolUse(strings.TrimSpace(rest)); name != "" {
				uses[name]++
				x.ToolCalls = append(x.ToolCalls, ringside.ToolCall{ID: toolID(name, uses[name]), Name: name, Arguments: arguments, StartMS: at})
				span = len(x.Spans)
				x.Spans = append(x.Spans, ringside.Span{Name: "tool", Title: name, StartMS: at})
				continue
			}
		}
		if rest, ok := strings.CutPrefix(text, "Tool Response:"); ok && span >= 0 {
			respond(&x.ToolCalls[len(x.ToolCalls)-1], &x.Spans[span], strings.TrimSpace(rest), at)
			span = -1
			continue
		}
		if text != "" {
			x.Spans = append(x.Spans, ringside.Span{Name: "action", Title: text, StartMS: at})
		}
	}
}

// respond ends a tool call with "200 | data", or data alone.
func respond(t *ringside.ToolCall, s *ringside.Span, text string, at *int64) {
	status, data, found := strings.Cut(text, "|")
	t.EndMS, t.Error = at, refusal(strings.TrimSpace(status))
	t.Result = provider.ParseText(text)
	if _, err := strconv.Atoi(strings.TrimSpace(status)); found && err == nil {
		t.Result = provider.ParseText(strings.TrimSpace(data))
	}
	if t.Error != "" {
		t.ErrorMethod, s.Error = "provider", t.Error
	}
	if at != nil && s.StartMS != nil && *at >= *s.StartMS {
		s.DurationMS = new(float64(*at - *s.StartMS))
	}
}

// nodes reads the pathway's nodes: one span for each stay at one, until the
// next is entered.
func (b *body) nodes(x *ringside.Facts) {
	last := -1
	for _, s := range list[step](x, "pathway_logs", b.PathwayLogs) {
		var decision map[string]any
		if s.Decision != "" && provider.Unmarshal([]byte(s.Decision), &decision) != nil {
			decision = nil
		}
		id, tag := string(s.NodeID), ""
		if s.Tag != nil {
			tag = string(s.Tag.Name)
		}
		name, _ := decision["Current Node Name"].(string)
		title := cmp.Or(name, tag, id)
		if title == "" || last >= 0 && id != "" && x.Spans[last].Attributes["node_id"] == id {
			continue
		}
		p := ringside.Span{Name: "node", Title: title, StartMS: b.sinceAnswer(s.CreatedAt), Attributes: map[string]any{"node_id": id}}
		if tag != "" {
			p.Attributes["tag"] = tag
		}
		if last >= 0 {
			if was := &x.Spans[last]; was.StartMS != nil && p.StartMS != nil && *p.StartMS >= *was.StartMS {
				was.DurationMS = new(float64(*p.StartMS - *was.StartMS))
			}
		}
		last = len(x.Spans)
		x.Spans = append(x.Spans, p)
	}
}

// interruptions finds the turns that the other side began to speak into, and
// marks them. Only turns with an end can be.
func interruptions(turns []ringside.Turn) []ringside.Interruption {
	var out []ringside.Interruption
	for i := 1; i < len(turns); i++ {
		was, now := &turns[i-1], &turns[i]
		if was.Role == now.Role || was.StartMS == nil || was.EndMS == nil || now.StartMS == nil {
			continue
		}
		if *now.StartMS > *was.StartMS && *now.StartMS+overlapMS <= *was.EndMS {
			was.Interrupted = true
			out = append(out, ringside.Interruption{By: now.Role, AtMS: now.StartMS, Turn: new(i - 1)})
		}
	}
	return out
}
