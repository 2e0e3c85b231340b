// Package web serves the page: the built files with their cache headers, and
// index.html with a nonce for its content security policy.
package web

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
)

// noncePlace stands in index.html where the nonce goes.
const noncePlace = "__CSP_NONCE__"

// Handler serves the page from files; dev names a development server to ask
// instead, empty in production.
func Handler(files fs.FS, dev string) (http.Handler, error) {
	if dev != "" {
		u, err := url.Parse(dev)
		if err != nil {
			return nil, err
		}
		return httputil.NewSingleHostReverseProxy(u), nil
	}
	index, err := fs.ReadFile(files, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		index, err = fs.ReadFile(files, "placeholder.html")
	}
	if err != nil {
		return nil, err
	}
	return &page{files: files, index: index}, nil
}

type page struct {
	files fs.FS
	index []byte
}

// ServeHTTP implements http.Handler. A path that is no file is a place within
// the page, which finds it by itself.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name != "" && name != "index.html" {
		if b, err := fs.ReadFile(p.files, name); err == nil {
			p.file(w, r, name, b)
			return
		}
		if strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
	}
	p.serveIndex(w)
}

func (p *page) file(w http.ResponseWriter, r *http.Request, name string, b []byte) {
	h := w.Header()
	security(h)
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		h.Set("Content-Type", t)
	}
	h.Set("Cache-Control", "public, max-age=3600")
	if strings.HasPrefix(name, "assets/") { // their names hold a hash of them
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if zipped, err := fs.ReadFile(p.files, name+".gz"); err == nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		b = zipped
	}
	h.Add("Vary", "Accept-Encoding")
	_, _ = w.Write(b)
}

func (p *page) serveIndex(w http.ResponseWriter) {
	var raw [16]byte
	rand.Read(raw[:])
	nonce := base64.StdEncoding.EncodeToString(raw[:])
	h := w.Header()
	security(h)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'self'", "script-src 'self' 'nonce-" + nonce + "'", "style-src 'self' 'nonce-" + nonce + "'",
		"img-src 'self' data:", "media-src 'self' https: blob:", "connect-src 'self'", "font-src 'self'", "object-src 'none'", "base-uri 'none'",
		"form-action 'self'", "frame-ancestors 'none'",
	}, "; "))
	_, _ = w.Write(bytes.ReplaceAll(p.index, []byte(noncePlace), []byte(nonce)))
}

func security(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
}
