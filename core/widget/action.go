package widget

// ActionConfig says what happens when the user uses a component (ChatKit protocol: widget actions). An action
// with the server as its handler arrives there with its type and payload; the values of the form around the
// component are joined to the payload, under their names. They come from the browser: do not trust them.
type ActionConfig struct {
	// Type names the action. It is required.
	Type string
	// Payload is sent along: any value that encoding/json can encode, or a json.RawMessage. Nulls in it are
	// left out. Clients declare it as an object. Nil is none.
	Payload any
	// Handler is who handles the action. Defaults to HandlerServer.
	Handler Handler
	// LoadingBehavior is what shows that the action runs. Defaults to LoadingBehaviorAuto.
	LoadingBehavior LoadingBehavior
	// Streaming tells the client to run the action as a streamed turn, which waits while the thread streams.
	// False runs it beside a turn and gets one item back. Defaults to True.
	Streaming Bool
}

// CardAction is a button in the footer of a [Card] (ChatKit protocol: shared widget types).
type CardAction struct {
	// Label is the button's text.
	Label string
	// Action runs when the button is clicked. It is required.
	Action *ActionConfig
}

func (e *encoder) action(name string, a *ActionConfig) {
	if a == nil {
		return
	}
	e.object(name)
	if a.Type == "" {
		e.fail("type", "is required")
	}
	e.text("type", a.Type)
	e.value("payload", a.Payload)
	handler, loading, streaming := a.Handler, a.LoadingBehavior, a.Streaming
	// The reference writes its defaults out, and so do we.
	if handler == "" {
		handler = HandlerServer
	}
	if loading == "" {
		loading = LoadingBehaviorAuto
	}
	if streaming == Unset {
		streaming = True
	}
	enum(e, "handler", handler, handlers)
	enum(e, "loadingBehavior", loading, loadingBehaviors)
	e.boolean("streaming", streaming)
	e.close()
}

func (e *encoder) cardAction(name string, a *CardAction) {
	if a == nil {
		return
	}
	e.object(name)
	e.text("label", a.Label)
	if a.Action == nil {
		e.fail("action", "is required")
	}
	e.action("action", a.Action)
	e.close()
}
