package simulate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// mould is a request that is sent many times: its call's id and its times are
// written anew in place for each, which costs next to nothing.
type mould struct {
	request []byte
	ids     []int // where the last idDigits of the call's id stand
	moments []moment
}

// moment is a time in the body, as far from the call's creation as it was.
type moment struct {
	at    int
	iso   bool
	after time.Duration
}

// idDigits is how many hex digits at the end of an id tell the calls of a run
// apart: the lower half counts, the upper half is the run's own.
const idDigits = 10

var momentPattern = regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"|[:,]1[6-9]\d{11}[,}]`)

// newMould makes a mould of a call, sent to the call-log API.
func newMould(c *Call, host, key string) (*mould, error) {
	d := c.Deliveries(false)[0]
	envelope := map[string]any{"provider": d.Provider, "payload": json.RawMessage(d.Body)}
	if d.LinkedAgent != "" {
		envelope["externalAgentId"], envelope["metadata"] = d.LinkedAgent, d.Metadata
	}
	path, body := "/api/rest/v2/call-logs", encode(envelope)
	if d.Provider == external {
		path, body = "/api/v1/observability/calls", d.Body
	}
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", path, host, key, len(body))
	m := &mould{request: append([]byte(head), body...)}
	id := []byte(c.id)
	for at := len(head); ; {
		i := bytes.Index(m.request[at:], id)
		if i < 0 {
			break
		}
		at += i + len(id)
		m.ids = append(m.ids, at-idDigits)
	}
	for _, span := range momentPattern.FindAllIndex(body, -1) {
		if err := m.addMoment(body, span, len(head), c.createdAt); err != nil {
			return nil, err
		}
	}
	if len(m.ids) == 0 || len(m.moments) == 0 {
		return nil, fmt.Errorf("a %s body shows no id or no time", d.Provider)
	}
	return m, nil
}

func (m *mould) addMoment(body []byte, span []int, offset int, created time.Time) error {
	text := string(body[span[0]+1 : span[1]-1])
	t, err := time.Parse(vapiTime, text)
	iso := err == nil
	if !iso {
		ms, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("time %q: %w", text, err)
		}
		t = time.UnixMilli(ms).UTC()
	}
	m.moments = append(m.moments, moment{span[0] + 1 + offset, iso, t.Sub(created)})
	return nil
}

// cast writes the id and the times of a call into a copy of the request.
func (m *mould) cast(dst []byte, id uint64, created time.Time) []byte {
	dst = append(dst[:0], m.request...)
	for _, at := range m.ids {
		v := id
		for i := idDigits - 1; i >= 0; i-- {
			dst[at+i] = "0123456789abcdef"[v&15]
			v >>= 4
		}
	}
	for _, p := range m.moments {
		t := created.Add(p.after)
		if p.iso {
			var text [32]byte // AppendFormat uses more than it fills
			copy(dst[p.at:], t.AppendFormat(text[:0], vapiTime))
			continue
		}
		strconv.AppendInt(dst[p.at:p.at], t.UnixMilli(), 10)
	}
	return dst
}
