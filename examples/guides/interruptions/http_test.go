package interruptions

import (
	"net/http"
	"sync"
)

// afterFirst calls fn when the first request has been answered.
func afterFirst(next http.Handler, fn func()) http.Handler {
	var once sync.Once
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		once.Do(fn)
	})
}
