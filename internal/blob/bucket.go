package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/ringsidehq/ringside"
)

// Bucket keeps recordings in an object store that speaks S3, one object for
// each call, named as Store names its files.
type Bucket struct {
	client         *minio.Client
	bucket, prefix string
	aside          string // the folder that a recording is written to on its way
}

// BucketConfig says where a bucket is.
type BucketConfig struct {
	URL           string // s3://bucket/prefix?endpoint=https://…&region=…; no endpoint: Amazon's
	KeyID, Secret string // empty: the machine's role
	Aside         string // a folder for recordings on their way
}

// answerWithin bounds questions about an object; its bytes take as long as they
// take.
const answerWithin = 30 * time.Second

// What a Bucket notes with an object beside its bytes.
const metaSHA256 = "Sha256"

// OpenBucket makes sure that the bucket is there and can be reached.
func OpenBucket(ctx context.Context, c BucketConfig) (*Bucket, error) {
	b := &Bucket{aside: c.Aside}
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return nil, ringside.Invalidf("recordings", "%q is no bucket; it looks like s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1", c.URL)
	}
	b.bucket, b.prefix = u.Host, strings.Trim(u.Path, "/")
	at := &url.URL{Scheme: "https", Host: "s3.amazonaws.com"}
	if e := u.Query().Get("endpoint"); e != "" {
		if at, err = url.Parse(e); err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" {
			return nil, ringside.Invalidf("recordings", "the endpoint %q is not a web address", e)
		}
	}
	creds := credentials.NewIAM("")
	if c.KeyID != "" {
		creds = credentials.NewStaticV4(c.KeyID, c.Secret, "")
	}
	b.client, err = minio.New(at.Host, &minio.Options{Creds: creds, Secure: at.Scheme == "https", Region: u.Query().Get("region")})
	if err != nil {
		return nil, fmt.Errorf("open bucket: %w", err)
	}
	if err := makeFolder(c.Aside); err != nil {
		return nil, err
	}
	ctx, done := context.WithTimeout(ctx, answerWithin)
	defer done()
	switch there, err := b.client.BucketExists(ctx, b.bucket); {
	case err != nil:
		return nil, fmt.Errorf("reach the bucket %s at %s: %w", b.bucket, at.Host, err)
	case !there:
		return nil, fmt.Errorf("there is no bucket %s at %s; make it, or mend RINGSIDE_RECORDINGS", b.bucket, at.Host)
	}
	return b, nil
}

func (b *Bucket) key(id ringside.CallID) string {
	return path.Join(b.prefix, id.Short(2), id.String())
}

// Keep stores a recording, whole or not at all: the store has it when Keep
// returns. A recording that was there is replaced.
func (b *Bucket) Keep(ctx context.Context, id ringside.CallID, audio io.Reader) (err error) {
	f, err := os.CreateTemp(b.aside, onItsWay+"*")
	if err != nil {
		return fmt.Errorf("make recording: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if _, err := io.Copy(f, audio); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	k, err := describe(f)
	if err != nil {
		return fmt.Errorf("read recording: %w", err)
	}
	_, err = b.client.PutObject(ctx, b.bucket, b.key(id), f, k.Bytes, minio.PutObjectOptions{
		ContentType: k.Type, UserMetadata: map[string]string{metaSHA256: k.SHA256},
	})
	if err != nil {
		return fmt.Errorf("store recording: %w", err)
	}
	return nil
}

// Has tells whether a call's recording is kept. A store that does not answer is
// taken for one that has it: who then opens or removes it meets the error, and
// nobody takes it for gone.
func (b *Bucket) Has(id ringside.CallID) bool {
	ctx, done := context.WithTimeout(context.Background(), answerWithin)
	defer done()
	_, err := b.client.StatObject(ctx, b.bucket, b.key(id), minio.StatObjectOptions{})
	return err == nil || !isGone(err)
}

// Open opens a call's recording and says what it is, but for where it is from;
// ringside.NotFound when none is kept. The caller closes it.
func (b *Bucket) Open(id ringside.CallID) (io.ReadSeekCloser, ringside.Kept, error) {
	o, info, err := b.object(context.Background(), id)
	if err != nil {
		return nil, ringside.Kept{}, err
	}
	k := ringside.Kept{Type: info.ContentType, Bytes: info.Size, SHA256: info.UserMetadata[metaSHA256], At: info.LastModified.UTC().Truncate(time.Millisecond)}
	if k.SHA256 == "" { // somebody else put it there
		if k.Type, k.SHA256, err = sniff(o); err != nil {
			return nil, ringside.Kept{}, errors.Join(fmt.Errorf("read recording: %w", err), o.Close())
		}
	}
	return o, k, nil
}

func isGone(err error) bool { return minio.ToErrorResponse(err).StatusCode == http.StatusNotFound }

func (b *Bucket) object(ctx context.Context, id ringside.CallID) (*minio.Object, minio.ObjectInfo, error) {
	o, err := b.client.GetObject(ctx, b.bucket, b.key(id), minio.GetObjectOptions{})
	if err != nil {
		return nil, minio.ObjectInfo{}, fmt.Errorf("open recording: %w", err)
	}
	info, err := o.Stat()
	if err != nil {
		if isGone(err) {
			err = ringside.Errorf(ringside.NotFound, "no recording of the call is kept")
		}
		return nil, minio.ObjectInfo{}, errors.Join(fmt.Errorf("open recording: %w", err), o.Close())
	}
	return o, info, nil
}

// Remove removes a call's recording, if there is one.
func (b *Bucket) Remove(id ringside.CallID) error {
	ctx, done := context.WithTimeout(context.Background(), answerWithin)
	defer done()
	if err := b.client.RemoveObject(ctx, b.bucket, b.key(id), minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("remove recording: %w", err)
	}
	return nil
}

// Serve answers a request with a call's recording, as Store's does.
func (b *Bucket) Serve(w http.ResponseWriter, r *http.Request, id ringside.CallID) {
	o, info, err := b.object(r.Context(), id)
	switch {
	case ringside.KindOf(err) == ringside.NotFound:
		http.NotFound(w, r)
	case err != nil:
		http.Error(w, "the store of recordings does not answer; try again later", http.StatusServiceUnavailable)
	default:
		defer o.Close()
		serve(w, r, o, info.LastModified, strconv.Quote(info.ETag))
	}
}
