package chatkit

import (
	"context"
	"strconv"
	"strings"
)

type languageKey struct{}

// Language returns the language that the request behind ctx asks for most, such as "de" or "pt-BR", or ""
// if it names none. It is well formed: letters, digits and hyphens, at most 35 of them. The official
// client sends exactly one, its locale (ChatKit protocol: HTTP headers).
func Language(ctx context.Context) string {
	language, _ := ctx.Value(languageKey{}).(string)
	return language
}

// WithLanguage returns a context for which Language returns what an Accept-Language header asks for, for
// code that serves requests beside a Server, such as an application's own pages.
func WithLanguage(ctx context.Context, acceptLanguage string) context.Context {
	if language := preferredLanguage(acceptLanguage); language != "" {
		return context.WithValue(ctx, languageKey{}, language)
	}
	return ctx
}

// Bounds of an Accept-Language header. What is beyond them is not read.
const (
	maxAcceptLanguage = 512 // bytes
	maxLanguage       = 35  // bytes of one tag, as RFC 5646 recommends
)

// preferredLanguage returns the tag with the highest quality, the first of those with the same one.
func preferredLanguage(header string) string {
	if len(header) > maxAcceptLanguage {
		header = header[:maxAcceptLanguage]
		header = header[:max(strings.LastIndexByte(header, ','), 0)] // the last one may be cut in two
	}
	best, bestQuality := "", 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(part, ";")
		tag = strings.TrimSpace(tag)
		if quality := languageQuality(params); quality > bestQuality && isLanguage(tag) {
			best, bestQuality = tag, quality
		}
	}
	return best
}

// languageQuality returns the weight that a tag's parameters give it: 1 if they say nothing, 0 if they
// cannot be read.
func languageQuality(params string) float64 {
	name, value, found := strings.Cut(strings.TrimSpace(params), "=")
	if !found {
		if name == "" {
			return 1
		}
		return 0
	}
	quality, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !strings.EqualFold(strings.TrimSpace(name), "q") || !(quality >= 0 && quality <= 1) { // NaN is neither
		return 0
	}
	return quality
}

func isLanguage(tag string) bool {
	if tag == "" || len(tag) > maxLanguage {
		return false
	}
	for sub := range strings.SplitSeq(tag, "-") {
		if sub == "" || len(sub) > 8 {
			return false
		}
		for i := range len(sub) {
			c := sub[i] | 0x20
			if (c < 'a' || c > 'z') && (sub[i] < '0' || sub[i] > '9') {
				return false
			}
		}
	}
	return true
}
