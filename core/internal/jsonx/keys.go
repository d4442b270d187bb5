package jsonx

import (
	"bytes"
	"hash/maphash"
)

// keys finds members of the same name in any object of a document. The time it takes is linear in the size
// of the document whatever the names are: an attacker cannot know the seed of the hash.
type keys struct {
	all    []key // names of the objects that are open, the outer ones first
	starts []int // where in all each open container begins
	arena  []byte
	table  []uint32 // of the object that is being looked at: 1 + the name's place in it, 0 for none
}

// A key is a member's name: a part of the document, or of the arena if it has escapes. There can be as many
// as the document has room for, hence the small numbers; Parse refuses what they cannot count.
type key struct {
	at         uint32 // in the document
	start, end uint32
	arena      bool
}

var seed = maphash.MakeSeed()

func (k *keys) open() { k.starts = append(k.starts, len(k.all)) }

// add notes the name whose string, quotes included, is b[start:end].
func (k *keys) add(b []byte, start, end int) {
	name := key{at: uint32(start), start: uint32(start + 1), end: uint32(end - 1)}
	if bytes.IndexByte(b[name.start:name.end], '\\') >= 0 {
		from := len(k.arena)
		k.arena = appendUnescaped(k.arena, b[name.start:name.end])
		name = key{at: name.at, start: uint32(from), end: uint32(len(k.arena)), arena: true}
	}
	k.all = append(k.all, name)
}

func (k *keys) bytes(b []byte, name key) []byte {
	if name.arena {
		b = k.arena
	}
	return b[name.start:name.end]
}

// close ends the innermost container.
func (k *keys) close(b []byte) error {
	start := k.starts[len(k.starts)-1]
	k.starts = k.starts[:len(k.starts)-1]
	names := k.all[start:]
	k.all = k.all[:start]
	if len(names) <= 8 {
		for i, name := range names {
			for _, other := range names[:i] {
				if bytes.Equal(k.bytes(b, name), k.bytes(b, other)) {
					return duplicate(name)
				}
			}
		}
		return nil
	}
	size := 16
	for size < 2*len(names) {
		size *= 2
	}
	if cap(k.table) < size {
		k.table = make([]uint32, size)
	} else {
		k.table = k.table[:size]
		clear(k.table)
	}
	for i, name := range names {
		s := k.bytes(b, name)
		slot := maphash.Bytes(seed, s) & uint64(size-1)
		for ; k.table[slot] != 0; slot = (slot + 1) & uint64(size-1) {
			if bytes.Equal(k.bytes(b, names[k.table[slot]-1]), s) {
				return duplicate(name)
			}
		}
		k.table[slot] = uint32(i + 1)
	}
	return nil
}

func duplicate(name key) error {
	return &SyntaxError{int(name.at), "two members of the same name"}
}
