package egress

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// loopback lets requests through to test servers.
func loopback(t *testing.T, z zone, roots *x509.CertPool) *Gate {
	t.Helper()
	g := New(Config{Allow: prefixes("127.0.0.0/8"), Resolver: z.resolver(t), RootCAs: roots})
	t.Cleanup(g.Close)
	return g
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func fetch(t *testing.T, c *http.Client, url string, header ...string) (*http.Response, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := c.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res, string(b), err
}

func TestRequestsReachWhatIsAllowed(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.Host, b)
	})
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	c := loopback(t, zone{"hooks.example.com": {{"127.0.0.1"}}}, nil).Client(Limits{})
	for _, host := range []string{"127.0.0.1", "hooks.example.com"} {
		_, body, err := fetch(t, c, "http://"+host+":"+port+"/hook")
		if want := "POST " + host + ":" + port + ` {"a":1}`; err != nil || body != want {
			t.Errorf("%s: %q, %v, want %q", host, body, err, want)
		}
	}
}

func TestCertificatesAreChecked(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }))
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	if _, body, err := fetch(t, loopback(t, nil, roots).Client(Limits{}), s.URL); err != nil || body == "" {
		t.Errorf("a server that is known: %q, %v", body, err)
	}
	_, _, err := fetch(t, loopback(t, nil, nil).Client(Limits{}), s.URL)
	if err == nil || Explain(err) != "the certificate is not valid for this host" {
		t.Errorf("a server that nobody vouches for: %v", err)
	}
	z := zone{"other.test.example": {{"127.0.0.1"}}}
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	_, _, err = fetch(t, loopback(t, z, roots).Client(Limits{}), "https://other.test.example:"+port)
	if err == nil || Explain(err) != "the certificate is not valid for this host" {
		t.Errorf("a certificate of another name: %v", err)
	}
}

// A name that leads to an allowed address at one look-up and to a forbidden
// one at the next is looked up for each connection, and each is checked.
func TestANameThatTurnsIsCheckedEachTime(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	c := loopback(t, zone{"turns.example.com": {{"127.0.0.1"}, {"10.0.0.1"}}}, nil).Client(Limits{})
	if _, _, err := fetch(t, c, "http://turns.example.com:"+port); err != nil {
		t.Fatal(err)
	}
	_, _, err := fetch(t, c, "http://turns.example.com:"+port)
	if r, ok := errors.AsType[*Refusal](err); !ok || strings.Contains(r.Reason, "10.0.0.1") {
		t.Errorf("%v, want a refusal that does not tell where the name leads", err)
	}
}

// http stays within the allowed ranges, wherever a name leads.
func TestPlainHTTPStaysInside(t *testing.T) {
	t.Parallel()
	c := loopback(t, zone{"public.example.com": {{"8.8.8.8"}}}, nil).Client(Limits{})
	_, _, err := fetch(t, c, "http://public.example.com/")
	if !errors.Is(err, errPlain) {
		t.Errorf("%v", err)
	}
}

// A secret goes to the host that it was saved for and to no other, and so does
// everything else: a redirect elsewhere ends there.
func TestRedirects(t *testing.T) {
	t.Parallel()
	var others []string
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		others = append(others, r.Header.Get("X-Api-Key")+r.URL.Path)
	})
	var seen []string
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "here "+r.Header.Get("X-Api-Key")) })
	hop := func(path, to string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			seen = append(seen, path)
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
		})
	}
	hop("/away", other.URL+"/x")
	hop("/meta", "http://169.254.169.254/latest/")
	hop("/private", "https://10.0.0.1/")
	hop("/scheme", "file:///etc/passwd")
	hop("/user", "http://u:p@"+strings.TrimPrefix(other.URL, "http://"))
	hop("/once", "/")
	hop("/three", "/two")
	hop("/two", "/once")
	hop("/four", "/three")
	hop("/round", "/round")
	s := serve(t, mux.ServeHTTP)
	c := loopback(t, nil, nil).Client(Limits{Redirects: 10})
	for path, want := range map[string]string{
		"/once": "here hush", "/three": "here hush",
		"/away": "another host", "/meta": "another host", "/private": "another host", "/scheme": "another host", "/user": "another host",
		"/four": "more than 3 times", "/round": "more than 3 times",
	} {
		_, body, err := fetch(t, c, s.URL+path, "X-Api-Key", "hush")
		if got := fmt.Sprint(body, err); !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if len(others) > 0 {
		t.Errorf("the other host was asked, with the secret: %q", others)
	}
	seen = nil
	res, _, err := fetch(t, loopback(t, nil, nil).Client(Limits{}), s.URL+"/once")
	if err != nil || res.StatusCode != http.StatusTemporaryRedirect || len(seen) != 1 {
		t.Errorf("a client that follows none: %v, %v, %q", res, err, seen)
	}
}

func TestWhatIsTheSameHost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		same     bool
	}{
		{"https://a.com/", "https://A.com:443/x", true},
		{"http://a.com/", "https://a.com/", true},
		{"http://a.com:80/", "https://a.com:443/", true},
		{"https://a.com/", "http://a.com/", false},
		{"http://a.com:8080/", "https://a.com/", false},
		{"http://a.com/", "https://a.com:8443/", false},
		{"https://a.com/", "https://a.com:8443/", false},
		{"https://a.com/", "https://b.a.com/", false},
	} {
		from, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, c.from, nil)
		to, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, c.to, nil)
		if got := SameHost(from.URL, to.URL); got != c.same {
			t.Errorf("%s and %s: %t", c.from, c.to, got)
		}
	}
}

// Answers are bounded after decompression: a small one that unpacks to much is
// cut off as well.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 2000)) })
	g := loopback(t, nil, nil)
	_, _, err := fetch(t, g.Client(Limits{Body: 1999}), s.URL)
	if _, ok := errors.AsType[*http.MaxBytesError](err); !ok || Explain(err) != "the answer is too large" {
		t.Errorf("one byte over: %v", err)
	}
	if _, body, err := fetch(t, g.Client(Limits{Body: 2000}), s.URL); err != nil || len(body) != 2000 {
		t.Errorf("just at the limit: %d bytes, %v", len(body), err)
	}
}

func TestNothingFromTheEnvironmentAndNoCookies(t *testing.T) {
	port, caught := trap(t)
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:"+port)
	t.Setenv("http_proxy", "http://127.0.0.1:"+port)
	t.Setenv("ALL_PROXY", "http://127.0.0.1:"+port)
	cookies := 0
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cookies += len(r.Cookies())
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
	})
	c := loopback(t, nil, nil).Client(Limits{})
	for range 2 {
		if _, _, err := fetch(t, c, s.URL); err != nil {
			t.Fatal(err)
		}
	}
	if cookies > 0 || caught.Load() > 0 {
		t.Errorf("%d cookies came back, %d requests went to the proxy", cookies, caught.Load())
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	slow := serve(t, func(http.ResponseWriter, *http.Request) { <-hang })
	t.Cleanup(func() { close(hang) })
	reset := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		c, _, _ := http.NewResponseController(w).Hijack()
		c.Close()
	})
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	g := loopback(t, nil, nil)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		url  string
		ctx  context.Context
		want string
	}{
		{slow.URL, t.Context(), "no answer in time"},
		{slow.URL, cancelled, "the request was cut off"},
		{reset.URL, t.Context(), "the connection was closed before an answer came"},
		{gone.URL, t.Context(), "the connection was refused"},
		{"https://" + strings.TrimPrefix(plain.URL, "http://"), t.Context(), "no secure connection could be made"},
		{"http://unknown.example.com", t.Context(), "the host's name is not known"},
		{"https://10.0.0.1/?token=hush", t.Context(), "private or reserved"},
	} {
		r, _ := http.NewRequestWithContext(c.ctx, http.MethodPost, c.url, nil)
		res, err := g.Client(Limits{Timeout: 2 * time.Second}).Do(r)
		if err == nil {
			res.Body.Close()
			t.Errorf("%s answered", c.url)
			continue
		}
		if got := Explain(err); !strings.Contains(got, c.want) || strings.Contains(got, "hush") || strings.Contains(got, "127.0.0.1") {
			t.Errorf("%s: %q (%v), want %q", c.url, got, err, c.want)
		}
	}
}

func TestHost(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://Example.com/a": "example.com:443", "https://example.com:443": "example.com:443", "http://example.com": "example.com:80", "https://example.com:8443/x?y": "example.com:8443",
		"https://[2606:4700::1111]/": "[2606:4700::1111]:443", "": "", "::": "", "example.com": "", "/path": "",
	} {
		if got := Host(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}
