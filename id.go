package ringside

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"
)

// idAlphabet is RFC 4648's base32 alphabet in lower case: it sorts like the
// bytes it encodes only for the digits and letters in this order.
const idAlphabet = "234567abcdefghijklmnopqrstuvwxyz"

var idEncoding = base32.NewEncoding(idAlphabet).WithPadding(base32.NoPadding)

const callPrefix = "call_"

// CallID names a call. It is a UUIDv8 made from the workspace, the provider
// and the provider's own id, so it is known before anything is stored and the
// same for every delivery about the call.
type CallID [16]byte

// NewCallID derives the id of a provider's call in a workspace.
func NewCallID(workspace, provider, providerCallID string) CallID {
	h := sha256.New()
	for _, part := range []string{workspace, provider, providerCallID} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write([]byte(part))
	}
	var id CallID
	copy(id[:], h.Sum(nil))
	id[6] = id[6]&0x0f | 0x80 // version 8
	id[8] = id[8]&0x3f | 0x80 // RFC 9562 variant
	return id
}

// String is the id as the API writes it: call_ and 26 base32 characters.
func (id CallID) String() string { return callPrefix + idEncoding.EncodeToString(id[:]) }

// UUID is the id as the observability API writes it.
func (id CallID) UUID() string {
	h := hex.EncodeToString(id[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// Short is the first n characters of the id without its prefix.
func (id CallID) Short(n int) string { return idEncoding.EncodeToString(id[:])[:n] }

// How long a short id is: the first, unless that clashes within a workspace.
const (
	ShortIDLen     = 8
	LongShortIDLen = 13
)

// ShortRange gives the ids, from lo on and below hi, that begin with the same
// ShortIDLen characters.
func (id CallID) ShortRange() (lo, hi []byte) {
	lo, hi, _ = ShortRange(id.Short(ShortIDLen))
	return lo, hi
}

// ShortRange gives the ids that a short id may be the beginning of, from lo on
// and below hi; false when it is not the beginning of any.
func ShortRange(short string) (lo, hi []byte, ok bool) {
	if len(short) < ShortIDLen {
		return nil, nil, false
	}
	prefix, err := idEncoding.DecodeString(short[:ShortIDLen])
	if err != nil {
		return nil, nil, false
	}
	lo, hi = make([]byte, len(CallID{})), bytes.Repeat([]byte{0xff}, len(CallID{})+1)
	copy(lo, prefix)
	copy(hi, prefix)
	return lo, hi, true
}

// IsZero tells whether the id names no call.
func (id CallID) IsZero() bool { return id == CallID{} }

// MarshalText implements encoding.TextMarshaler.
func (id CallID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; it takes what ParseCallID
// takes.
func (id *CallID) UnmarshalText(b []byte) error {
	v, ok := ParseCallID(string(b))
	if !ok {
		return Invalidf("", "%q is not a call id", b)
	}
	*id = v
	return nil
}

// ParseCallID reads a call id in its prefixed or its UUID form. A short id is
// not an id: it takes a look-up within a workspace.
func ParseCallID(s string) (CallID, bool) {
	var id CallID
	if rest, ok := strings.CutPrefix(s, callPrefix); ok {
		b, err := idEncoding.DecodeString(rest)
		if err != nil || len(b) != len(id) {
			return CallID{}, false
		}
		return CallID(b), true
	}
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(b) != len(id) || len(s) != 36 {
		return CallID{}, false
	}
	return CallID(b), true
}

// NewID makes an id that sorts by the time it was made: the prefix, an
// underscore and 26 base32 characters (48 bits of milliseconds, 80 random).
func NewID(prefix string, at time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(at.UnixMilli())<<16)
	// crypto/rand.Read never fails: it crashes the program instead.
	rand.Read(b[6:])
	return prefix + "_" + idEncoding.EncodeToString(b[:])
}

// IDAsUUID writes an id that NewID made as a UUID, for interfaces that know no
// other ids; one of another form stays as it is.
func IDAsUUID(id string) string {
	_, rest, _ := strings.Cut(id, "_")
	b, err := idEncoding.DecodeString(rest)
	if err != nil || len(b) != len(CallID{}) {
		return id
	}
	return CallID(b).UUID()
}

// IDFromUUID undoes IDAsUUID for ids with a prefix.
func IDFromUUID(prefix, s string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(b) != len(CallID{}) || len(s) != 36 {
		return s
	}
	return prefix + "_" + idEncoding.EncodeToString(b)
}
