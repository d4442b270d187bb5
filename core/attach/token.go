package attach

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// A token allows one thing to be done with one file until it expires. It stands in a URL, because neither
// an image nor an upload to another host carries a login. All of it is signed. The owner is in it as a hash,
// so that a link that is passed on does not tell who that is.
type token struct {
	Op      string `json:"o"` // opUpload or opRead
	Owner   string `json:"w"` // ownerHash
	ID      string `json:"i"`
	Size    int64  `json:"s,omitempty"`
	Type    string `json:"t,omitempty"`
	Name    string `json:"n,omitempty"`
	Expires int64  `json:"x"` // Unix seconds
}

const (
	opUpload = "upload"
	opRead   = "read"
)

// maxToken limits what is read of a token.
const maxToken = 4 << 10

var errToken = errors.New("this link is not valid, or not any more")

var encoding = base64.RawURLEncoding.Strict()

func (f *Files) sign(t token) string {
	body, err := json.Marshal(t)
	if err != nil { // strings and numbers can be encoded
		panic(err)
	}
	text := encoding.EncodeToString(body)
	return text + "." + encoding.EncodeToString(f.mac(text))
}

func (f *Files) mac(text string) []byte {
	h := hmac.New(sha256.New, f.opts.Secret)
	_, _ = h.Write([]byte("chatkit attachment\n" + text)) // never fails, by its documentation
	return h.Sum(nil)
}

// verify reads a token. What is wrong with it stays here.
func (f *Files) verify(text, op, id string) (t token, err error) {
	body, sum, ok := strings.Cut(text, ".")
	if !ok || len(text) > maxToken {
		return token{}, errToken
	}
	mac, err := encoding.DecodeString(sum)
	if err != nil || !hmac.Equal(mac, f.mac(body)) {
		return token{}, errToken
	}
	raw, err := encoding.DecodeString(body)
	if err != nil {
		return token{}, errToken
	}
	if err := json.Unmarshal(raw, &t); err != nil {
		return token{}, errToken
	}
	if t.Op != op || t.ID != id || !f.opts.Now().Before(time.Unix(t.Expires, 0)) {
		return token{}, errToken
	}
	return t, nil
}
