package blob_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/blob"
)

const (
	keyID  = "recorder"
	secret = "s3-secret-for-the-test"
)

// fakeS3 keeps objects of one bucket and answers only who signs with the key,
// by version 4 of the signature.
type fakeS3 struct {
	*httptest.Server

	mu      sync.Mutex
	objects map[string]object // guarded by mu
	shut    bool              // guarded by mu: the key opens nothing any more
}

type object struct {
	body   []byte
	header http.Header
}

func newFakeS3(t *testing.T) *fakeS3 {
	f := &fakeS3{objects: map[string]object{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !signed(r) {
		refuse(w, http.StatusForbidden, "SignatureDoesNotMatch")
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	o, there := f.objects[key]
	switch {
	case f.shut:
		refuse(w, http.StatusForbidden, "AccessDenied")
	case bucket != "calls":
		refuse(w, http.StatusNotFound, "NoSuchBucket")
	case key == "":
		w.WriteHeader(http.StatusOK)
	case r.Method == http.MethodPut:
		body, err := unchunked(r)
		if err != nil {
			refuse(w, http.StatusBadRequest, "IncompleteBody")
			return
		}
		f.objects[key] = object{body, r.Header.Clone()}
		w.Header().Set("ETag", `"1"`)
	case r.Method == http.MethodDelete:
		delete(f.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		refuse(w, http.StatusNotFound, "NoSuchKey")
	default:
		for name, v := range o.header {
			if strings.HasPrefix(name, "X-Amz-Meta-") || name == "Content-Type" {
				w.Header()[name] = v
			}
		}
		w.Header().Set("ETag", `"1"`)
		http.ServeContent(w, r, "", time.Unix(1_790_000_000, 0), bytes.NewReader(o.body))
	}
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
}

// unchunked reads a body that comes in signed chunks, or whole.
func unchunked(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil || !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return body, err
	}
	var out []byte
	for {
		head, rest, ok := bytes.Cut(body, []byte("\r\n"))
		size, _, _ := strings.Cut(string(head), ";")
		var n int
		if _, err := fmt.Sscanf(size, "%x", &n); err != nil || !ok || n > len(rest) {
			return nil, fmt.Errorf("chunk %q", head)
		}
		if n == 0 {
			return out, nil
		}
		out, body = append(out, rest[:n]...), bytes.TrimPrefix(rest[n:], []byte("\r\n"))
	}
}

// signed tells whether a request carries the signature of the key.
func signed(r *http.Request) bool {
	auth, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	parts := map[string]string{}
	for part := range strings.SplitSeq(auth, ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[k] = v
	}
	id, scope, _ := strings.Cut(parts["Credential"], "/")
	at := strings.Split(scope, "/") // day, region, service, aws4_request
	if !ok || id != keyID || len(at) != 4 {
		return false
	}
	head := ""
	for name := range strings.SplitSeq(parts["SignedHeaders"], ";") {
		v := r.Header.Get(name)
		if name == "host" {
			v = r.Host
		}
		if name == "content-length" {
			v = fmt.Sprint(r.ContentLength)
		}
		head += name + ":" + strings.TrimSpace(v) + "\n"
	}
	query := r.URL.Query()
	var q []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		q = append(q, url.QueryEscape(name)+"="+url.QueryEscape(query.Get(name)))
	}
	canonical := strings.Join([]string{r.Method, r.URL.EscapedPath(), strings.Join(q, "&"), head, parts["SignedHeaders"], r.Header.Get("X-Amz-Content-Sha256")}, "\n")
	sum := sha256.Sum256([]byte(canonical))
	text := "AWS4-HMAC-SHA256\n" + r.Header.Get("X-Amz-Date") + "\n" + scope + "\n" + hex.EncodeToString(sum[:])
	key := []byte("AWS4" + secret)
	for _, step := range append(at, text) {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(step))
		key = h.Sum(nil)
	}
	return hex.EncodeToString(key) == parts["Signature"]
}

func (f *fakeS3) open(t *testing.T, change func(*blob.BucketConfig)) (*blob.Bucket, error) {
	c := blob.BucketConfig{URL: "s3://calls/kept?region=eu-central-1&endpoint=" + url.QueryEscape(f.URL), KeyID: keyID, Secret: secret, Aside: t.TempDir()}
	if change != nil {
		change(&c)
	}
	return blob.OpenBucket(t.Context(), c)
}

var call = ringside.NewCallID("ws", "vapi", "1")

func TestABucketKeepsRecordings(t *testing.T) {
	f := newFakeS3(t)
	b, err := f.open(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Open(call); b.Has(call) || ringside.KindOf(err) != ringside.NotFound {
		t.Errorf("before: there, or %v", err)
	}
	wav := append([]byte("RIFF\x24\x10\x00\x00WAVEfmt "), bytes.Repeat([]byte{1, 2, 3, 4}, 300_000)...)
	if err := b.Keep(t.Context(), call, bytes.NewReader(wav)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time as somebody copied it there, without what we note
		r, k, err := b.Open(call)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(wav)
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, wav) || k.SHA256 != hex.EncodeToString(sum[:]) || k.Type != "audio/wave" || k.Bytes != int64(len(wav)) || k.At.IsZero() {
			t.Errorf("%d bytes, %+v, %v", len(got), k, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		f.mu.Lock()
		for key, o := range f.objects {
			if want := "kept/" + call.Short(2) + "/" + call.String(); key != want {
				t.Errorf("stands at %s, want %s", key, want)
			}
			o.header.Del("X-Amz-Meta-Sha256")
		}
		f.mu.Unlock()
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.Header.Set("Range", "bytes=100-199")
	b.Serve(w, r, call)
	if w.Code != http.StatusPartialContent || !bytes.Equal(w.Body.Bytes(), wav[100:200]) || w.Header().Get("Content-Type") != "audio/wave" {
		t.Errorf("a range: %d, %d bytes of %s", w.Code, w.Body.Len(), w.Header().Get("Content-Type"))
	}
	for range 2 {
		if err := b.Remove(call); err != nil || b.Has(call) {
			t.Errorf("removed: %v, still there: %v", err, b.Has(call))
		}
	}
	w = httptest.NewRecorder()
	if b.Serve(w, r, call); w.Code != http.StatusNotFound {
		t.Errorf("served when removed: %d", w.Code)
	}
}

// A store that does not answer is none that has nothing: what it keeps is not
// taken for gone, and so not for removed.
func TestABucketThatDoesNotAnswer(t *testing.T) {
	f := newFakeS3(t)
	b, err := f.open(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	f.shut = true
	f.mu.Unlock()
	if _, _, err := b.Open(call); !b.Has(call) || err == nil || ringside.KindOf(err) == ringside.NotFound {
		t.Errorf("there: %v, opened: %v", b.Has(call), err)
	}
	if err := b.Remove(call); err == nil {
		t.Error("it is removed")
	}
	w := httptest.NewRecorder()
	if b.Serve(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), call); w.Code != http.StatusServiceUnavailable {
		t.Errorf("served: %d", w.Code)
	}
}

// A recording that breaks off on its way is not kept, and nothing of it stays.
func TestABucketKeepsNoHalfRecording(t *testing.T) {
	f := newFakeS3(t)
	b, err := f.open(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	broken := io.MultiReader(strings.NewReader("RIFF"), failing{})
	if err := b.Keep(t.Context(), call, broken); !errors.Is(err, errBroken) || b.Has(call) {
		t.Errorf("kept: %v, %v", b.Has(call), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Keep(ctx, call, strings.NewReader("RIFF")); err == nil || b.Has(call) {
		t.Errorf("kept after the end: %v, %v", b.Has(call), err)
	}
}

var errBroken = errors.New("broken off")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBroken }

// What is wrong with a bucket is said at the start.
func TestBucketsThatAreRefused(t *testing.T) {
	f := newFakeS3(t)
	for _, tc := range []struct {
		name, want string
		change     func(*blob.BucketConfig)
	}{
		{"no bucket's address", "is no bucket; it looks like s3://", func(c *blob.BucketConfig) { c.URL = "https://files.example.com" }},
		{"no endpoint", "is not a web address", func(c *blob.BucketConfig) { c.URL = "s3://calls?endpoint=minio" }},
		{"another's key", "reach the bucket calls", func(c *blob.BucketConfig) { c.Secret = "another" }},
		{"no such bucket", "there is no bucket others", func(c *blob.BucketConfig) { c.URL = strings.Replace(c.URL, "calls", "others", 1) }},
	} {
		_, err := f.open(t, tc.change)
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}
