package chatkit

import (
	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// appendEvent appends e in its wire form (ChatKit protocol: stream events). A hidden item is an error: it
// must not get as far as here.
func appendEvent(dst []byte, e Event) ([]byte, error) {
	return encode(dst, wireForm, func(enc *encoder) { enc.event(e) })
}

// appendTextDeltaPrefix appends all of a text delta's event that comes before the delta: the event is
// prefix, the escaped text, and `"}}`.
func appendTextDeltaPrefix(dst []byte, itemID string, contentIndex int) []byte {
	dst = append(dst, `{"type":"thread.item.updated","item_id":`...)
	dst = jsonx.AppendString(dst, itemID)
	dst = append(dst, `,"update":{"type":"assistant_message.content_part.text_delta","content_index":`...)
	dst = jsonx.AppendInt(dst, int64(contentIndex))
	return append(dst, `,"delta":"`...)
}

// textDeltaSuffix ends what appendTextDeltaPrefix begins.
const textDeltaSuffix = `"}}`

func (e *encoder) event(ev Event) {
	if isNil(ev) {
		e.fail("event: %w", errNil)
		return
	}
	switch ev := ev.(type) {
	case *ThreadCreatedEvent:
		e.lit(`{"type":"thread.created","thread":`)
		e.threadResponse(ev.Thread)
	case *ThreadUpdatedEvent:
		e.lit(`{"type":"thread.updated","thread":`)
		e.threadResponse(ev.Thread)
	case *ThreadItemAddedEvent:
		e.lit(`{"type":"thread.item.added","item":`)
		e.shownItem(ev.Item)
	case *ThreadItemUpdatedEvent:
		if delta, ok := ev.Update.(*AssistantMessageContentPartTextDelta); ok && delta != nil {
			e.buf = appendTextDeltaPrefix(e.buf, ev.ItemID, delta.ContentIndex)
			e.buf = jsonx.AppendEscaped(e.buf, delta.Delta)
			e.lit(textDeltaSuffix)
			return
		}
		e.str(`{"type":"thread.item.updated","item_id":`, ev.ItemID)
		e.lit(`,"update":`)
		e.update(ev.Update)
	case *ThreadItemDoneEvent:
		e.lit(`{"type":"thread.item.done","item":`)
		e.shownItem(ev.Item)
	case *ThreadItemRemovedEvent:
		e.str(`{"type":"thread.item.removed","item_id":`, ev.ItemID)
	case *ThreadItemReplacedEvent:
		e.lit(`{"type":"thread.item.replaced","item":`)
		e.shownItem(ev.Item)
	case *StreamOptionsEvent:
		e.bool(`{"type":"stream_options","stream_options":{"allow_cancel":`, ev.StreamOptions.AllowCancel)
		e.lit("}")
	case *ProgressUpdateEvent:
		e.lit(`{"type":"progress_update"`)
		e.optional(`,"icon":`, string(ev.Icon))
		e.str(`,"text":`, ev.Text)
	case *ClientEffectEvent:
		e.str(`{"type":"client_effect","name":`, ev.Name)
		e.raw(`,"data":`, ev.Data, "{}")
	case *ErrorEvent:
		e.str(`{"type":"error","code":`, or(ev.Code, ErrorCodeCustom))
		e.optional(`,"message":`, ev.Message)
		e.bool(`,"allow_retry":`, ev.AllowRetry)
	case *NoticeEvent:
		e.str(`{"type":"notice","level":`, string(ev.Level))
		e.str(`,"message":`, ev.Message)
		e.optional(`,"title":`, ev.Title)
	case *UnknownEvent:
		e.unknown(ev.Type, ev.Raw)
		return
	}
	e.lit("}")
}

// shownItem writes an item of an event.
func (e *encoder) shownItem(it Item) {
	if !isNil(it) && Hidden(it) {
		e.fail("item %s: hidden items are not sent", it.Meta().ID)
		return
	}
	e.item(it)
}

// UnmarshalEvent reads an event of any kind. One of a kind that this version does not know becomes an
// [*UnknownEvent]; members that it does not know are left out.
func UnmarshalEvent(data []byte) (Event, error) { return decode(data, (*decoder).event) }

// newEvent returns an empty event of a kind, nil if the kind is unknown.
func newEvent(kind string) Event {
	switch kind {
	case "thread.created":
		return &ThreadCreatedEvent{}
	case "thread.updated":
		return &ThreadUpdatedEvent{}
	case "thread.item.added":
		return &ThreadItemAddedEvent{}
	case "thread.item.updated":
		return &ThreadItemUpdatedEvent{}
	case "thread.item.done":
		return &ThreadItemDoneEvent{}
	case "thread.item.removed":
		return &ThreadItemRemovedEvent{}
	case "thread.item.replaced":
		return &ThreadItemReplacedEvent{}
	case "stream_options":
		return &StreamOptionsEvent{}
	case "progress_update":
		return &ProgressUpdateEvent{}
	case "client_effect":
		return &ClientEffectEvent{}
	case "error":
		return &ErrorEvent{}
	case "notice":
		return &NoticeEvent{}
	}
	return nil
}

func (d *decoder) event(v jsonx.Value) Event {
	kind := d.kind(v)
	ev := newEvent(kind)
	if ev == nil {
		return &UnknownEvent{Type: kind, Raw: d.raw(v)}
	}
	for name, m := range d.members(v) {
		d.eventMember(ev, string(name), m)
	}
	switch ev := ev.(type) {
	case *ThreadCreatedEvent:
		d.require(ev.Thread != nil, "thread")
	case *ThreadUpdatedEvent:
		d.require(ev.Thread != nil, "thread")
	case *ThreadItemAddedEvent:
		d.require(ev.Item != nil, "item")
	case *ThreadItemUpdatedEvent:
		d.require(ev.Update != nil, "update")
	case *ThreadItemDoneEvent:
		d.require(ev.Item != nil, "item")
	case *ThreadItemReplacedEvent:
		d.require(ev.Item != nil, "item")
	case *ErrorEvent:
		ev.Code = ErrorCode(or(ev.Code, ErrorCodeCustom))
	default: // can do without any member
	}
	return ev
}

func (d *decoder) eventMember(ev Event, name string, m jsonx.Value) {
	switch ev := ev.(type) {
	case *ThreadCreatedEvent:
		if name == "thread" {
			ev.Thread = d.threadResponse(m)
		}
	case *ThreadUpdatedEvent:
		if name == "thread" {
			ev.Thread = d.threadResponse(m)
		}
	case *ThreadItemAddedEvent:
		if name == "item" {
			ev.Item = d.item(m)
		}
	case *ThreadItemUpdatedEvent:
		switch name {
		case "item_id":
			ev.ItemID = d.str(m)
		case "update":
			ev.Update = d.update(m)
		}
	case *ThreadItemDoneEvent:
		if name == "item" {
			ev.Item = d.item(m)
		}
	case *ThreadItemRemovedEvent:
		if name == "item_id" {
			ev.ItemID = d.str(m)
		}
	case *ThreadItemReplacedEvent:
		if name == "item" {
			ev.Item = d.item(m)
		}
	case *StreamOptionsEvent:
		if name == "stream_options" {
			for name, m := range d.members(m) {
				if string(name) == "allow_cancel" {
					ev.StreamOptions.AllowCancel = d.bool(m)
				}
			}
		}
	case *ProgressUpdateEvent:
		switch name {
		case "icon":
			ev.Icon = Icon(d.str(m))
		case "text":
			ev.Text = d.str(m)
		}
	case *ClientEffectEvent:
		switch name {
		case "name":
			ev.Name = d.str(m)
		case "data":
			ev.Data = d.free(m)
		}
	case *ErrorEvent:
		switch name {
		case "code":
			ev.Code = ErrorCode(d.str(m))
		case "message":
			ev.Message = d.str(m)
		case "allow_retry":
			ev.AllowRetry = d.bool(m)
		}
	case *NoticeEvent:
		switch name {
		case "level":
			ev.Level = NoticeLevel(d.str(m))
		case "message":
			ev.Message = d.str(m)
		case "title":
			ev.Title = d.str(m)
		}
	case *UnknownEvent: // never made by newEvent
	}
}

// MarshalJSON implements [json.Marshaler].
func (e ThreadCreatedEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *ThreadCreatedEvent) UnmarshalJSON(data []byte) error {
	return decodeInto(e, data, UnmarshalEvent)
}

// MarshalJSON implements [json.Marshaler].
func (e ThreadUpdatedEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *ThreadUpdatedEvent) UnmarshalJSON(data []byte) error {
	return decodeInto(e, data, UnmarshalEvent)
}

// MarshalJSON implements [json.Marshaler].
func (e ThreadItemAddedEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *ThreadItemAddedEvent) UnmarshalJSON(data []byte) error {
	return decodeInto(e, data, UnmarshalEvent)
}

// MarshalJSON implements [json.Marshaler].
func (e ThreadItemUpdatedEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *ThreadItemUpdatedEvent) UnmarshalJSON(data []byte) error {
	return decodeInto(e, data, UnmarshalEvent)
}

// MarshalJSON implements [json.Marshaler].
func (e ThreadItemDoneEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *ThreadItemDoneEvent) UnmarshalJSON(data []byte) error {
	return decodeInto(e, data, UnmarshalEvent)
}

// MarshalJSON implements [json.Marshaler].
func (e ThreadItemRemovedEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *ThreadItemRemovedEvent) UnmarshalJSON(data []byte) error {
	return decodeInto(e, data, UnmarshalEvent)
}

// MarshalJSON implements [json.Marshaler].
func (e ThreadItemReplacedEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *ThreadItemReplacedEvent) UnmarshalJSON(data []byte) error {
	return decodeInto(e, data, UnmarshalEvent)
}

// MarshalJSON implements [json.Marshaler].
func (e StreamOptionsEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *StreamOptionsEvent) UnmarshalJSON(data []byte) error {
	return decodeInto(e, data, UnmarshalEvent)
}

// MarshalJSON implements [json.Marshaler].
func (e ProgressUpdateEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *ProgressUpdateEvent) UnmarshalJSON(data []byte) error {
	return decodeInto(e, data, UnmarshalEvent)
}

// MarshalJSON implements [json.Marshaler].
func (e ClientEffectEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *ClientEffectEvent) UnmarshalJSON(data []byte) error {
	return decodeInto(e, data, UnmarshalEvent)
}

// MarshalJSON implements [json.Marshaler].
func (e ErrorEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *ErrorEvent) UnmarshalJSON(data []byte) error { return decodeInto(e, data, UnmarshalEvent) }

// MarshalJSON implements [json.Marshaler].
func (e NoticeEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *NoticeEvent) UnmarshalJSON(data []byte) error { return decodeInto(e, data, UnmarshalEvent) }

// MarshalJSON implements [json.Marshaler].
func (e UnknownEvent) MarshalJSON() ([]byte, error) { return appendEvent(nil, &e) }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *UnknownEvent) UnmarshalJSON(data []byte) error { return decodeInto(e, data, UnmarshalEvent) }
