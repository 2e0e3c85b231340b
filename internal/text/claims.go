package text

import (
	"fmt"
	"strings"

	"github.com/ringsidehq/ringside"
)

// deed is something that an agent says it has done, and the stems that the
// name or the arguments of a tool that does it has. Source: our own, from the
// tool names in vendors' examples.
type deed struct {
	verbs string
	stems []string
}

var deeds = []deed{
	{
		"booked|scheduled|reserved|rescheduled|moved|rebooked|confirmed|arranged",
		[]string{"book", "schedul", "reserv", "appoint", "slot", "calendar", "visit", "event", "move", "confirm", "table", "hold", "extend", "order", "pickup", "chang", "updat"},
	},
	{
		"sent|emailed|texted|mailed|forwarded|shipped",
		[]string{"send", "sent", "mail", "sms", "text", "messag", "notif", "link", "code", "ship", "whatsapp", "letter", "forward", "invit"},
	},
	{"cancelled|canceled|stopped|terminated|unsubscribed", []string{"cancel", "delet", "remov", "terminat", "unsubscrib", "stop", "end"}},
	{"refunded|credited|waived|reimbursed", []string{"refund", "credit", "reimburs", "revers", "waiv", "adjust", "charg", "fee", "pay"}},
	{
		"updated|changed|corrected|added|removed|saved|recorded|adjusted|extended|set",
		[]string{
			"updat", "chang", "edit", "set", "sav", "add", "note", "record", "patch", "modif", "remov", "correct", "adjust", "log",
			"creat", "report", "extend", "put", "write", "upsert", "move", "schedul", "book",
		},
	},
	{
		"created|opened|filed|submitted|placed|registered|renewed|activated|blocked|reset|enrolled|processed",
		[]string{
			"creat", "open", "fil", "submit", "plac", "regist", "ticket", "claim", "order", "case", "issue", "renew", "activ", "block", "lock",
			"reset", "enrol", "process", "disput", "report", "add", "new",
		},
	},
}

// allSet claims a deed without saying which.
const allSet = "all set"

// claimCues are the ways in which an agent says that something is done: it did
// it, or it is so. A claim of the second way may report what was so before.
const (
	active  = "active"
	passive = "passive"
)

var claimCues = compile(claimTable())

func claimTable() []cue {
	var out []cue
	for i := range deeds {
		v := deeds[i].verbs
		out = append(out,
			cue{pattern: "i|we have just|now|already|also|successfully? " + v + " / i've|we've just|now|already|also|successfully? " + v + " / i|we just " + v, name: active, of: i},
			cue{pattern: "your ~ is|are|been now|all? " + v + " / it's|it is|has|been|now? been|now? " + v, name: passive, of: i},
		)
	}
	return append(out,
		cue{pattern: "you're now|all? booked|scheduled|confirmed|rebooked / you are now|all? booked|scheduled|confirmed|rebooked", name: active},
		cue{pattern: "you're|you are? all set|done|good", name: allSet},
	)
}

// maxClaims bounds the claims of one call that are judged.
const maxClaims = 100

// unreal is what, before a claim, makes it none: once I have booked it.
var unreal = set("once", "after", "when", "if", "until", "unless", "before", "whether", "not", "think", "thought", "see", "shows", "says")

// reads begin the names of tools that only look something up.
var reads = set(
	"get", "find", "search", "lookup", "look", "check", "fetch", "list", "query", "retrieve", "locate", "verify", "validate", "quote", "track",
	"test", "status", "stock", "price", "calculate", "estimate", "read", "show", "count", "identify", "authenticate", "kb", "rag",
)

// transfers hand the call on or end it: they do nothing that is claimed here.
var transfers = set("transfer", "end", "hangup", "handoff", "forward", "hang", "skip", "voicemail", "dtmf", "press")

// claims looks for what the agent said was done and what no tool did. Without
// a tool anywhere in the call nothing is known of what it does: only what the
// agent says outright that it did is mentioned, as information.
func (k *look) claims() {
	n := 0
	for i := range k.turns {
		s := &k.turns[i]
		if s.Role != ringside.RoleAgent || !k.agentEnglish {
			continue
		}
		claimCues.all(s.Words, func(h hit) {
			if n < maxClaims && !s.unreal(h) {
				n++
				k.claim(s, h)
			}
		})
	}
}

func (s *Said) unreal(h hit) bool {
	from, to := s.sentence(h.from)
	for i := from; i < h.from; i++ {
		if unreal[s.Words[i].Text] {
			return true
		}
	}
	for i := h.from; i < h.to; i++ {
		if negators[s.Words[i].Text] {
			return true
		}
	}
	return s.asksAt(to)
}

// claim judges one claim by the tools that ran up to then.
func (k *look) claim(s *Said, h hit) {
	from, to := s.sentence(h.from)
	f := ringside.Finding{Kind: ringside.FindingSaidNotDone, Severity: ringside.SeverityWarning, Quote: s.quote(from, to), Method: ringside.MethodLocal}
	if len(k.tools) == 0 {
		if h.cue.name == active && !k.toldNoTool {
			k.toldNoTool = true
			f.Severity = ringside.SeverityInfo
			f.Detail = "The agent says that it did this. The call has no tool calls, so that nothing shows whether it did."
			k.found(f, s)
		}
		return
	}
	did, told, failed, later := k.did(s, h)
	switch {
	case did, told && failed == nil:
		return
	case failed != nil:
		f.Severity, f.Topic = ringside.SeverityCritical, toolName(failed.Name)
		f.Detail = fmt.Sprintf("The agent says that it is done, but %s had failed.", toolName(failed.Name))
	case later:
		f.Severity = ringside.SeverityInfo
		f.Detail = "The agent says that it is done before any tool had done it; one did later."
	case h.cue.name == allSet:
		return // nothing failed, and it does not say what was done
	default:
		f.Detail = "The agent says that it is done, and no tool that would do it had been called."
	}
	k.found(f, s)
}

// did tells whether a tool did what is claimed by then, whether one told that
// it is so, which one failed at it, and whether one did it later. A tool of
// which the name tells nothing gets the benefit of the doubt either way.
func (k *look) did(s *Said, h hit) (did, told bool, failed *use, later bool) {
	for i := range k.tools {
		t := &k.tools[i]
		does, looks := t.fits(h.cue)
		switch {
		case !does && !looks:
		case t.Turn != nil && *t.Turn > s.Index:
			later = later || does && t.Error == ""
		case t.Error == "":
			did, told = did || does, true
		case does && (h.cue.name == allSet || t.does[h.cue.of]):
			failed = t
		}
	}
	return did, told, failed, later
}

// fits tells whether a tool does what is claimed, or only looks something up
// that may tell that it is so. The latter bears out what is, not what the agent
// says that it did.
func (t *use) fits(claim *cue) (does, looks bool) {
	switch {
	case len(t.words) == 0:
		return true, false
	case transfers[t.words[0]]:
		return false, false
	case reads[t.words[0]]:
		return false, claim.name == passive
	}
	return claim.name == allSet || t.does[claim.of] || !t.known, false
}

// tell looks for deeds in the tool's name and arguments.
func (t *use) tell() {
	name, args := strings.Join(t.words, " "), strings.ToLower(cut(t.args, maxArgs))
	t.does = make([]bool, len(deeds))
	for d := range deeds {
		named := stemIn(name, deeds[d].stems)
		t.does[d] = named || stemIn(args, deeds[d].stems)
		t.known = t.known || named
	}
}

// stemIn tells whether a word of a text begins with a stem, or with re and it:
// rebook, reschedule.
func stemIn(text string, stems []string) bool {
	for _, st := range stems {
		for at := 0; ; at++ {
			i := strings.Index(text[at:], st)
			if i < 0 {
				break
			}
			if at += i; at == 0 || text[at-1] < 'a' || text[at-1] > 'z' || strings.HasSuffix(text[:at], "re") {
				return true
			}
		}
	}
	return false
}
