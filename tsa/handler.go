package tsa

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
)

var _ http.Handler = (*Responder)(nil)

// ServeHTTP implements http.Handler. Refusals of RFC 3161 come with HTTP status 200;
// other statuses mean that the request is not one of RFC 3161, 3.4.
func (r *Responder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "time stamps are asked for by POST", http.StatusMethodNotAllowed)
		return
	}
	if media, _, err := mime.ParseMediaType(request.Header.Get("Content-Type")); err != nil || media != queryType {
		http.Error(w, "the content type must be "+queryType, http.StatusUnsupportedMediaType)
		return
	}
	query, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxQueryBytes))
	if err != nil {
		status := http.StatusBadRequest
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "the request cannot be read", status)
		return
	}
	reply, _ := r.Respond(request.Context(), query) // the reply says it, and Observe why
	if reply == nil {
		http.Error(w, "no time stamp could be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", replyType)
	w.Header().Set("Content-Length", strconv.Itoa(len(reply)))
	_, _ = w.Write(reply) // whoever asked is gone
}
