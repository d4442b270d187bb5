package vectortest

import (
	"context"
	"encoding/json"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
)

// fill puts what a vector begins with into the store.
func fill(ctx context.Context, s chatkit.Store, c contents) error {
	for _, raw := range c.Threads {
		t := new(chatkit.Thread)
		if err := json.Unmarshal(raw, t); err != nil {
			return fmt.Errorf("thread of the vector: %w", err)
		}
		if err := s.PutThread(ctx, "", t); err != nil {
			return err
		}
	}
	for thread, items := range c.Items {
		for _, raw := range items {
			it, err := chatkit.UnmarshalItem(raw)
			if err != nil {
				return fmt.Errorf("item of the vector: %w", err)
			}
			if err := s.PutItem(ctx, "", thread, it); err != nil {
				return err
			}
		}
	}
	for _, raw := range c.Attachments {
		a, err := chatkit.UnmarshalAttachment(raw)
		if err != nil {
			return fmt.Errorf("attachment of the vector: %w", err)
		}
		if err := s.PutAttachment(ctx, "", a); err != nil {
			return err
		}
	}
	return nil
}

// A shelf is everything in a store, parsed, in the shape of [contents].
type shelf struct {
	Threads     []any
	Items       map[string][]any
	Attachments []any
}

// read returns everything in s. A store has no list of attachments, so the ids
// that there may be have to be given.
func read(ctx context.Context, s chatkit.Store, attachments []string) (*shelf, error) {
	sh := &shelf{Threads: []any{}, Items: map[string][]any{}, Attachments: []any{}}
	var q chatkit.PageQuery
	for {
		page, err := s.Threads(ctx, "", q)
		if err != nil {
			return nil, fmt.Errorf("list threads: %w", err)
		}
		for _, t := range page.Data {
			v, err := stored(t)
			if err != nil {
				return nil, err
			}
			sh.Threads = append(sh.Threads, v)
			if err := sh.readItems(ctx, s, t.ID); err != nil {
				return nil, err
			}
		}
		if !page.HasMore {
			break
		}
		q.After = page.After
	}
	for _, id := range attachments {
		a, err := s.Attachment(ctx, "", id)
		if err != nil {
			continue // not there
		}
		v, err := stored(a)
		if err != nil {
			return nil, err
		}
		sh.Attachments = append(sh.Attachments, v)
	}
	return sh, nil
}

func (sh *shelf) readItems(ctx context.Context, s chatkit.Store, thread string) error {
	q := chatkit.PageQuery{Hidden: true}
	for {
		page, err := s.Items(ctx, "", thread, q)
		if err != nil {
			return fmt.Errorf("list items of %s: %w", thread, err)
		}
		for _, it := range page.Data {
			v, err := stored(it)
			if err != nil {
				return err
			}
			sh.Items[thread] = append(sh.Items[thread], v)
		}
		if !page.HasMore {
			return nil
		}
		q.After = page.After
	}
}

func stored(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode what is stored: %w", err)
	}
	return parse(data)
}

// json returns the shelf as one value to compare. A thread without items has no entry.
func (sh *shelf) value() map[string]any {
	items := map[string]any{}
	for id, list := range sh.Items {
		if len(list) > 0 {
			items[id] = list
		}
	}
	return map[string]any{"threads": sh.Threads, "items": items, "attachments": sh.Attachments}
}

// parseContents reads the recorded contents into the same shape.
func parseContents(c contents) (map[string]any, error) {
	items := map[string]any{}
	for id, list := range c.Items {
		v, err := parseAll(list)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			items[id] = v
		}
	}
	threads, err := parseAll(c.Threads)
	if err != nil {
		return nil, err
	}
	attachments, err := parseAll(c.Attachments)
	return map[string]any{"threads": threads, "items": items, "attachments": attachments}, err
}

// attachmentIDs are the ids of all attachments that a vector knows.
func attachmentIDs(v *vector) []string {
	var ids []string
	known := map[string]bool{}
	add := func(raw json.RawMessage) {
		var a struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(raw, &a) == nil && a.ID != "" && !known[a.ID] {
			known[a.ID] = true
			ids = append(ids, a.ID)
		}
	}
	for _, raw := range v.Initial.Attachments {
		add(raw)
	}
	for _, raw := range v.Final.Attachments {
		add(raw)
	}
	for _, x := range v.Exchanges {
		add(x.CreateAttachment)
	}
	return ids
}
