package chatkit_test

import (
	"context"
	"strings"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
)

func TestLanguageIsTheOneThatIsWantedMost(t *testing.T) {
	for header, want := range map[string]string{
		"":                                   "",
		"de":                                 "de",
		"pt-BR":                              "pt-BR",
		"de-CH, de;q=0.9, en;q=0.8":          "de-CH",
		"en;q=0.1, fr ; q=0.9":               "fr",
		"fr;q=0, en;q=0.5":                   "en",
		"*":                                  "",
		"*, en;q=0.5":                        "en",
		"de_DE":                              "",
		"en;q=NaN, fr;q=0.1":                 "fr",
		"en;q=7, fr;q=0.1":                   "fr",
		"en;level=1, fr;q=0.1":               "fr",
		"<script>":                           "",
		"en\r\nX: y":                         "",
		"-en":                                "",
		"zh-Hant-TW":                         "zh-Hant-TW",
		strings.Repeat("a-", 40) + "a, sv":   "sv",
		strings.Repeat("xx;q=0, ", 100000):   "",
		"da, " + strings.Repeat("y", 100000): "da",
	} {
		if got := chatkit.Language(chatkit.WithLanguage(t.Context(), header)); got != want {
			t.Errorf("Language of %.40q = %q, want %q", header, got, want)
		}
	}
	if got := chatkit.Language(t.Context()); got != "" {
		t.Errorf("Language without a header = %q, want none", got)
	}
}

func TestRespondLearnsTheLanguage(t *testing.T) {
	var owner, respond string
	r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
		respond = chatkit.Language(ctx)
		return t.Text("Grüezi")
	}, func(o *chatkit.Options) {
		o.Owner = func(ctx context.Context) (string, error) { owner = chatkit.Language(ctx); return "ann", nil }
	})
	res, err := r.Process(t.Context(), &chatkit.Request{Body: []byte(message("", "Hi")), Header: func(name string) string {
		if name == "Accept-Language" {
			return "de-CH"
		}
		return ""
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Close()
	read(t, res)
	if owner != "de-CH" || respond != "de-CH" {
		t.Errorf("language = %q in Owner and %q in Respond, want de-CH in both", owner, respond)
	}
}
