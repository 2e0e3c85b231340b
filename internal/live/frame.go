package live

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"github.com/ringsidehq/ringside"
)

// The events of the stream.
const (
	EventSnapshot = "snapshot"
	EventStarted  = "call_started"
	EventUpdated  = "call_updated"
	EventLine     = "transcript"
	EventAlert    = "alert_triggered"
	EventResolved = "alert_resolved"
	EventEnded    = "call_ended"
	EventResync   = "resync"
	EventPing     = "ping"
)

// Frame is an event of the stream, encoded once for everybody.
type Frame struct {
	Seq  uint64
	Type string
	SSE  []byte // as an event of a stream, number and type with it
	Data []byte // the JSON in it

	call    ringside.CallID
	agentID string
	agent   string
	alerted bool
	at      time.Time // when it was published
}

// encode writes a frame: the object gets its number, type and call in front.
func encode(epoch string, seq uint64, kind, call string, body []byte) (sse, data []byte) {
	var b bytes.Buffer
	b.Grow(len(body) + 160)
	b.WriteString("id: " + epoch + "-")
	b.Write(strconv.AppendUint(b.AvailableBuffer(), seq, 10))
	b.WriteString("\nevent: " + kind + "\ndata: ")
	from := b.Len()
	b.WriteString(`{"seq":`)
	b.Write(strconv.AppendUint(b.AvailableBuffer(), seq, 10))
	b.WriteString(`,"type":"` + kind + `","callId":"` + call + `"`)
	if len(body) > 2 {
		b.WriteByte(',')
		b.Write(body[1:])
	} else {
		b.WriteByte('}')
	}
	to := b.Len()
	b.WriteString("\n\n")
	return b.Bytes(), b.Bytes()[from:to]
}

// Message makes a frame that is no call's.
func Message(epoch string, seq uint64, kind string, v any) *Frame {
	body, err := json.Marshal(v)
	if err != nil { // calls and counts: nothing in them can't be written
		body = []byte("{}")
	}
	var b bytes.Buffer
	b.Grow(len(body) + 160)
	if epoch != "" {
		b.WriteString("id: " + epoch + "-" + strconv.FormatUint(seq, 10) + "\n")
	}
	b.WriteString("event: " + kind + "\ndata: ")
	from := b.Len()
	b.WriteString(`{"seq":` + strconv.FormatUint(seq, 10) + `,"type":"` + kind + `"`)
	if len(body) > 2 {
		b.WriteByte(',')
		b.Write(body[1:])
	} else {
		b.WriteByte('}')
	}
	to := b.Len()
	b.WriteString("\n\n")
	return &Frame{Seq: seq, Type: kind, SSE: b.Bytes(), Data: b.Bytes()[from:to]}
}
