package testpki

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	maxRequestBytes = 64 << 10
	piece           = 32 << 10 // of an endless answer
)

// ServeHTTP answers GET /authority/service, OCSP requests in both forms of RFC 6960,
// A.1, and requests for time stamps by POST.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 3)
	if len(parts) < 2 || parts[0] != "root" && parts[0] != "issuing" {
		http.NotFound(w, r)
		return
	}
	service := Service(parts[1])
	var request []byte
	var err error
	if service == OCSPService || service == TSAService {
		switch {
		case r.Method == http.MethodPost:
			request, err = io.ReadAll(io.LimitReader(r.Body, maxRequestBytes))
		case len(parts) == 3 && service == OCSPService:
			request, err = base64.StdEncoding.DecodeString(parts[2])
		}
		if err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
	}
	s.mu.Lock()
	s.requests[service]++
	fault := s.faults[service]
	body, mediaType, err := s.content(parts[0], service, request, fault)
	s.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.deliver(w, r, fault, mediaType, body)
}

// deliver sends an answer in the way that a fault wants.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, f Fault, mediaType string, body []byte) {
	redirects := map[Fault]string{
		RedirectLoop: r.URL.Path, RedirectPrivate: "http://10.1.2.3/" + r.URL.Path, RedirectLocal: "http://localhost" + r.URL.Path,
		RedirectMapped: "http://[::ffff:127.0.0.1]" + r.URL.Path, RedirectFile: "file:///etc/hostname",
	}
	if to, ok := redirects[f]; ok {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
		return
	}
	w.Header().Set("Content-Type", mediaType)
	switch f {
	case WrongType:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	case RedirectOnce:
		if r.URL.RawQuery == "" {
			w.Header().Set("Location", r.URL.EscapedPath()+"?again=secret")
			w.WriteHeader(http.StatusTemporaryRedirect)
			return
		}
	case Unavailable:
		w.WriteHeader(http.StatusServiceUnavailable)
	case NotFound:
		w.WriteHeader(http.StatusNotFound)
	case Huge:
		w.Header().Set("Content-Length", "1099511627776")
	case CutOff:
		w.Header().Set("Content-Length", "1000000")
	case Silent:
		s.wait(r, 0)
		return
	case Endless:
		s.endless(w, r, make([]byte, piece), 0)
		return
	case Dripping:
		s.endless(w, r, []byte{0x30}, 5*time.Millisecond)
		return
	}
	_, _ = w.Write(body)
}

// endless repeats an answer until somebody gives up.
func (s *Server) endless(w http.ResponseWriter, r *http.Request, part []byte, pause time.Duration) {
	for {
		if _, err := w.Write(part); err != nil {
			return
		}
		if pause > 0 {
			_ = http.NewResponseController(w).Flush()
			if !s.wait(r, pause) {
				return
			}
		}
	}
}

// wait lets time pass, without end for 0; false when there is nobody left to answer.
func (s *Server) wait(r *http.Request, pause time.Duration) bool {
	var after <-chan time.Time
	if pause > 0 {
		after = time.After(pause)
	}
	select {
	case <-after:
		return true
	case <-r.Context().Done():
	case <-s.closed:
	}
	return false
}
