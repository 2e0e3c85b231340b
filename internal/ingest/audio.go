package ingest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
)

// maxAudioBody is the largest body that carries a recording inside.
const maxAudioBody = 64 << 20

// AudioStore keeps a recording that came inside of a delivery.
type AudioStore interface {
	// Keep stores what it reads as the recording of a call. Keeping the same
	// call's again replaces it.
	Keep(ctx context.Context, call ringside.CallID, audio io.Reader) error
	// Remove removes the recording of a call, if there is one.
	Remove(call ringside.CallID) error
}

// bodyLimit is how much a provider may send at once.
func (d *Door) bodyLimit(providerID string) int64 {
	if providerID == "elevenlabs" {
		return maxAudioBody
	}
	return MaxBody
}

// audioBody is a delivery with a recording inside.
type audioBody struct {
	Type string `json:"type"`
	Data struct {
		ConversationID string `json:"conversation_id"`
		FullAudio      string `json:"full_audio"`
	} `json:"data"`
}

// lift takes the recording out of a body that carries one, keeps it on disk
// and leaves the body without it. Other bodies stay as they are.
func (d *Door) lift(ctx context.Context, in *delivery) error {
	if in.provider.ID != "elevenlabs" || d.cfg.Audio == nil || !strings.Contains(string(in.body[:min(len(in.body), 4096)]), "post_call_audio") {
		if len(in.body) > MaxBody {
			return ringside.Errorf(ringside.TooLarge, "the body is larger than %d MiB", MaxBody>>20)
		}
		return nil
	}
	var a audioBody
	if err := provider.Unmarshal(in.body, &a); err != nil || a.Type != "post_call_audio" || a.Data.ConversationID == "" || a.Data.FullAudio == "" {
		return nil //nolint:nilerr // the decoder says what is wrong with it
	}
	call := ringside.NewCallID(in.workspace, in.provider.ID, a.Data.ConversationID)
	audio := base64.NewDecoder(base64.StdEncoding, strings.NewReader(a.Data.FullAudio))
	if err := d.cfg.Audio.Keep(ctx, call, audio); err != nil {
		if _, corrupt := errors.AsType[base64.CorruptInputError](err); !corrupt && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("keep audio of call %s: %w", call, err)
		}
		in.broken = ringside.Invalidf("/data/full_audio", "is not base64")
	} else {
		in.recorded = call
	}
	start := strings.Index(string(in.body), a.Data.FullAudio)
	if start < 0 { // escaped in some way: decode as it is
		return nil
	}
	stripped := append([]byte(nil), in.body[:start]...)
	in.body = append(stripped, in.body[start+len(a.Data.FullAudio):]...)
	return nil
}

// settle removes the recording again that came for a call which was deleted.
func (d *Door) settle(in *delivery, r ledger.Result) error {
	if in.recorded.IsZero() || r.Action != ledger.Duplicate || r.Call != nil {
		return nil
	}
	if err := d.cfg.Audio.Remove(in.recorded); err != nil {
		return fmt.Errorf("remove audio of deleted call %s: %w", in.recorded, err)
	}
	return nil
}
