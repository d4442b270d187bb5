package main

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

type userKey struct{}

// withUser returns a context for the requests of a user.
func withUser(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, userKey{}, name)
}

// owner is the Owner of the chat and of the uploads: without a user they answer 401, and all that they store and
// find is the user's own.
func owner(ctx context.Context) (string, error) {
	name, _ := ctx.Value(userKey{}).(string)
	if name == "" {
		return "", chatkit.ErrUnauthorized
	}
	return name, nil
}

// users are those who may log in.
type users struct {
	db *sql.DB
}

// What a password costs: this many rounds, so that guessing takes long, and for this many people at a time, so that
// logins do not keep everything else from running.
var (
	rounds  = 210_000 // only tests have less
	hashing = make(chan struct{}, 2)
)

// seed adds the users of the demonstration. A real shop lets people register.
func (u *users) seed(ctx context.Context) error {
	for _, name := range []string{"alice", "bob"} {
		var known bool
		if err := u.db.QueryRowContext(ctx, `SELECT count(*) FROM desk_users WHERE name = ?`, name).Scan(&known); err != nil {
			return fmt.Errorf("look for user %s: %w", name, err)
		}
		if known {
			continue
		}
		salt := make([]byte, 16)
		_, _ = rand.Read(salt) // it never fails
		hash, err := hash(ctx, "secret", salt)
		if err == nil {
			_, err = u.db.ExecContext(ctx, `INSERT INTO desk_users (name, salt, hash) VALUES (?, ?, ?)`, name, salt, hash)
		}
		if err != nil {
			return fmt.Errorf("add user %s: %w", name, err)
		}
	}
	return nil
}

// check reports whether a password is right. It takes as long for a name that nobody has, so that it does not
// tell which names there are.
func (u *users) check(ctx context.Context, name, password string) (bool, error) {
	salt, want := make([]byte, 16), make([]byte, sha512.Size)
	err := u.db.QueryRowContext(ctx, `SELECT salt, hash FROM desk_users WHERE name = ?`, name).Scan(&salt, &want)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("load user: %w", err)
	}
	known := err == nil
	got, err := hash(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// hash makes a password expensive to guess. It waits for its turn.
func hash(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
		return pbkdf2.Key(sha512.New, password, salt, rounds, sha512.Size)
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// sessions are the logins in progress. They outlive a restart.
type sessions struct {
	db  *sql.DB
	now func() time.Time
}

// sessionLife is how long a login lasts.
const sessionLife = 12 * time.Hour

// begin makes a session and returns its token, which only the browser gets. It also clears away those that are over.
func (s *sessions) begin(ctx context.Context, user string) (string, error) {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM desk_sessions WHERE expires <= ?`, s.now().Unix()); err != nil {
		return "", fmt.Errorf("clear sessions: %w", err)
	}
	token := rand.Text()
	_, err := s.db.ExecContext(ctx, `INSERT INTO desk_sessions (token, user, expires) VALUES (?, ?, ?)`,
		digest(token), user, s.now().Add(sessionLife).Unix())
	if err != nil {
		return "", fmt.Errorf("begin session: %w", err)
	}
	return token, nil
}

// user returns whose session it is, or "" if there is no such session any more.
func (s *sessions) user(ctx context.Context, token string) (string, error) {
	var name string
	err := s.db.QueryRowContext(ctx, `SELECT user FROM desk_sessions WHERE token = ? AND expires > ?`,
		digest(token), s.now().Unix()).Scan(&name)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("load session: %w", err)
	}
	return name, nil
}

// end makes a token worthless.
func (s *sessions) end(ctx context.Context, token string) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM desk_sessions WHERE token = ?`, digest(token)); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
