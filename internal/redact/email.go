package redact

import (
	"regexp"
	"strings"

	"github.com/ringsidehq/ringside"
)

// top are the ends of addresses that people say.
const top = `com|net|org|edu|gov|mil|info|biz|io|co|ai|app|dev|me|us|uk|ca|de|fr|es|it|nl|eu|au|nz|ie|in|ch|at|be|se|no|dk|fi|pl|pt|br|mx|jp|kr|cn|za|tv|xyz|online|example|test|invalid`

// Addresses as they are written, with an @, and as they are said. What is said
// may be half written: john.smith at gmail dot com.
var (
	writtenEmail = regexp.MustCompile(`(?i)[a-z0-9][a-z0-9._%+\-']*\s?@\s?[a-z0-9\-]+(?:(?:\.[a-z0-9\-]+)+|\s?\.\s?(?:` + top + `)\b)`)
	saidDomain   = regexp.MustCompile(`(?i)(?:\s+at\s+(?:the\s+)?|\s*@\s*)((?:[a-z0-9\-]+[\s,]+){0,2}?[a-z0-9\-]+(?:(?:\s*,?\s+(?:dot|period|point)\s*,?\s+|\s*\.\s*)[a-z0-9\-]+)*(?:\s*,?\s+(?:dot|period|point)\s*,?\s+|\s*\.\s*)(?:` + top + `))\b`)
)

// connectors stand between the words of an address's name.
var connectors = map[string]string{
	"dot": ".", "period": ".", "point": ".", "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-", "plus": "+",
}

// outside are words that are said before an address and are no part of it.
var outside = set("is it's its email e-mail mail address my to me the that that's yes yeah sure reach and so um uh er well okay ok at with it use " +
	"send write under for on was be a an please you can just no i'm i this here's name of or our us by via look find online site website " +
	"visit shop page order orders check go available team support information more details read back again one's let have i've got got's not all " +
	"lowercase spelled")

// places are words that mean that the address is a website's.
var places = set("us site website page online shop look orders order visit store team more")

func emails(c *chunk) (out []hit) {
	for _, m := range writtenEmail.FindAllStringIndex(c.text, -1) {
		out = append(out, hit{m[0], m[1], ringside.RedactEmail, plainEmail(c.text[m[0]:m[1]])})
	}
	written := out
	for _, m := range saidDomain.FindAllStringSubmatchIndex(c.text, -1) {
		// What is written has its end: the next sentence is no part of it.
		for len(written) > 0 && written[0].end <= m[0] {
			written = written[1:]
		}
		if len(written) > 0 && written[0].start <= m[0] {
			continue
		}
		if start := localPart(c.text, m[0]); start < m[0] {
			out = append(out, hit{start, m[1], ringside.RedactEmail, plainEmail(c.text[start:m[1]])})
		}
	}
	return out
}

// halves are the beginnings of addresses that what is said breaks off in.
var halves = []*regexp.Regexp{
	regexp.MustCompile(`(?i)[a-z0-9][a-z0-9._%+\-']*@[a-z0-9.\-]*$`),
	regexp.MustCompile(`(?i)[a-z0-9]+(?:\s+(?:dot|underscore)\s+[a-z0-9]+)+(?:\s+at(?:\s+[a-z0-9\-]+){0,2})?(?:\s+(?:dot|underscore))?$`),
	regexp.MustCompile(`(?i)[a-z0-9]+\s+(?:dot|underscore)$`),
}

// site ends the name of a website, which is whole.
var site = regexp.MustCompile(`(?i)\b(?:dot|point|period)\s+(?:` + top + `)$`)

// halfEmails finds what may be the beginning of an address at the end of what is
// said at once: the rest comes next.
func halfEmails(c *chunk) (out []hit) {
	for _, p := range c.parts {
		from := max(p.start, p.end-longestName)
		text := strings.TrimRight(c.text[from:p.end], " .,")
		if site.MatchString(text) {
			continue
		}
		for _, half := range halves {
			if m := half.FindStringIndex(text); m != nil {
				out = append(out, hit{from + m[0], from + m[1], ringside.RedactEmail, plainEmail(text[m[0]:m[1]])})
			}
		}
	}
	return out
}

// maxPlain is how many words of an address's name may follow each other with
// nothing between them: first name and family name.
const maxPlain = 2

// longestName is how much of a text the name of an address takes, in bytes: one
// that is spelled out is long.
const longestName = 400

// localPart is where the name of an address begins that ends at a place; that
// place where there is none.
func localPart(text string, end int) int {
	from := max(0, end-longestName)
	if start := localStart(text[from:end]); from+start < end {
		return from + start
	}
	return end
}

// localStart is where the name begins that ends with a text.
func localStart(text string) int {
	all, end := atoms(text), len(text)
	start, plain, joined := end, 0, false
	for i := len(all) - 1; i >= 0; i-- {
		a := &all[i]
		gap := gapAfter(text, all, i, end)
		if strings.ContainsAny(gap, "?!:;()<>\"") {
			return start
		}
		// Letters that are spelled out go on as long as there are any.
		letter := a.digits != "" || len(a.word) == 1 && (a.word != "a" || start < end && len(all[i+1].word) == 1)
		switch {
		case connectors[a.word] != "" && start < end:
			joined, plain = true, 0
		case tight(gap) && start < end, letter, joined, repeats[a.word] > 0:
			joined, start = false, a.start
		case outside[a.word]:
			if start == end && places[a.word] {
				return end
			}
			return start
		case plain < maxPlain:
			plain, start = plain+1, a.start
			if i > 0 && outside[all[i-1].word] {
				return start
			}
		default:
			return start
		}
	}
	return start
}

func gapAfter(text string, all []atom, i, end int) string {
	if i+1 < len(all) {
		return text[all[i].end:all[i+1].start]
	}
	return text[all[i].end:end]
}

// tight tells of what joins the parts of a name that is written.
func tight(gap string) bool { return gap == "" || gap == "." || gap == "_" || gap == "-" || gap == "+" }

// plainEmail writes an address as one would.
func plainEmail(said string) string {
	var b strings.Builder
	all := atoms(said)
	for i := range all {
		a := &all[i]
		gap := ""
		if i > 0 {
			gap = strings.TrimSpace(said[all[i-1].end:a.start])
		}
		b.WriteString(strings.Trim(gap, ","))
		switch {
		case connectors[a.word] != "":
			b.WriteString(connectors[a.word])
		case a.word == "at" && i > 0:
			b.WriteString("@")
		case a.digits != "":
			b.WriteString(a.digits)
		default:
			b.WriteString(a.word)
		}
	}
	return b.String()
}
